import { pathToFileURL } from "node:url";
import { exitCode } from "../exit-codes.ts";
import { loadProject } from "../project.ts";
import { styleOf } from "../report/style.ts";
import { noDiagnosis } from "./errors.ts";

/** One thing that drills need of this machine, as a project's worlds module tells it. */
interface Finding {
  readonly what: string;
  readonly state: "ok" | "missing" | "cannot";
  readonly seen: string;
  readonly remedy?: string;
}

/** Says what the project's worlds find of what they need. Resolves with 3 where something must be mended. @throws RunError */
export async function examine(options: { readonly json?: true }): Promise<number> {
  const { worlds } = await loadProject(process.cwd());
  const module = (await import(pathToFileURL(worlds).href)) as { readonly diagnose?: () => Promise<Finding[]> };
  if (!module.diagnose) throw noDiagnosis(worlds);
  const findings = await module.diagnose();
  process.stdout.write(options.json ? `${JSON.stringify({ v: 1, findings })}\n` : findings.map(line).join(""));
  return findings.every(({ state }) => state === "ok") ? exitCode.success : exitCode.refused;
}

function line({ what, state, seen, remedy }: Finding): string {
  const style = styleOf(process.stdout);
  const mark = state === "ok" ? style.good("ok     ") : style.bad(state.padEnd(7));
  return `${mark}  ${style.bold(what)}: ${seen}\n${remedy ? `         ${remedy.split("\n").join("\n         ")}\n` : ""}`;
}
