import { createHash } from "node:crypto";
import type { Database } from "../database.ts";
import type { TenantTx } from "../door-types.ts";
import { type DemoClinic, demoLogins, harbour, patientNames, sunrise } from "./demo-clinics.ts";
import { dayOfBooking, type PlannedBooking, planBookings } from "./plan-bookings.ts";

export type SeedOptions = {
  now: Date;
  passwordHash: (plain: string) => Promise<string>;
  /** Makes a clinic's key and seals its patients' contact; this package knows no keys. */
  seal: (clinicId: string, patients: DemoContact[]) => Promise<SealedDemo>;
};

type Bytes = Uint8Array<ArrayBuffer>;
type DemoContact = { id: string; email: string; phone: string };
/** The rows' own names for it; patients in the order they were given. */
export type SealedDemo = {
  clinicKey: { version: number; kekId: string; wrapped: Bytes };
  patients: {
    key: { version: number; wrapped: Bytes };
    contact: Record<"emailSealed" | "emailIndex" | "phoneSealed" | "phoneIndex", Bytes | null>;
  }[];
};

/**
 * The demo: two live clinics with a fortnight of bookings around `now`, and people to sign in as. Runs as often as one
 * likes: it adds what is missing and changes nothing that is there. Refuses production and a database that has
 * accounts but no demo.
 */
export async function seedDemo(db: Database, options: SeedOptions): Promise<void> {
  if (process.env["PULSECAL_MODE"] === "production")
    throw new Error("The demo is never put into a production database.");
  const accounts = await seedAccounts(db, options);
  const setting = { db, now: options.now, adminId: accounts.admin, seal: options.seal };
  await seedClinic(setting, sunrise, { owner: accounts.owner, reception: accounts.reception });
  await seedClinic(setting, harbour, { owner: accounts.harbour });
}

type Setting = { db: Database; now: Date; adminId: string; seal: SeedOptions["seal"] };
type AccountIds = Record<keyof typeof demoLogins, string>;

async function seedAccounts(db: Database, options: SeedOptions): Promise<AccountIds> {
  const logins = Object.entries(demoLogins);
  const emails = logins.map(([, login]) => login.email);
  const [known, others] = await db.withAuth(async (tx) => [
    await tx.account.findMany({ where: { email: { in: emails } }, select: { id: true, email: true } }),
    await tx.account.count({ where: { email: { notIn: emails } } }),
  ]);
  if (known.length === 0 && others > 0)
    throw new Error("The database has accounts but no demo: it is not a demo database.");

  const ids = new Map(known.map((account) => [account.email, account.id]));
  const missing = logins.filter(([, login]) => !ids.has(login.email));
  const rows = await Promise.all(
    missing.map(async ([who, { email, name, password }]) => ({
      id: demoId(`account|${who}`),
      email,
      name,
      passwordHash: await options.passwordHash(password),
      emailVerifiedAt: options.now,
      platformRole: who === "admin" ? "admin" : null,
    })),
  );
  await db.withAuth((tx) => tx.account.createMany({ data: rows, skipDuplicates: true }));
  for (const row of rows) ids.set(row.email, row.id);
  const found = logins.map(([who, login]) => [who, ids.get(login.email)]);
  return Object.fromEntries(found) as AccountIds;
}

async function seedClinic(
  setting: Setting,
  clinic: DemoClinic,
  people: { owner: string; reception?: string },
): Promise<void> {
  const { db, now, adminId, seal } = setting;
  const known = await db.withAuth((tx) => tx.clinic.findMany({ where: { slug: clinic.slug } }));
  const clinicId = known[0]?.id ?? demoId(`clinic|${clinic.slug}`);
  const context = { clinicId, actor: "system:seed" };
  await db.withTx(context, async (tx) => {
    if (known.length === 0) await foundClinic(tx, { clinic, clinicId, people, seal });
    await addBookings(tx, { clinic, clinicId, now });
  });
  if (known[0]?.status === "live") return;
  await db.withPlatform(
    { accountId: adminId },
    "demo seed",
    "clinic.approve",
    (tx) =>
      tx.clinic.update({ where: { id: clinicId }, data: { status: "live", approvedAt: now, approvedBy: adminId } }),
    clinicId,
  );
}

type Founding = {
  clinic: DemoClinic;
  clinicId: string;
  people: { owner: string; reception?: string };
  seal: SeedOptions["seal"];
};

