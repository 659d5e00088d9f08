import type { Database } from "@pulsecal/db";
import type { Vault } from "../../infra/vault.ts";
import type { Letter } from "./letter.ts";
import type { Mail, Mailer, MailPerson } from "./mailer.ts";

/** The addresses a mail may point to. */
type NoticeLinks = { clinic(slug: string, path: string): string };

/** What the notices need of the running system. */
export type NoticeServices = {
  db: Database;
  mailer: Mailer;
  links: NoticeLinks;
  /** opens how a patient can be reached */
  vault: Vault;
  /** keys the booking links */
  secret: string;
  /** right side of message ids and calendar ids */
  baseDomain: string;
  mailFrom: MailPerson;
};

/** A message ready to be rendered. */
type NoticeDraft = {
  from: MailPerson;
  replyTo: MailPerson | null;
  subject: string;
  letter: Letter;
  calendar: Mail["calendar"];
};

/** What is to be sent, decided from the database as it is now; or why nothing is. */
export type NoticePlan =
  | { send: false; why: string }
  | {
      send: true;
      bookingId: string | null;
      to: MailPerson[];
      /** called once the right to send is ours */
      draft: () => Promise<NoticeDraft>;
      /** undoes what `draft` wrote, when the mail surely did not go out */
      discard?: () => Promise<void>;
    };
