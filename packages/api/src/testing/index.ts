export { fanOutModes, serveFanOut } from "./fan-out.ts";
export type { FanOut, FanOutMessage, FanOutMode } from "./fan-out.ts";
export { giveContact } from "./give-contact.ts";
export { handleHello } from "./hello.ts";
export { makeSetup } from "./make-setup.ts";
export { makeWaiting } from "./make-waiting.ts";
export {
  clinicHost,
  consoleHost,
  platformCookie,
  sessionCookieOf,
  signUpClinic,
  staffCookie,
  testPassword,
} from "./people.ts";
export type { SignedUp } from "./people.ts";
export { testCaller, visit } from "./test-caller.ts";
export type { Visit, Visitor } from "./test-caller.ts";
export { testServices, testSettings } from "./test-services.ts";
export { startSmtpSink } from "./smtp-sink.ts";
export type { SmtpSink } from "./smtp-sink.ts";
export { writeEvent } from "./write-event.ts";
export { shredPatient } from "../modules/records/index.ts";
