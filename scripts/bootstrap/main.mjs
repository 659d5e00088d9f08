import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import process from "node:process";
import { childEnvironment, requireWritableFolders, root, state, Trouble } from "./environment.mjs";
import { fetchPnpm, install, isInstalled, node24 } from "./install.mjs";
import { withLock } from "./lock.mjs";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"];

/** Makes the clone ready and hands over to `scripts/<command>.ts` on Node 24. */
export async function run(command, args) {
  const script = join(root, "scripts", `${command}.ts`);
  const tools = [join(root, "node_modules/.bin")];
  try {
    if (!existsSync(script)) throw new Trouble(`The command ${command} is not part of this version.`);
    requireWritableFolders();
    if (!isInstalled()) {
      await withLock(
        join(state, "install.lock"),
        async () => {
          if (!isInstalled()) await install(say);
        },
        () => say("Another command is installing packages in this clone; waiting for it ..."),
      );
    }
    // turbo runs each package's script through the package manager and looks for it on PATH
    if (command === "check") tools.push(dirname(await fetchPnpm(say)));
  } catch (error) {
    if (!(error instanceof Trouble)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
  handOver(script, args, tools);
}

function say(text) {
  process.stderr.write(`${text}\n`);
}

function handOver(script, args, tools) {
  const env = childEnvironment();
  if (process.env.NODE_ENV !== undefined) env.NODE_ENV = process.env.NODE_ENV;
  env.PATH = [...tools, env.PATH].join(delimiter);
  env.PULSECAL_PARENT = String(process.pid);
  const child = spawn(node24, [script, ...args], { stdio: "inherit", env });
  const forward = (signal) => child.kill(signal);
  for (const signal of SIGNALS) process.on(signal, forward);
  watchParent(() => child.kill("SIGTERM"));
  child.on("error", (error) => {
    say(`Node 24 could not be started: ${error.message}`);
    process.exit(1);
  });
  child.on("exit", (code, signal) => {
    for (const name of SIGNALS) process.removeListener(name, forward);
    if (signal) process.kill(process.pid, signal);
    else process.exit(code ?? 1);
  });
}

// npm forwards SIGINT and SIGTERM only; when it dies of anything else, what it started must not stay behind.
function watchParent(onGone) {
  if (!process.env.npm_lifecycle_event) return;
  const parent = process.ppid;
  // A shell between npm and us outlives npm: then it is the shell's parent that must stay the same.
  const caller = isShell(parent) ? parentOf(parent) : null;
  const watch = setInterval(() => {
    if (process.ppid === parent && (caller === null || parentOf(parent) === caller)) return;
    clearInterval(watch);
    onGone();
  }, 500);
  watch.unref();
}

function isShell(pid) {
  return /^(\/\S*\/)?(ba|da|z|k)?sh[\0 ]-/.test(contentOf(`/proc/${pid}/cmdline`));
}

function parentOf(pid) {
  return (
    Number(
      contentOf(`/proc/${pid}/stat`)
        .replace(/^.*\) /s, "")
        .split(" ")[1],
    ) || null
  );
}

function contentOf(file) {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return ""; // no /proc here, or the process is gone
  }
}
