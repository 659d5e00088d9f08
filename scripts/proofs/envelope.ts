import { shredPatient } from "@pulsecal/api/testing";
import { findInClear } from "./envelope/clear-text.ts";
import { type Forgery, flippedBit, movedValue, opened } from "./envelope/forgeries.ts";
import { productOpener, unauthenticatedOpener, unboundBuild } from "./envelope/openers.ts";
import { type Cell, makeSealedWorld, readCells, type SealedWorld } from "./envelope/sealed-world.ts";
import { type Proof, proof, type ProofSuite, seeded } from "./harness.ts";

/** What patients tell opens in its own place, under its own keys, and nowhere else; nothing of it stands in the clear. */
export const envelope: ProofSuite = async ({ full, seed }) => {
  const world = await makeSealedWorld();
  try {
    const cells = await readCells(world.t);
    const { keyring } = world.s.env;
    const open = productOpener(keyring);
    if (cells.length === 0 || opened(cells, open) !== cells.length) throw new Error("untouched rows do not open");

    const random = seeded(seed);
    const tries = full ? 50_000 : 2_500;
    const moved = many(tries, () => movedValue(cells, random));
    const flips = many(tries, () => flippedBit(cells, random));
    const unbound = unboundBuild(keyring, cells);
    return [
      proof("envelope: values moved to another column, row, patient or clinic", {
        tried: tries,
        failed: opened(on(cells, moved), open),
        control: opened(on(unbound.cells, moved), unbound.open) > 0,
        atLeast: tries,
      }),
      proof("envelope: one bit changed in a value or its keys", {
        tried: tries,
        failed: opened(on(cells, flips), open),
        control: opened(on(cells, flips), unauthenticatedOpener(keyring)) > 0,
        atLeast: tries,
      }),
      await nothingInClear(world),
      await shredded(world, cells),
    ];
  } finally {
    await world.close();
  }
};

const many = (count: number, make: () => Forgery): Forgery[] => Array.from({ length: count }, make);
const on = (cells: Cell[], forgeries: Forgery[]): Cell[] => forgeries.map((forge) => forge(cells));

async function nothingInClear({ t, told }: SealedWorld): Promise<Proof> {
  const { looks, found } = await findInClear(t, told);
  for (const place of found) console.log(`  in the clear: ${place}`);
  // A word written as text, one written as bytes, and one in a coded text: all three must be found.
  const planted = ["canaryplantedtext", "canaryplantedbytes", "canaryplantedcode"];
  const [text, bytes, code] = planted;
  await t.admin("CREATE SCHEMA planted; CREATE TABLE planted.row (a text, b bytea, c jsonb)");
  await t.admin("INSERT INTO planted.row VALUES ($1, $2, $3)", [
    `x ${text}`,
    Buffer.from(`x ${bytes}`),
    JSON.stringify({ c: Buffer.from(`x ${code}`).toString("base64") }),
  ]);
  const control = await findInClear(t, planted);
  await t.admin("DROP SCHEMA planted CASCADE");
  return proof("envelope: words told by patients found in a table", {
    tried: looks,
    failed: found.length,
    control: control.found.length >= planted.length,
    atLeast: 1_000,
  });
}

/** Every other patient is shredded; rows copied before stand for a backup whose keys have run out. */
async function shredded({ t, s, clinics }: SealedWorld, before: Cell[]): Promise<Proof> {
  const patients = [...new Set(before.map(({ patient }) => patient.patientId))];
  const gone = new Set(patients.filter((_, index) => index % 2 === 0));
  for (const { clinicId } of clinics) {
    const own = before.filter((cell) => cell.clinic.clinicId === clinicId).map((cell) => cell.patient.patientId);
    const work = { s, clinicId, actor: "system:proof" };
    for (const id of new Set(own)) if (gone.has(id)) await shredPatient(work, id);
  }
  const after = await readCells(t);
  const keys = new Map(after.map(({ patient }) => [patient.patientId, patient]));
  const restored = before.map((cell) => ({ ...cell, patient: keys.get(cell.patient.patientId) ?? cell.patient }));
  const open = productOpener(s.env.keyring);
  const isGone = ({ patient }: Cell) => gone.has(patient.patientId);
  const tried = [...after, ...restored].filter(isGone);
  const kept = after.filter((cell) => !isGone(cell));
  return proof("envelope: values of shredded patients, live and from a copy", {
    tried: tried.length,
    failed: opened(tried, open),
    // whoever was not shredded still opens, all of them: the check sees what opens
    control: kept.length > 0 && opened(kept, open) === kept.length,
    atLeast: 50,
  });
}
