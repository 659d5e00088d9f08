import { randomBytes } from "node:crypto";
import type { TestDatabase } from "@pulsecal/db/testing";
import { createLinks } from "../infra/links.ts";
import type { Handlers } from "../jobs/catalog.ts";
import { noticeHandlers, type NoticeServices, openMailer } from "../modules/notifications/index.ts";
import { testVault } from "./give-contact.ts";
import type { SmtpSink } from "./smtp-sink.ts";

/** What handlers of notices are given in tests. */
export type NoticeBag = NoticeServices & { now(): Date };

const nothing = async () => ({ did: "nothing" });

/** The mails for what they are; the other effects of the same events have tests of their own. */
export const mailsAlone: Handlers<NoticeBag> = {
  ...noticeHandlers,
  expire_hold: nothing,
  open_gap: nothing,
  open_span: nothing,
  waitlist_turn: nothing,
  waitlist_match: nothing,
};

/** What the notices need, on a test database and a real SMTP server. */
export function noticeServices(t: TestDatabase, sink: SmtpSink): NoticeBag {
  return {
    db: t.db,
    vault: testVault(t),
    mailer: openMailer(sink.url),
    links: createLinks({ scheme: "http", baseDomain: "pulsecal.localhost", publicPort: 3000 }),
    secret: randomBytes(32).toString("hex"),
    baseDomain: "pulsecal.localhost",
    mailFrom: { name: "PulseCal", address: "hello@pulsecal.localhost" },
    now: () => new Date(),
  };
}
