import type { Diagnostic } from "../diagnostic.ts";
import { defaultExportMissing, moduleFailed } from "../errors.ts";
import { pathIn } from "../read/plan-source.ts";
import type { SourceReader } from "../read/reader.ts";
import { spanAt } from "../read/span.ts";
import type { Loaded } from "./message.ts";

/** Why a runbook could not be loaded, at the author's line. */
export function diagnose(
  reader: SourceReader,
  root: string,
  loaded: Exclude<Loaded, { readonly kind: "runbook" }>,
): Diagnostic {
  const problem =
    loaded.kind === "no runbook"
      ? defaultExportMissing(loaded.found)
      : { ...moduleFailed(loaded.error.message), ...(loaded.error.code && known(loaded.error)) };
  const place = (loaded.kind === "threw" ? loaded.error.places[0] : undefined) ?? {
    file: loaded.file,
    line: 1,
    column: 1,
  };
  return { ...problem, severity: "error", ...spanAt(reader, place), file: pathIn(root, place.file) };
}

function known({
  code = "",
  message,
  remedy = "",
}: {
  readonly code?: string;
  readonly message: string;
  readonly remedy?: string;
}): object {
  return { code, message, remedy };
}
