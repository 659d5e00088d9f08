import { createInterface } from "node:readline";
import { Writable } from "node:stream";
import { Trouble } from "../services/trouble.ts";

/** Reads a password without showing it: typed twice at a terminal, or the first line of what is piped in. */
export async function readPassword(): Promise<string> {
  if (!process.stdin.isTTY) return (await firstLine()) ?? noPassword();
  const first = await ask("Password (at least 15 characters): ");
  if ((await ask("Once more: ")) !== first) throw new Trouble("The two passwords differ; nothing was changed.");
  return first;
}

async function firstLine(): Promise<string | null> {
  for await (const line of createInterface({ input: process.stdin })) return line;
  return null;
}

function ask(question: string): Promise<string> {
  process.stderr.write(question);
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const terminal = createInterface({ input: process.stdin, output: silent, terminal: true });
  return new Promise((resolve, reject) => {
    terminal.once("SIGINT", () => {
      terminal.close();
      reject(new Trouble("\nNothing was changed."));
    });
    terminal.question("", (answer) => {
      terminal.close();
      process.stderr.write("\n");
      resolve(answer);
    });
  });
}

function noPassword(): never {
  throw new Trouble("No password was given: type one at a terminal, or pipe it in.");
}
