import type { Difference } from "../journal/record.ts";
import type { Part, ScriptStep, ScriptSteps } from "./script-steps.ts";

/** What is different in a script, step by step. Steps are the same by their ids. */
export function differenceOf(was: ScriptSteps, is: ScriptSteps): Difference {
  const [before, now] = [byId(was), byId(is)];
  const stayed = is.steps.flatMap(({ id }) => (before.has(id) ? [id] : []));
  const inOrder = new Set(common([...before.keys()], stayed));
  return {
    added: [...now.keys()].filter((id) => !before.has(id)),
    removed: [...before.keys()].filter((id) => !now.has(id)),
    moved: stayed.filter((id) => !inOrder.has(id)),
    changed: Object.fromEntries(
      stayed.flatMap((id) => {
        const parts = changedParts(before.get(id), now.get(id));
        return parts.length > 0 ? [[id, parts] as const] : [];
      }),
    ),
  };
}

export function byId({ steps }: ScriptSteps): ReadonlyMap<string, ScriptStep> {
  return new Map(steps.map((step) => [step.id, step]));
}

/** The parts in which two forms of a step differ. */
export function changedParts(was: ScriptStep | undefined, is: ScriptStep | undefined): readonly (Part | "kind")[] {
  const parts = new Set([...Object.keys(was?.parts ?? {}), ...Object.keys(is?.parts ?? {})] as Part[]);
  const differing = [...parts].filter((part) => was?.parts[part] !== is?.parts[part]);
  return was?.kind === is?.kind ? differing : ["kind", ...differing];
}

/** A text's lines that are gone, behind a minus, and those that are new, behind a plus. */
export function changedLines(was = "", is = ""): readonly string[] {
  const [before, now] = [was, is].map((text) => (text === "" ? [] : text.split("\n"))) as [string[], string[]];
  const lines: string[] = [];
  for (const kept of [...common(before, now), undefined]) {
    while (before.length > 0 && before[0] !== kept) lines.push(`- ${before.shift()}`);
    while (now.length > 0 && now[0] !== kept) lines.push(`+ ${now.shift()}`);
    before.shift();
    now.shift();
  }
  return lines;
}

/** The longest sequence that two have in common, in its order. */
function common(left: readonly string[], right: readonly string[]): readonly string[] {
  const empty: readonly string[] = [];
  let row = right.map(() => empty);
  for (const each of left.toReversed()) {
    const below = row;
    row = [...below];
    for (let at = right.length - 1; at >= 0; at -= 1) {
      const [down, along] = [below[at] ?? empty, row[at + 1] ?? empty];
      const longer = down.length >= along.length ? down : along;
      row[at] = right[at] === each ? [each, ...(below[at + 1] ?? empty)] : longer;
    }
  }
  return row[0] ?? empty;
}
