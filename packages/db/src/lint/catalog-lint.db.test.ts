import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type TestDatabase, testDatabase } from "../testing/index.ts";
import { lintCatalog } from "./catalog-lint.ts";
import { catalogRules } from "./catalog-rules.ts";

/** One way to break each rule. Roles belong to the whole server, so everything is undone by a rollback. */
const planted: Record<string, string> = {
  "row security is on": "ALTER TABLE app.patient DISABLE ROW LEVEL SECURITY",
  "row security is forced": "ALTER TABLE app.patient NO FORCE ROW LEVEL SECURITY",
  "every grant of app_rt has its clinic policy": `CREATE TABLE app.note (clinic_id uuid NOT NULL, id uuid NOT NULL, PRIMARY KEY (clinic_id, id));
    GRANT SELECT ON app.note TO app_rt`,
  "no policy of app_rt without the clinic": "ALTER POLICY patient_clinic ON app.patient USING (true)",
  "the clinic is asked for once per statement":
    "ALTER POLICY patient_clinic ON app.patient USING (clinic_id = app.tenant())",
  "no policy for PUBLIC": "CREATE POLICY everyone ON app.patient FOR SELECT USING (false)",
  "one permissive policy per table, role and command":
    "CREATE POLICY second ON app.patient FOR SELECT TO app_rt USING (clinic_id = (SELECT app.tenant()))",
  "runtime roles own nothing": "CREATE TABLE public.own (id int); ALTER TABLE public.own OWNER TO app_rt",
  "app_owner owns everything of ours": "ALTER TABLE app.patient OWNER TO CURRENT_USER",
  "runtime roles have no power": "ALTER ROLE auth_rt CREATEDB",
  "runtime roles are members of nothing": "GRANT app_owner TO app_rt",
  "runtime roles have their limits": "ALTER ROLE relay_rt RESET lock_timeout",
  "nobody creates at run time": "GRANT CREATE ON SCHEMA app TO app_rt",
  "no privilege outside row security": "GRANT TRUNCATE ON app.patient TO app_rt",
  "nothing is granted to PUBLIC": "GRANT SELECT ON app.event TO PUBLIC",
  "logs are append-only": "GRANT UPDATE (detail) ON app.audit_log TO app_rt",
  "the event's place in time is the database's": "GRANT INSERT (tx) ON app.event TO app_rt",
  "views ask as the caller": "CREATE VIEW app.names AS SELECT name FROM app.patient",
  "no materialized views": "CREATE MATERIALIZED VIEW app.names AS SELECT name FROM app.patient",
  "no grants on partitions and children":
    "CREATE TABLE app.child () INHERITS (app.patient); GRANT SELECT ON app.child TO app_rt",
  "no definer functions":
    "CREATE FUNCTION app.all_names() RETURNS bigint LANGUAGE sql SECURITY DEFINER AS 'SELECT count(*) FROM app.patient'",
  "no function of ours is leakproof":
    "CREATE FUNCTION app.quiet(int) RETURNS int LANGUAGE sql IMMUTABLE LEAKPROOF AS 'SELECT 1'",
  "functions find nothing by luck": "ALTER FUNCTION app.take_time RESET search_path",
  "functions are for the application's role": "GRANT EXECUTE ON FUNCTION app.expire_holds TO relay_rt",
  "the version of a clinic's rules moves with them": "ALTER TABLE app.leave DISABLE TRIGGER rules_changed",
  "app.tenant is as written": "ALTER FUNCTION app.tenant() IMMUTABLE",
  "foreign keys carry the clinic": `ALTER TABLE app.leave ADD COLUMN other uuid;
    ALTER TABLE app.booking ADD CONSTRAINT one_column UNIQUE (id);
    ALTER TABLE app.leave ADD CONSTRAINT leave_other FOREIGN KEY (other) REFERENCES app.booking (id)`,
  "keys lead with the clinic": "CREATE UNIQUE INDEX patient_by_email ON app.patient (email_index)",
  "indexes lead with the clinic": "CREATE INDEX patient_name ON app.patient (name)",
  "double booking is excluded": "ALTER TABLE app.occupancy DROP CONSTRAINT occupancy_no_overlap",
  "constraints are validated": "ALTER TABLE app.patient ADD CONSTRAINT later CHECK (name <> '') NOT VALID",
};

describe("the catalog lint", () => {
  let t: TestDatabase;
  beforeAll(async () => {
    t = await testDatabase();
  });
  afterAll(() => t.close());

  test("finds nothing wrong in a migrated database", async () => {
    expect(await lintCatalog(t.admin)).toEqual([]);
    console.log(`catalog lint: ${catalogRules.length} rules, 0 violations`);
  });

  test("has a planted violation for every rule", () => {
    expect(Object.keys(planted).sort()).toEqual(catalogRules.map((rule) => rule.name).sort());
  });

  for (const [name, sql] of Object.entries(planted)) {
    test(`turns red when broken: ${name}`, async () => {
      const broken = () =>
        t.inRollback(async (query) => {
          await query(sql);
          return (await lintCatalog(query)).map((violation) => violation.rule);
        });
      // Roles belong to the server: another test may change one at this moment ("tuple concurrently updated").
      const rules = await broken().catch(broken);
      expect(rules).toContain(name);
    });
  }
});
