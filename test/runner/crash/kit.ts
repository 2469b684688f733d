import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { emitScript } from "../../../dsl/compile/emit/script.ts";
import { buildRuntime, placeRuntime, type RuntimeFile } from "../../../runner/build/runtime.ts";
import { sha256 } from "../../../runner/journal/line.ts";
import { runtimeName } from "../../../runner/runtime/kit-identity.ts";
import { supervisorText } from "../../../runner/transport/supervisor-text.ts";
import { everyKind } from "./book.ts";

/** The script of {@link everyKind}, with the runtime as it is, and with one whose supervisor has points. */
export interface Kit {
  readonly plain: string;
  readonly instrumented: string;
  /** What a script of this kit is run with. */
  readonly node: string;
  readonly runnerPoints: string;
}

/** @param folder of the kit; the seats are folders beside it */
export async function makeKit(folder: string): Promise<Kit> {
  const runtime = await buildRuntime();
  const script = async (name: string, file: RuntimeFile): Promise<string> => {
    const kit = join(folder, name);
    mkdirSync(kit, { recursive: true });
    await placeRuntime(kit, file);
    writeFileSync(join(kit, "every-kind.mjs"), emitScript(everyKind.plan, file));
    return join(kit, "every-kind.mjs");
  };
  return {
    plain: await script("plain", runtime),
    instrumented: await script("instrumented", withPoints(folder, runtime)),
    node: node ?? process.execPath,
    runnerPoints: path("runner-points.mjs"),
  };
}

/** The machine's own Node, which scripts must do with; the toolkit's newer one where there is no other. */
const node = (process.env["PATH"] ?? "")
  .split(delimiter)
  .filter((each) => !each.includes("node_modules"))
  .map((each) => join(each, "node"))
  .find((file) => existsSync(file));

const path = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/** The runtime with another text for its supervisor: bash, which tells what it executes, runs the true one with points. */
function withPoints(folder: string, { bytes }: RuntimeFile): RuntimeFile {
  const program = join(folder, "supervisor.sh");
  writeFileSync(program, `${points("m")}\n${inKeeper(supervisorText)}`);
  const start = `exec bash --posix --noprofile --norc -c "$(cat ${program})" drillbook "$1" "$2"\n`;
  const whole = /supervisorText = `(?:[^`\\]|\\.)*`/su;
  const text = new TextDecoder().decode(bytes);
  if (!whole.test(text)) throw new Error("the runtime's file holds no supervisor");
  const other = Buffer.from(text.replace(whole, () => `supervisorText = ${JSON.stringify(start)}`));
  const hash = sha256(other);
  return { bytes: other, sha256: hash, fileName: runtimeName(hash) };
}

/** Points in the bash that runs jobs, up to where a job's own text begins. */
function inKeeper(text: string): string {
  const jobs = text.replace("keep_jobs='", `keep_jobs='${points("k")}; `);
  const both = jobs.replace("set -euo pipefail; eval", "trap - DEBUG; set +T; set -euo pipefail; eval");
  if (jobs === text || both === jobs) throw new Error("the supervisor is another one");
  return both;
}

/** Seats are mounted where their hosts look. */
function points(process: string): string {
  return `points=/mnt/points _path=${process}; . ${path("supervisor-points.sh")}`;
}
