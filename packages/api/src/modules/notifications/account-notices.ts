import { randomBytes } from "node:crypto";
import { formatWhen } from "@pulsecal/core";
import { hashToken } from "../../infra/tokens.ts";
import type { EventOf } from "../../jobs/catalog.ts";
import { dropVerifyToken, findAddressee, findAddressees, saveVerifyToken } from "./account.repo.ts";
import { isMailAddress, mailLine } from "./mail-line.ts";
import type { NoticePlan, NoticeServices } from "./notice.ts";
import { findClinic } from "./visit.repo.ts";

const tokenHours = 24;

/** The mail that proves an address. Its token exists from the moment of sending, and only as a hash. */
export async function planVerifyEmail(n: NoticeServices, event: EventOf<"verify_email">): Promise<NoticePlan> {
  const { clinicId } = event;
  const context = { clinicId, actor: "system:notifications" };
  const clinic = await n.db.withTenant(context, (db) => findClinic(db, clinicId));
  const account = await n.db.withAuth((tx) => findAddressee(tx, event.payload.accountId));
  if (!clinic || !account) return { send: false, why: "no such account or clinic" };
  if (account.emailVerifiedAt) return { send: false, why: "already verified" };
  if (!isMailAddress(account.email)) return { send: false, why: "not an address" };

  const token = randomBytes(32).toString("base64url");
  const hash = hashToken(token);
  const clinicName = mailLine(clinic.name, 80);
  return {
    send: true,
    bookingId: null,
    to: [{ name: mailLine(account.name, 80), address: account.email }],
    async draft() {
      const until = await n.db.withAuth((tx) =>
        saveVerifyToken(tx, { hash, accountId: account.id, clinicId, hours: tokenHours }),
      );
      return {
        from: { name: "PulseCal", address: n.mailFrom.address },
        replyTo: null,
        subject: `Confirm your email address for ${clinicName}`,
        letter: {
          preview: "One step left before you can sign in.",
          from: "PulseCal",
          title: "Confirm your email address.",
          lead: [`${clinicName} is set up. Confirm that this address is yours, then sign in.`],
          facts: [],
          action: { text: "Confirm my address", href: n.links.clinic(clinic.slug, `/portal/verify/${token}`) },
          after: [`The link works once, until ${formatWhen(until.getTime(), clinic.zone)}.`],
          foot: ["You did not sign up? Then leave this mail alone: without the link nothing happens."],
        },
        calendar: null,
      };
    },
    discard: () => n.db.withAuth((tx) => dropVerifyToken(tx, hash)),
  };
}

/** Tells the owners that their clinic is open for booking. */
export async function planClinicApproved(n: NoticeServices, event: EventOf<"clinic_approved">): Promise<NoticePlan> {
  const { clinicId } = event;
  const context = { clinicId, actor: "system:notifications" };
  const { clinic, owners } = await n.db.withTenant(context, async (db) => ({
    clinic: await findClinic(db, clinicId),
    owners: await db.member.findMany({ where: { clinicId, role: "owner" }, select: { accountId: true } }),
  }));
  if (!clinic) return { send: false, why: "no such clinic" };
  if (clinic.status !== "live") return { send: false, why: `clinic is ${clinic.status}` };
  const accounts = await n.db.withAuth((tx) =>
    findAddressees(
      tx,
      owners.map((owner) => owner.accountId),
    ),
  );
  const to = accounts
    .filter((account) => isMailAddress(account.email))
    .map((account) => ({ name: mailLine(account.name, 80), address: account.email }));
  if (to.length === 0) return { send: false, why: "no address" };

  const clinicName = mailLine(clinic.name, 80);
  const page = n.links.clinic(clinic.slug, "/");
  return {
    send: true,
    bookingId: null,
    to,
    draft: async () => ({
      from: { name: "PulseCal", address: n.mailFrom.address },
      replyTo: null,
      subject: `${clinicName} is open for booking`,
      letter: {
        preview: "Patients can book from now on.",
        from: "PulseCal",
        title: `${clinicName} is open for booking.`,
        lead: ["Your clinic is approved. Patients can book from now on, at this address:"],
        facts: [["Your page", page]],
        action: { text: "Open today's agenda", href: n.links.clinic(clinic.slug, "/portal") },
        after: ["Check your hours once more before you share the address."],
        foot: [`You get this because you own ${clinicName} on PulseCal.`],
      },
      calendar: null,
    }),
  };
}
