export {
  type BookingOverrides,
  type ClinicOverrides,
  type MadeClinic,
  makeAccount,
  makeBooking,
  makeClinic,
} from "./factories.ts";
export { prepareTemplate } from "./template.ts";
export { type TestDatabase, testDatabase } from "./test-database.ts";
