import { addDays, dayStart, explain, type BlockReason } from "@pulsecal/core";
import { newId } from "@pulsecal/db";
import { type ClinicOverrides, type MadeClinic, makeClinic, type TestDatabase } from "@pulsecal/db/testing";
import { loadQuestion, type Wanted } from "../question.ts";
import { assignmentAt, type Assignment, offeredTimes, spanOfDays } from "../times.ts";

const zone = "Africa/Johannesburg";
const minuteMs = 60_000;

/** A clinic in Johannesburg (no daylight saving) whose rules a test sets by SQL, and what can be booked there. */
export type RulesClinic = MadeClinic & {
  /** a Monday at least two weeks ahead */
  monday: string;
  /** runs SQL as a superuser; $1 is the clinic */
  sql(text: string, values?: unknown[]): Promise<Record<string, unknown>[]>;
  /** "08:00" times offered on a date, with whomever; `who` and what is wanted besides */
  times(date: string, asked?: Asked): Promise<string[]>;
  /** the seats left at each offered time */
  seats(date: string, asked?: Asked): Promise<Record<string, number>>;
  assignment(date: string, time: string, asked?: Asked): Promise<Assignment | null>;
  /** the rules that block a time, each once */
  why(date: string, time: string, asked?: Asked): Promise<BlockReason[]>;
  /** a booking that occupies resources; its id */
  book(date: string, time: string, over?: BookOver): Promise<string>;
  /** another resource: a room, a device, or a practitioner with the clinic's hours */
  resource(kind: "room" | "device" | "practitioner", name: string): Promise<string>;
  /** what the service takes besides its practitioner */
  need(of: string[], over?: NeedOver): Promise<void>;
  /** sets columns of the service */
  service(columns: Record<string, string | number | boolean | null>): Promise<void>;
};

type Asked = Wanted & { who?: string };
type BookOver = { minutes?: number; resources?: string[]; service?: string; before?: number; after?: number };
type NeedOver = { count?: number; minutes?: number; bufferBefore?: number; bufferAfter?: number };

