import {
  carelessDoors,
  dirtyConnections,
  interleave,
  makeManyClinics,
  processGlobalClinic,
  scopedDoors,
} from "@pulsecal/db/testing";
import { type Proof, type ProofOptions, proof } from "../harness.ts";
import { onDatabase } from "./database-lines.ts";
import { show } from "./show.ts";

const clinics = 200;
const connections = 4;
const controlOperations = 2_000;

/** Enough for a million on two idle cores; what was done by then is what is reported. */
const longestMs = 10 * 60_000;

/** Mixed operations of 200 clinics on four connections. Control: the clinic in one variable of the process. */
export async function pooledOperations({ full }: ProofOptions): Promise<Proof> {
  const operations = full ? 1_000_000 : 5_000;
  return onDatabase(
    async (t) => {
      const ids = await makeManyClinics(t, clinics);
      const started = Date.now();
      const { done, wrong } = await interleave(t.db, ids, { operations, atOnce: 32, deadline: started + longestMs });
      const seconds = (Date.now() - started) / 1_000;
      const control = await interleave(t.db, ids, { operations: controlOperations, clinicOf: processGlobalClinic() });
      show(
        `${clinics} clinics, ${connections} connections: ${done} done, ${wrong} wrong, ${Math.round(done / seconds)} a second`,
        [],
      );
      show(`control, process-global clinic: ${control.wrong} of ${control.done} wrong`, []);
      return proof("tenancy: pooled operations", {
        tried: done,
        failed: wrong,
        control: control.wrong > control.done * 0.2,
        atLeast: operations,
      });
    },
    undefined,
    { pool: { app: connections } },
  );
}

/** Every way to give a connection a past. Control: a stock pool that hands connections on as they came back. */
export async function dirtyConnectionsDestroyed({ full }: ProofOptions): Promise<Proof> {
  return onDatabase(async (t) => {
    const { scenes, tried, failures } = await dirtyConnections(t, full ? 25 : 2, scopedDoors);
    const careless = await dirtyConnections(t, 1, carelessDoors);
    const leaked = careless.failures.filter((what) => what.includes("a borrower without a clinic saw"));
    show(`${scenes} ways`, failures);
    show(`control, a pool without the check: ${careless.failures.length} failures`, leaked);
    return proof("tenancy: dirty connections", {
      tried,
      failed: failures.length,
      control: leaked.length > 0,
      atLeast: scenes,
    });
  });
}
