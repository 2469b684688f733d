import type { Adopted, Difference } from "../journal/record.ts";
import { stepOf } from "../journal/step-id.ts";
import { byId, changedLines } from "../runtime/script-difference.ts";
import type { Part, ScriptSteps } from "../runtime/script-steps.ts";
import { harmless } from "./style.ts";

/** What a person sees who is asked whether a run shall go on with a mended script. */
export function adoptionWords(
  { from, script, runtime, difference }: Pick<Adopted, "from" | "script" | "runtime" | "difference">,
  { before, now }: { readonly before: ScriptSteps; readonly now: ScriptSteps },
  recorded: readonly string[],
  next: string | undefined,
): readonly string[] {
  const onRecord = new Set(recorded.map(stepOf));
  const named = (steps: readonly string[]): string => steps.join(", ");
  const [was, is] = [byId(before), byId(now)];
  const { added, removed, moved, changed } = difference;
  const lines = [
    `The run began with another script: ${short(from.script)}, and this is ${short(script)}` +
      (from.runtime === runtime ? "." : `; the runtime was ${short(from.runtime)}, and is ${short(runtime)}.`),
    ...(added.length > 0 ? [`  added: ${named(added)}`] : []),
    ...(removed.length > 0 ? [`  removed: ${named(removed)}`] : []),
    ...(moved.length > 0 ? [`  moved: ${named(moved)}`] : []),
    ...Object.entries(changed).flatMap(([id, parts]) => [
      `  changed: ${id}${onRecord.has(id) ? " (begun or finished already)" : ""}: ${parts.join(", ")}`,
      ...parts.flatMap((part) =>
        changedLines(was.get(id)?.parts[part as Part], is.get(id)?.parts[part as Part]).map((line) => `      ${line}`),
      ),
    ]),
    ...(differenceWords(difference) === none ? ["  Its steps are the same."] : []),
    `What is finished stays as it is on record, and is not run again; next is ${next ?? "the end"}.`,
  ];
  return lines.map(harmless);
}

const none = "no step changed";

/** The difference in a line. */
export function differenceWords({ added, removed, moved, changed }: Difference): string {
  const parts = [
    ["added", added],
    ["removed", removed],
    ["moved", moved],
    ["changed", Object.keys(changed)],
  ] as const;
  const said = parts.flatMap(([what, steps]) => (steps.length > 0 ? [`${what} ${steps.join(", ")}`] : []));
  return said.join("; ") || none;
}

function short(digest: string): string {
  return digest.slice(0, 12);
}