/** One practitioner, 08:00 to 12:00 every day, a service of 30 minutes on the half hour. */
export async function rulesClinic(t: TestDatabase, over: ClinicOverrides = {}): Promise<RulesClinic> {
  const clinic = await makeClinic(t, { minutes: 30, intervalMinutes: 30, hours: { from: 480, to: 720 }, ...over });
  const { clinicId, serviceId } = clinic;
  const sql = (text: string, values: unknown[] = []) => t.admin(text, [clinicId, ...values]);
  const instant = (date: string, time: string) => dayStart(date, zone) + minutesOf(time) * minuteMs;
  const load = async (from: number, to: number, { who = "any", ...wanted }: Asked = {}) =>
    t.db.withTenant({ clinicId, actor: "guest" }, (db) =>
      loadQuestion(db, { clinicId, serviceId, who, window: { from, to }, ...wanted }),
    );
  const offered = async (date: string, asked: Asked = {}) => {
    const { from, to } = spanOfDays(date, 1, zone);
    const loaded = await load(from, to, asked);
    return loaded ? offeredTimes(loaded.availability, loaded.service, { from, to }, asked) : [];
  };
  const clock = (start: number, date: string) => timeOf((start - dayStart(date, zone)) / minuteMs);
  return {
    ...clinic,
    monday: nextMonday(),
    sql,
    times: async (date, asked) => (await offered(date, asked)).map(({ start }) => clock(start, date)),
    seats: async (date, asked) =>
      Object.fromEntries((await offered(date, asked)).map(({ start, left }) => [clock(start, date), left ?? -1])),
    assignment: async (date, time, asked = {}) => {
      const start = instant(date, time);
      const loaded = await load(start, start + 1, asked);
      return loaded && assignmentAt(loaded.availability, loaded.service, start, { who: "any", ...asked });
    },
    why: async (date, time, asked) => {
      const start = instant(date, time);
      const loaded = await load(start, start + 1, asked);
      return [...new Set((loaded ? explain(loaded.question, start) : []).map((block) => block.why))];
    },
    book: async (date, time, { minutes = 30, resources, service = serviceId, before = 0, after = 0 } = {}) => {
      const from = new Date(instant(date, time)).toISOString();
      const [row] = await sql(
        `WITH b AS (
          INSERT INTO app.booking (clinic_id, id, ref, token_hash, service_id, practitioner_id, state, starts_at, ends_at, booked_by)
          SELECT $1, $2::uuid, 'TST4', md5($2::uuid::text) || md5($2::uuid::text), $3, $4, 'confirmed', $5::timestamptz, $5::timestamptz + make_interval(mins => $6::int), 'staff'
          RETURNING id, starts_at, ends_at)
        INSERT INTO app.occupancy (clinic_id, id, resource_id, booking_id, starts_at, ends_at, blocked_from, blocked_to, state)
        SELECT $1, gen_random_uuid(), r, b.id, b.starts_at, b.ends_at, b.starts_at - make_interval(mins => $8::int), b.ends_at + make_interval(mins => $9::int), 'booked'
        FROM b, unnest($7::uuid[]) r RETURNING booking_id`,
        [newId(), service, clinic.practitionerId, from, minutes, resources ?? [clinic.practitionerId], before, after],
      );
      return String(row?.["booking_id"]);
    },
    resource: async (kind, name) => {
      const id = newId();
      await sql("INSERT INTO app.resource (clinic_id, id, kind, name) VALUES ($1, $2, $3, $4)", [id, kind, name]);
      if (kind !== "practitioner") return id;
      await sql(
        `INSERT INTO app.practitioner (clinic_id, id, location_id, name, approval, position) VALUES ($1, $2, $3, $4, 'approved', 5)`,
        [id, clinic.locationId, name],
      );
      await sql(
        `INSERT INTO app.opening_hours (clinic_id, id, resource_id, weekday, from_minute, to_minute)
        SELECT $1, gen_random_uuid(), $2, weekday, from_minute, to_minute FROM app.opening_hours WHERE clinic_id = $1 AND resource_id = $3`,
        [id, clinic.practitionerId],
      );
      return id;
    },
    need: async (
      of,
      { count = 1, minutes = null, bufferBefore = null, bufferAfter = null }: Nullable<NeedOver> = {},
    ) => {
      await sql(
        `WITH d AS (
          INSERT INTO app.service_need (clinic_id, id, service_id, position, count, minutes, buffer_before, buffer_after)
          SELECT $1, gen_random_uuid(), $2, count(*), $3, $4, $5, $6 FROM app.service_need WHERE clinic_id = $1 RETURNING id)
        INSERT INTO app.service_need_resource (clinic_id, id, need_id, resource_id)
        SELECT $1, gen_random_uuid(), d.id, r FROM d, unnest($7::uuid[]) r`,
        [serviceId, count, minutes, bufferBefore, bufferAfter, of],
      );
    },
    service: async (columns) => {
      const names = Object.keys(columns);
      await sql(
        `UPDATE app.service SET ${names.map((name, i) => `${name} = $${i + 3}`).join(", ")} WHERE clinic_id = $1 AND id = $2`,
        [serviceId, ...Object.values(columns)],
      );
    },
  };
}

type Nullable<T> = { [K in keyof T]?: T[K] | null };

/** The times of a clinic's clock from one to another, `step` minutes apart, the last excluded. */
export function clockTimes(from: string, to: string, step: number): string[] {
  const times: string[] = [];
  for (let minute = minutesOf(from); minute < minutesOf(to); minute += step) times.push(timeOf(minute));
  return times;
}

function minutesOf(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
}

function timeOf(minute: number): string {
  return `${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;
}

/** ISO weekday 1 of the week after next. */
function nextMonday(): string {
  const today = new Date(Date.now() + 2 * 3_600_000).toISOString().slice(0, 10);
  const weekday = new Date(`${today}T00:00:00Z`).getUTCDay() || 7;
  return addDays(today, 15 - weekday);
}

/** What a clinic was told and what was kept of it: event types and audit actions in their order. */
export async function told(clinic: RulesClinic): Promise<{ events: unknown[]; audits: unknown[] }> {
  const events = await clinic.sql("SELECT type FROM app.event WHERE clinic_id = $1 ORDER BY tx, id");
  const audits = await clinic.sql("SELECT action FROM app.audit_log WHERE clinic_id = $1 ORDER BY at, id");
  return { events: events.map((row) => row["type"]), audits: audits.map((row) => row["action"]) };
}
