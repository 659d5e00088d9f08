/**
 * `npm run -s slots < case.json`: runs the availability engine on a case from standard input and prints times, windows or
 * explanations as JSON. The case's shape, with units, is in packages/core/README.md. A bad case names its field and exits 2.
 */
import { text } from "node:stream/consumers";
import { runCaseText } from "@pulsecal/core";

const result = runCaseText(await text(process.stdin));
if (result.ok) {
  process.stdout.write(`${JSON.stringify(result.output, null, 2)}\n`);
} else {
  process.stderr.write(`${result.field}: ${result.message}\n`);
  process.exitCode = 2;
}
