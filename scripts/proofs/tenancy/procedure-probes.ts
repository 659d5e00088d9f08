import { can, clinicRoles, platformRoles } from "@pulsecal/core";
import { clinicChecksums } from "@pulsecal/db/testing";
import { accessLines } from "../../../packages/api/src/testing/access-lines.ts";
import { type Answer, ask, procedures, type Visitor } from "./ask.ts";
import { type IdField, idFieldsOf } from "./id-fields.ts";
import { rightInput, wantsOf, withId } from "./procedure-inputs.ts";
import { foreignIdsFor, hostOf, idsOfNothing, otherHost, type ProcedureWorld } from "./procedure-world.ts";

export type ProcedureReport = { crossing: number; twins: number; failures: string[] };

type Face = "apex" | "clinic" | "console";

/**
 * Asks every procedure, as everybody, about its own rows, another clinic's and nobody's: another clinic's id must get
 * the very answer that an id of nothing gets, the own one must work for whoever may, and no row of the other clinic may
 * change.
 */
export async function probeProcedures(
  world: ProcedureWorld,
  isAsked: (visitor: Visitor) => boolean = () => true,
): Promise<ProcedureReport> {
  const report: ProcedureReport = { crossing: 0, twins: 0, failures: [] };
  for (const path of Object.keys(procedures)) {
    const line = accessLines[path];
    if (!line) throw new Error(`${path} has no line in access-lines.ts.`);
    const foreign = await foreignIdsFor(world, path, wantsOf(path).booking === "held");
    const before = await clinicChecksums(world.t, world.other.clinicId);
    for (const face of line.faces) {
      const visitors = world.visitors.filter(isAsked).map((visitor) => ({ ...visitor, host: hostOf(world, face) }));
      const probes = await Promise.all(visitors.map((visitor) => crossingProbes(world, path, visitor, foreign)));
      for (const found of probes) add(report, found);
      for (const visitor of visitors) add(report, await twins(world, path, face, visitor));
    }
    if (line.audience === "staff") add(report, await strayed(world, path));
    const after = await clinicChecksums(world.t, world.other.clinicId);
    const changed = Object.keys(after).filter((table) => after[table] !== before[table]);
    report.failures.push(...changed.map((table) => `${path} changed ${table} of the other clinic`));
    if (/sign(Out|In)$/.test(path)) await world.renew();
  }
  return report;
}

type Found = { crossing?: number; twins?: number; failures: string[] };

function add(report: ProcedureReport, { crossing = 0, twins: more = 0, failures }: Found): void {
  report.crossing += crossing;
  report.twins += more;
  report.failures.push(...failures);
}

/** The other clinic's ids beside ids of nothing, one place at a time, and a clinic's id where none is asked for. */
async function crossingProbes(
  world: ProcedureWorld,
  path: string,
  visitor: Visitor,
  foreign: ProcedureWorld["foreign"],
): Promise<Found> {
  const found: Required<Found> = { crossing: 0, twins: 0, failures: [] };
  const nothing = idsOfNothing();
  const right = await rightInput(world, path, { ...nothing, ...world.own });
  const compare = async (name: string, [theirs, none]: [unknown, unknown], headers?: Record<string, string>) => {
    const [a, b] = [await ask(world.s, path, visitor, theirs, headers), await ask(world.s, path, visitor, none)];
    found.crossing += 2;
    found.failures.push(...differences(`${path} ${name} as ${visitor.name}`, world, visitor, a, b));
    return a;
  };
  for (const field of idFieldsOf(path, procedures[path]?._def.inputs ?? [])) {
    if (!isTried(field, path, visitor)) continue;
    const [theirs, none] = [foreign, nothing].map((ids) =>
      withId(right ?? {}, field.name, ids[field.means], field.list),
    );
    const answer = await compare(field.name, [theirs, none]);
    // A place in the event stream may be ignored and an address is answered evenly; anything else must be refused.
    const mustRefuse = field.means !== "cursor" && field.means !== "email";
    if (mustRefuse && answer.status === 200) found.failures.push(`${path} ${field.name} as ${visitor.name}: answered`);
  }
  const beside = right && "clinicId" in right ? "clinic" : "clinicId";
  await compare(`${beside} beside the input`, [
    { ...right, [beside]: world.other.clinicId },
    { ...right, [beside]: nothing.clinicId },
  ]);
  if (procedures[path]?._def.type === "query" && !wantsOf(path).booking) {
    await compare("forwarded host", [right, right], { "x-forwarded-host": otherHost(world), host: visitor.host });
  }
  return found;
}

