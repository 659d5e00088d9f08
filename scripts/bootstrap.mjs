// Every npm script of the root runs through this file, so each works first in a clone without node_modules.
// It stays readable for old Node versions, which get a sentence in place of a syntax error.
import process from "process";

const COMMANDS = "start, dev, test, check, build, generate, db, proofs, bench, admin, slots";

function refuse(sentence) {
  process.stderr.write(sentence + "\n");
  process.exit(1);
}

const command = process.argv[2];
if (Number(process.versions.node.split(".")[0]) < 18) {
  refuse("PulseCal needs Node 18 or newer to set itself up; this is Node " + process.versions.node + ".");
} else if (process.platform === "win32") {
  refuse("PulseCal does not run on Windows itself; run it inside WSL.");
} else if (!COMMANDS.split(", ").includes(command)) {
  refuse("Unknown command " + (command || "(none)") + "; there are: " + COMMANDS + ".");
} else {
  void import("./bootstrap/main.mjs").then((main) => main.run(command, process.argv.slice(3)));
}