async function foundClinic(tx: TenantTx, { clinic, clinicId, people, seal }: Founding): Promise<void> {
  const id = (what: string) => demoId(`${clinic.slug}|${what}`);
  const locationId = id("location");
  await tx.clinic.createMany({ data: { id: clinicId, slug: clinic.slug, name: clinic.name, isDemo: true } });
  const { phone, email, about, cancelUntilMinutes } = clinic;
  await tx.clinicProfile.createMany({ data: { clinicId, id: clinicId, phone, email, about, cancelUntilMinutes } });
  await tx.location.createMany({ data: { clinicId, id: locationId, ...clinic.location } });

  const staff = clinic.practitioners.map((person, position) => ({
    ...person,
    id: id(`person|${person.name}`),
    position,
  }));
  await tx.resource.createMany({
    data: staff.map((person) => ({ clinicId, id: person.id, kind: "practitioner", name: person.name })),
  });
  await tx.practitioner.createMany({
    data: staff.map(({ id: personId, name, registrationNumber, position }) => ({
      clinicId,
      id: personId,
      locationId,
      name,
      registrationNumber,
      position,
      approval: "approved",
    })),
  });
  await tx.service.createMany({
    data: clinic.services.map((service, position) => ({
      clinicId,
      id: id(`service|${service.name}`),
      ...service,
      position,
      intervalMinutes: 20,
    })),
  });
  await tx.servicePractitioner.createMany({
    data: staff.flatMap((person) =>
      person.services.map((name) => ({
        clinicId,
        id: id(`offers|${person.name}|${name}`),
        practitionerId: person.id,
        serviceId: id(`service|${name}`),
      })),
    ),
  });
  await tx.openingHours.createMany({
    data: staff.flatMap((person) =>
      person.days.flatMap(({ weekdays, windows }) =>
        weekdays.flatMap((weekday) =>
          windows.map(({ from, to }) => ({
            clinicId,
            id: id(`hours|${person.name}|${weekday}|${from}`),
            resourceId: person.id,
            weekday,
            fromMinute: from,
            toMinute: to,
          })),
        ),
      ),
    ),
  });
  await addPatients(tx, clinicId, {
    seal,
    patients: patientNames.map((name, at) => ({
      id: id(`patient|${name}`),
      name,
      email: `${name.toLowerCase().replace(/[^a-z]+/g, ".")}@patients.demo`,
      phone: `+27825550${100 + at}`,
    })),
  });
  const members = [
    { accountId: people.owner, role: "owner" },
    ...(people.reception ? [{ accountId: people.reception, role: "reception" }] : []),
  ];
  await tx.member.createMany({
    data: members.map((member) => ({ clinicId, id: id(`member|${member.role}`), ...member })),
  });
}

type Patients = { patients: (DemoContact & { name: string })[]; seal: SeedOptions["seal"] };

async function addPatients(tx: TenantTx, clinicId: string, { patients, seal }: Patients): Promise<void> {
  const sealed = await seal(clinicId, patients);
  await tx.clinicKey.createMany({ data: { clinicId, id: clinicId, ...sealed.clinicKey } });
  await tx.patient.createMany({
    data: patients.map(({ id, name }, at) => ({ clinicId, id, name, ...sealed.patients[at]?.contact })),
  });
  await tx.patientKey.createMany({
    data: patients.flatMap(({ id }, at) => {
      const patient = sealed.patients[at];
      return patient ? [{ clinicId, id, ...patient.key }] : [];
    }),
  });
}

async function addBookings(
  tx: TenantTx,
  { clinic, clinicId, now }: { clinic: DemoClinic; clinicId: string; now: Date },
): Promise<void> {
  const id = (what: string) => demoId(`${clinic.slug}|${what}`);
  const planned = planBookings(clinic, now).map((booking) => ({ ...booking, id: id(`booking|${booking.key}`) }));
  const fresh = await withoutKnownDays(tx, clinicId, planned);
  if (fresh.length === 0) return;

  await tx.booking.createMany({
    data: fresh.map((booking) => ({
      clinicId,
      id: booking.id,
      ref: refOf(booking.id),
      // No link to this booking was ever given out, so nothing opens it.
      tokenHash: createHash("sha256").update(`no link|${booking.id}`).digest("hex"),
      patientId: id(`patient|${booking.patient}`),
      serviceId: id(`service|${booking.service}`),
      practitionerId: id(`person|${booking.practitioner}`),
      state: booking.state,
      startsAt: booking.startsAt,
      endsAt: booking.endsAt,
      bookedBy: booking.bookedBy,
      cancelledBy: booking.state === "cancelled" ? "patient" : null,
      createdAt: booking.createdAt,
      updatedAt: booking.createdAt,
    })),
  });
  await tx.occupancy.createMany({
    data: fresh.map((booking) => ({
      clinicId,
      id: id(`occupancy|${booking.key}`),
      resourceId: id(`person|${booking.practitioner}`),
      bookingId: booking.id,
      startsAt: booking.startsAt,
      endsAt: booking.endsAt,
      blockedFrom: booking.startsAt,
      blockedTo: booking.blockedTo,
      state: booking.state === "cancelled" ? "released" : "booked",
    })),
  });
}

type Planned = PlannedBooking & { id: string };

/** A day once seeded is left as its people have changed it; a fresh day keeps what visitors booked on it. */
async function withoutKnownDays(tx: TenantTx, clinicId: string, planned: Planned[]): Promise<Planned[]> {
  const ids = planned.map((booking) => booking.id);
  const known = await tx.booking.findMany({ where: { clinicId, id: { in: ids } }, select: { startsAt: true } });
  const knownDays = new Set(known.map((booking) => dayOfBooking(booking.startsAt)));
  const fresh = planned.filter((booking) => !knownDays.has(dayOfBooking(booking.startsAt)));
  const from = fresh[0]?.startsAt;
  if (!from) return [];
  const taken = await tx.occupancy.findMany({
    where: { clinicId, blockedTo: { gt: from }, state: { in: ["held", "booked"] } },
    select: { blockedFrom: true, blockedTo: true },
  });
  const overlaps = (booking: Planned) =>
    taken.some((span) => span.blockedFrom < booking.blockedTo && span.blockedTo > booking.startsAt);
  return fresh.filter((booking) => !overlaps(booking));
}

function refOf(id: string): string {
  const letters = "23456789ACDEFGHJKMNPQRTVWXY";
  const bytes = createHash("sha256").update(id).digest();
  return Array.from({ length: 4 }, (_, at) => letters[bytes.readUInt8(at) % letters.length]).join("");
}

/** A uuid v7 that depends only on its name, dated before any real one. */
function demoId(name: string): string {
  const hex = createHash("sha256").update(`pulsecal demo|${name}`).digest("hex");
  const variant = ((Number.parseInt(hex.slice(3, 7), 16) & 0x3fff) | 0x8000).toString(16);
  return `01940000-0000-7${hex.slice(0, 3)}-${variant}-${hex.slice(7, 19)}`;
}
