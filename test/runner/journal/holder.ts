import { basename, dirname } from "node:path";
import { holdRun } from "../../../runner/journal/hold.ts";
import { runFolder } from "../../../runner/journal/state.ts";

/** A process that takes a run when it is told to: says whether it could, and lives until its stdin ends. */
const [folder = ""] = process.argv.slice(2);
process.stdin.once("data", () => {
  try {
    holdRun(runFolder(dirname(folder), basename(folder)));
    process.stdout.write("held\n");
  } catch (error) {
    process.stdout.write(`${error instanceof Error ? error.message : String(error)}\n`);
  }
});
process.stdout.write("ready\n");
