import { openPatient } from "../records/index.ts";
import { isMailAddress, mailLine } from "./mail-line.ts";
import type { MailPerson } from "./mailer.ts";
import type { NoticeServices } from "./notice.ts";
import type { Visit } from "./visit.repo.ts";

type Patient = NonNullable<Visit["booking"]["patient"]>;

/** To whom a patient's mail goes: themselves, or the guardian who books for them. Or why it goes to nobody. */
export async function addressOf(
  n: NoticeServices,
  clinicId: string,
  patient: Patient | null,
): Promise<{ to: MailPerson } | { why: string }> {
  if (!patient) return { why: "no address" };
  const reached = patient.guardian ?? patient;
  const contact = openPatient(await n.vault.clinicKey(clinicId), reached);
  if (contact === "erased") return { why: "erased" };
  if (!contact.email) return { why: "no address" };
  if (!isMailAddress(contact.email)) return { why: "not an address" };
  return { to: { name: mailLine(reached.name, 80), address: contact.email } };
}
