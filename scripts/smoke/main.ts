import { parseArgs } from "node:util";
import { runSmoke } from "./smoke.ts";

const { values } = parseArgs({
  options: {
    port: { type: "string", default: "3000" },
    "base-domain": { type: "string", default: "pulsecal.localhost" },
    mailbox: { type: "string", default: "http://127.0.0.1:3001" },
    "worker-health-port": { type: "string" },
    "admin-email": { type: "string", default: "admin@pulsecal.demo" },
    "admin-password": { type: "string", default: "pulsecal demo admin" },
  },
});

const { failed } = await runSmoke({
  webPort: Number(values.port),
  baseDomain: values["base-domain"],
  mailboxUrl: values.mailbox,
  workerHealthPort: values["worker-health-port"] ? Number(values["worker-health-port"]) : undefined,
  adminLogin: { email: values["admin-email"], password: values["admin-password"] },
});
process.exitCode = failed === 0 ? 0 : 1;
