import { randomUUID } from "node:crypto";
import { keptConnection } from "./kept-connection.ts";
import type { BenchWeb } from "./system.ts";

const timesPerDay = 27;
const minute = 60_000;

/** Where bookings are made: a clinic's host, a person and their service, and somebody's session at the front desk. */
export type Desk = { slug: string; practitionerId: string; serviceId: string; cookie: string };

/** Books free times over HTTP, each time once; anything but a booking is an error. */
export type BookOverHttp = {
  /** a patient at the clinic's own page: no session, a budget per address */
  asPatient(client: number): Promise<void>;
  /** somebody of the clinic, signed in */
  asStaff(client: number): Promise<void>;
  booked(): number;
  close(): void;
};

/** One kept-alive connection per client. Neighbouring requests go to different clinics; desks should be mixed. */
export function openBookOverHttp(web: BenchWeb, desks: Desk[], clients: number): BookOverHttp {
  const connections = Array.from({ length: clients }, () => keptConnection(web.port));
  let turn = 0;
  let booked = 0;
  async function book(client: number, path: string, signedIn: boolean): Promise<void> {
    const [desk, connection] = [desks[turn % desks.length], connections[client]];
    const start = startOf(Math.floor(turn / desks.length));
    turn += 1;
    if (!desk || !connection) throw new Error("there is nothing to book with");
    const headers: Record<string, string> = signedIn ? { Cookie: desk.cookie } : {};
    const answer = await connection.post({ host: web.host(desk.slug), path, json: requestBody(desk, start), headers });
    if (answer.status !== 200) throw new Error(`a booking was refused (${answer.status}): ${answer.body}`);
    booked += 1;
  }
  return {
    asPatient: (client) => book(client, "/trpc/public.booking.book", false),
    asStaff: (client) => book(client, "/trpc/staff.bookings.book", true),
    booked: () => booked,
    close: () => {
      for (const connection of connections) connection.close();
    },
  };
}

/** The n-th free time of a person: first every time of the day after tomorrow, then of the days that follow. */
function startOf(n: number): string {
  const day = Math.floor(Date.now() / 86_400_000) + 2 + Math.floor(n / timesPerDay);
  // 08:00 in Johannesburg is 06:00 UTC all year
  return new Date(day * 86_400_000 + 6 * 60 * minute + (n % timesPerDay) * 20 * minute).toISOString();
}

function requestBody(desk: Desk, start: string): string {
  const { serviceId, practitionerId: who } = desk;
  // a mailbox of their own each: mailboxes have a budget
  const patient = { name: "Thandi Bench", email: `${randomUUID()}@example.com`, reason: "Check-up" };
  const json = { serviceId, who, start, ...patient, key: randomUUID() };
  return JSON.stringify({ json, meta: { values: { start: ["Date"] } } });
}
