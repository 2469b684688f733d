import { exitCode } from "../exit-codes.ts";
import type { Record as JournalRecord } from "../journal/record.ts";
import { stepOf } from "../journal/step-id.ts";
import type { OperatorResult } from "./world.ts";

/** Why a script stopped, in one line: the step and what was seen of it, or what its exit code means. */
export function whyItStopped(
  { code, stderr }: OperatorResult,
  records: readonly JournalRecord[],
  titles: ReadonlyMap<string, string>,
): string {
  const blamed = records.findLast(isToBlame);
  if (!blamed) return `${meaning(code)}: ${errorLine(stderr) ?? (lastWords(stderr) || "it said nothing")}`;
  return `"${titles.get(stepOf(blamed.step)) ?? blamed.step}" ${seen(blamed)}`;
}

type Blamed = JournalRecord & { readonly type: "failed" | "unknown" | "guard" };

const isToBlame = (record: JournalRecord): record is Blamed =>
  record.type === "failed" || record.type === "unknown" || (record.type === "guard" && record.data.answer !== "yes");

function seen(record: Blamed): string {
  switch (record.type) {
    case "failed": {
      const { what, status, stderr, stdout } = record.data;
      return `failed (${what}, exit status ${status}): ${lastWords(stderr.tail) || lastWords(stdout.tail) || "it said nothing"}`;
    }
    case "unknown":
      return `came to an unknown end (${record.data.what}): ${record.data.why}`;
    case "guard":
      return [`was refused: "${record.data.title}" says ${record.data.answer}`, record.data.detail]
        .filter(Boolean)
        .join(": ");
  }
}

/** The line with which an error of ours begins; the way out stands below it. */
const errorLine = (text: string): string | undefined => /\bDB\d{4} .*/u.exec(text)?.[0];

/** Programs say in their last lines why they stopped. */
const lastWords = (text: string): string =>
  text
    .trim()
    .split("\n")
    .slice(-3)
    .map((line) => line.trim())
    .join(" ");

function meaning(code: number): string {
  const [name] = Object.entries(exitCode).find(([, value]) => value === code) ?? [];
  return name ? `the script answered ${code} (${name})` : `the script ended with ${code}`;
}
