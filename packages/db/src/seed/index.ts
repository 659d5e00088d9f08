export { demoLogins } from "./demo-clinics.ts";
export { type SeedOptions, seedDemo } from "./seed-demo.ts";
