export { type Mailer, openMailer, parseSender } from "./mailer.ts";
export type { NoticeServices } from "./notice.ts";
export { noticeHandlers } from "./notice-handlers.ts";
