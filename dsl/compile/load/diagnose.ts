import { defaultExportMissing, moduleFailed, twoDefaultExports } from "../errors.ts";
import { error, type Finding } from "../lint/finding.ts";
import { stretchOf } from "../lint/source-rule.ts";
import type { SourceReader } from "../read/reader.ts";
import { expressionAt } from "../read/stretch.ts";
import type { Loaded, Thrown } from "./message.ts";

/** Why a runbook could not be loaded, at the author's line. */
export function diagnose(reader: SourceReader, loaded: Exclude<Loaded, { readonly kind: "runbook" }>): Finding {
  const second = reader.file(loaded.file).getExportAssignments()[1];
  if (second) return error(twoDefaultExports(), stretchOf(second));
  if (loaded.kind === "no runbook") {
    return error(defaultExportMissing(loaded.found), { file: loaded.file, start: 0, end: 0 });
  }
  const [place = { file: loaded.file, line: 1, column: 1 }] = loaded.error.places;
  return error(problemOf(loaded.error), expressionAt(reader, place));
}

function problemOf({ code, message, remedy = "" }: Thrown): ReturnType<typeof moduleFailed> {
  return code === undefined ? moduleFailed(message) : { code, message, remedy };
}
