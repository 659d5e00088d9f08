import type { Services } from "../infra/services.ts";
import { type Mailer, type NoticeServices, openMailer, parseSender } from "../modules/notifications/index.ts";

/** The bag every handler gets. */
export type WorkerServices = NoticeServices & { s: Services; now(): Date };

/** Adds the mail side to the services. The mailer dials only when it sends. */
export function createWorkerServices(s: Services, mailer: Mailer = openMailer(s.env.smtpUrl)): WorkerServices {
  return {
    s,
    db: s.db,
    vault: s.vault,
    mailer,
    links: s.links,
    secret: s.env.secret,
    baseDomain: s.env.baseDomain,
    mailFrom: parseSender(s.env.mailFrom),
    now: () => s.now(),
  };
}
