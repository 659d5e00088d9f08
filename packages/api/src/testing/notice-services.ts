import { randomBytes } from "node:crypto";
import type { TestDatabase } from "@pulsecal/db/testing";
import { createLinks } from "../infra/links.ts";
import { type NoticeServices, openMailer } from "../modules/notifications/index.ts";
import { testVault } from "./give-contact.ts";
import type { SmtpSink } from "./smtp-sink.ts";

/** What the notices need, on a test database and a real SMTP server. */
export function noticeServices(t: TestDatabase, sink: SmtpSink): NoticeServices & { now(): Date } {
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
