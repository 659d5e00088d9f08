import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { makeAccount, type TestDatabase, testDatabase } from "../testing/index.ts";
import { demoLogins, seedDemo } from "./index.ts";

const monday = new Date("2026-11-23T08:30:00Z");
const options = {
  now: monday,
  passwordHash: async (plain: string) => `$argon2id$test$${plain}`,
  seal: async (_clinicId: string, patients: unknown[]) => ({
    clinicKey: { version: 1, kekId: "test", wrapped: new Uint8Array(65) },
    patients: patients.map(() => ({
      key: { version: 1, wrapped: new Uint8Array(65) },
      contact: {
        emailSealed: new Uint8Array(40),
        emailIndex: new Uint8Array(16),
        phoneSealed: new Uint8Array(40),
        phoneIndex: new Uint8Array(16),
      },
    })),
  }),
};

describe("the demo", () => {
  let t: TestDatabase;
  beforeAll(async () => {
    t = await testDatabase();
  });
  afterAll(() => t.close());
  afterEach(() => vi.unstubAllEnvs());

  const everything = () =>
    t.admin(`SELECT (SELECT count(*)::int FROM app.booking) AS bookings, (SELECT count(*)::int FROM app.occupancy) AS occupancies,
      (SELECT count(*)::int FROM auth.account) AS accounts, (SELECT count(*)::int FROM platform.audit) AS approvals`);

  test("never goes into production, nor into a database with other people's accounts", async () => {
    vi.stubEnv("PULSECAL_MODE", "production");
    await expect(seedDemo(t.db, options)).rejects.toThrow("production");
    vi.unstubAllEnvs();
    await makeAccount(t);
    await expect(seedDemo(t.db, options)).rejects.toThrow("not a demo database");
    await t.admin("DELETE FROM auth.account");
  });

  test("makes two live clinics with people, hours and a fortnight of bookings", async () => {
    await seedDemo(t.db, options);
    const clinics = await t.admin(`SELECT c.slug, c.status, c.is_demo, count(DISTINCT p.id)::int AS practitioners
      FROM platform.clinic c JOIN app.practitioner p ON p.clinic_id = c.id AND p.approval = 'approved' GROUP BY c.id ORDER BY c.slug`);
    expect(clinics).toEqual([
      { slug: "harbour", status: "live", is_demo: true, practitioners: 2 },
      { slug: "sunrise", status: "live", is_demo: true, practitioners: 3 },
    ]);
    const [keys] = await t.admin(`SELECT (SELECT count(*)::int FROM app.clinic_key) AS clinics,
      (SELECT count(*)::int FROM app.patient_key k JOIN app.patient p ON p.clinic_id = k.clinic_id AND p.id = k.id
        WHERE p.email_sealed IS NOT NULL AND p.phone_index IS NOT NULL) - (SELECT count(*)::int FROM app.patient) AS without`);
    expect(keys).toEqual({ clinics: 2, without: 0 });
    const past = await t.admin("SELECT DISTINCT state FROM app.booking WHERE ends_at < $1 ORDER BY state", [monday]);
    expect(past).toEqual([{ state: "cancelled" }, { state: "completed" }, { state: "no_show" }]);
    const [ahead] = await t.admin(
      "SELECT count(*)::int AS n FROM app.booking WHERE starts_at > $1 AND state = 'confirmed'",
      [monday],
    );
    expect(ahead?.["n"]).toBeGreaterThan(50);
    const accounts = await t.admin(
      "SELECT email, password_hash, platform_role FROM auth.account WHERE email_verified_at IS NOT NULL",
    );
    expect(accounts).toHaveLength(Object.keys(demoLogins).length);
    expect(accounts).toContainEqual({
      email: demoLogins.admin.email,
      password_hash: `$argon2id$test$${demoLogins.admin.password}`,
      platform_role: "admin",
    });
  });

  test("a second run changes nothing; a later one adds days and overwrites none", async () => {
    const before = await everything();
    await seedDemo(t.db, options);
    expect(await everything()).toEqual(before);

    await t.admin("UPDATE app.booking SET state = 'cancelled' WHERE starts_at > $1", [monday]);
    await seedDemo(t.db, { ...options, now: new Date("2026-11-25T08:30:00Z") });
    const [later] = await everything();
    expect(later?.["bookings"]).toBeGreaterThan(Number(before[0]?.["bookings"]));
    const revived = await t.admin(
      "SELECT FROM app.booking WHERE starts_at BETWEEN $1 AND '2026-11-30T00:00:00Z' AND state = 'confirmed'",
      [monday],
    );
    expect(revived).toEqual([]);
  });
});