/** Both clinics are the platform's to see, and a sign-in takes the time of a password whoever asks: one visitor will do. */
function isTried({ means }: IdField, path: string, { name }: Visitor): boolean {
  if (means === "email") return name === "guest";
  return !(path.startsWith("platform.") && platformRoles.some((role) => role === name) && means !== "cursor");
}

/** Two refusals must be one and the same; answers (of procedures that ignore the id) must at least tell nothing. */
function differences(name: string, world: ProcedureWorld, visitor: Visitor, theirs: Answer, none: Answer): string[] {
  const failures: string[] = [];
  if (theirs.status !== none.status || (theirs.status !== 200 && theirs.body !== none.body)) {
    failures.push(
      `${name}: ${theirs.status} ${theirs.body.slice(0, 200)} but for nothing ${none.status} ${none.body.slice(0, 200)}`,
    );
  }
  const isPlatform = platformRoles.some((role) => role === visitor.name);
  if (!isPlatform && theirs.body.includes(world.canary)) failures.push(`${name}: the answer names the other clinic`);
  if (theirs.status >= 500) failures.push(`${name}: ${theirs.status} ${theirs.body.slice(0, 200)}`);
  return failures;
}

/** The same call for the own clinic's row: it works for whoever may, and is refused like any other for whoever may not. */
async function twins(world: ProcedureWorld, path: string, face: Face, visitor: Visitor): Promise<Found> {
  const fields = idFieldsOf(path, procedures[path]?._def.inputs ?? []);
  const found: Required<Found> = { crossing: 0, twins: 0, failures: [] };
  for (const field of fields) {
    if (field.means === "email" && (visitor.name !== "guest" || face !== "clinic")) continue;
    const ids = await world.fresh(wantsOf(path));
    const right = await rightInput(world, path, ids);
    const { status, body } = await ask(
      world.s,
      path,
      visitor,
      withId(right ?? {}, field.name, ids[field.means], field.list),
    );
    const may = isAllowed(path, visitor);
    found[may ? "twins" : "crossing"] += 1;
    if ((status === 200) !== may) {
      found.failures.push(`${path} ${field.name} as ${visitor.name} on its own row: ${status} ${body.slice(0, 300)}`);
    }
  }
  return found;
}

function isAllowed(path: string, { name }: Visitor): boolean {
  const permission = accessLines[path]?.permission;
  if (permission === "open" || permission === "link" || permission === undefined) return true;
  const role = [...clinicRoles, ...platformRoles].find((known) => known === name);
  return role !== undefined && can(role, permission);
}

/** The own clinic's owner on the other clinic's host, with the ids that are right there. */
async function strayed(world: ProcedureWorld, path: string): Promise<Found> {
  const visitor = { ...world.owner, name: "owner on the other clinic's host", host: otherHost(world) };
  const [theirs, none] = await Promise.all(
    [world.foreign, idsOfNothing()].map(async (ids) =>
      ask(world.s, path, visitor, await rightInput(world, path, { ...world.foreign, ...ids })),
    ),
  );
  if (!theirs || !none) throw new Error("asked for nothing");
  const failures = differences(`${path} as ${visitor.name}`, world, visitor, theirs, none);
  if (theirs.status === 200) failures.push(`${path} answers the ${visitor.name}`);
  return { crossing: 2, failures };
}
