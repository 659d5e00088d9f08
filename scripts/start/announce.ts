import type { System } from "./system.ts";
import { publicUrl, type Settings } from "./settings.ts";

export type Login = { what: string; email: string; password: string };

/** What `npm start` prints once everything answers. */
export function announcement(s: Settings, system: Pick<System, "mailboxUrl">, logins: Login[], logs: string): string {
  const demo = s.mode === "demo";
  const clinic = demo ? "sunrise" : "<clinic>";
  const places: [string, string][] = [
    ["Home and sign-up", publicUrl(s, "", "/")],
    ["A clinic", publicUrl(s, clinic, "/")],
    ["Its portal", publicUrl(s, clinic, "/portal")],
    ["Console", publicUrl(s, "admin", "/console")],
  ];
  if (system.mailboxUrl) places.push(["Mailbox", `http://localhost:${s.mailboxPort}/`]);
  const lines = ["", `PulseCal runs (${s.mode} mode).`, "", ...table(places)];
  if (logins.length > 0) lines.push("", "Demo logins", ...table(logins.map((l) => [l.what, l.email, l.password])));
  if (!demo) lines.push("", "People get into the console by: npm run admin -- invite EMAIL");
  lines.push("", `Logs are in ${logs}. Ctrl-C stops everything.`, "");
  return lines.join("\n");
}

function table(rows: string[][]): string[] {
  const widths = (rows[0] ?? []).map((_cell, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ")}`.trimEnd());
}
