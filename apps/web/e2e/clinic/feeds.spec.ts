import { beforeAll, expect, test } from "vitest";
import { ask } from "../support/http.ts";
import { type OwnClinic, openClinic } from "./own-clinic.ts";

let clinic: OwnClinic;
beforeAll(async () => {
  clinic = await openClinic("Calendar Rooms");
});

const key = () => crypto.randomUUID();

test("a calendar program reads a practitioner's and a patient's visits, until the address is revoked", async () => {
  const { owner, guest, url } = clinic;
  const serviceId = await clinic.addService();
  const { days } = await guest.public.booking.times.query({ serviceId, who: "any", from: clinic.day(2), days: 1 });
  const start = days[0]?.times[3]?.start;
  if (!start) throw new Error("the day has too few times");
  const person = { name: "Zanele Khumalo", email: "zanele@example.com" };
  const { token } = await guest.public.booking.book.mutate({ serviceId, who: "any", start, ...person, key: key() });

  const practitionerId = clinic.doctors[0]?.id ?? "";
  const { address: ofDoctor } = await owner.staff.feeds.create.mutate({ practitionerId, key: key() });
  const { address: ofPatient } = await guest.patient.feeds.create.mutate({ token, key: key() });
  for (const [address, summary] of [
    [ofDoctor, /\r\nSUMMARY:Z\. K\. [A-Z0-9]{4}\r\n/],
    [ofPatient, /\r\nSUMMARY:Visit at Calendar Rooms\r\n/],
  ] as const) {
    expect(address).toMatch(new RegExp(`^${url}/feeds/[\\w-]{22}\\.ics$`));
    const answer = await ask(address ?? "");
    expect([answer.status, answer.headers["content-type"]]).toEqual([200, "text/calendar; charset=utf-8"]);
    expect(answer.headers["x-content-type-options"]).toBe("nosniff");
    const ics = answer.body.toString();
    expect(ics.match(/BEGIN:VEVENT/g)).toHaveLength(1);
    expect(ics).toContain(`DTSTART:${start.toISOString().replace(/[-:]|\.\d+/g, "")}`);
    expect(ics).toMatch(summary);
    const again = await ask(address ?? "", { headers: { "if-none-match": answer.headers["etag"] ?? "" } });
    expect([again.status, again.body.length]).toEqual([304, 0]);
    const head = await ask(address ?? "", { method: "HEAD" });
    expect([head.status, head.headers["etag"]]).toEqual([200, answer.headers["etag"]]);
  }

  await owner.staff.feeds.revoke.mutate({ practitionerId, key: key() });
  expect((await ask(ofDoctor ?? "")).status).toBe(404);
  expect((await ask(ofPatient ?? "")).status).toBe(200);
});
