import type { Plan, Step } from "../../plan/plan.ts";
import type { Places } from "../load/message.ts";
import type { Place } from "../load/stack.ts";
import type { SourceReader } from "../read/reader.ts";
import { callAt } from "../read/stretch.ts";
import type { ShellParser } from "../shell/parse.ts";
import { shellTexts, type ShellText } from "../shell/text.ts";
import type { Stretch } from "./finding.ts";

/** What the rules read: a runbook's plan, its commands, and where all of it was written. */
export interface Subject {
  /** Absolute path of the runbook's file. */
  readonly file: string;
  /** The authors' files that it was made of. */
  readonly imports: readonly string[];
  readonly reader: SourceReader;
  readonly plan: Plan;
  readonly places: Places;
  readonly texts: readonly ShellText[];
  /** Where the runbook was declared. */
  readonly head: Stretch;
  /** Where a step was recorded. */
  stepAt(step: Step): Stretch;
}

interface Read {
  readonly file: string;
  readonly imports: readonly string[];
  readonly plan: Plan;
  readonly places: Places;
}

export function subjectOf({ file, imports, plan, places }: Read, reader: SourceReader, parse: ShellParser): Subject {
  const at = (place: Place = { file, line: 1, column: 1 }): Stretch => callAt(reader, place);
  return {
    file,
    imports,
    reader,
    plan,
    places,
    texts: shellTexts(plan, places, reader, parse),
    head: at(places.runbook[0]),
    stepAt: ({ id }) => at(places.steps[id]?.[0]),
  };
}
