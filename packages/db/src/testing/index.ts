export { type DirtyReport, dirtyConnections } from "./dirty-connections.ts";
export {
  type BookingOverrides,
  type ClinicOverrides,
  type MadeClinic,
  makeAccount,
  makeBooking,
  makeClinic,
} from "./factories.ts";
export { interleave, makeManyClinics, processGlobalClinic } from "./interleaving.ts";
export { openAllPolicies } from "./policies.ts";
export { harmlessMutant, killMutants, policyMutants } from "./policy-mutants.ts";
export { carelessDoors, scopedDoors } from "./pool-doors.ts";
export { clinicChecksums, makeProbeWorld } from "./probe-world.ts";
export { failuresOf, probedModels, type ProbeReport, runProbes } from "./run-probes.ts";
export { openStockPrisma, type StockPrisma } from "./stock-prisma.ts";
export { prepareTemplate } from "./template.ts";
export { type TestDatabase, testDatabase } from "./test-database.ts";
