import type { ChangeStep, Command, ReadStep } from "../../../plan/plan.ts";
import { variableOf } from "../../../shell.ts";
import { variableName } from "../../../identifier.ts";
import { block } from "./markdown.ts";

// As the run's own shells are: strict, and not in a folder that the account may not enter.
const strictly = "set -euo pipefail; cd /";
const status = 'echo "exit status: $?"';

/** A command as it runs, in a shell of its own that ends where the run's would, with its status told. */
export function commandBlock({ text }: Command): string {
  return block(`(${strictly}; exec < /dev/null\n${text}\n); ${status}`);
}

/** The command of a read: what it prints is kept in the variable of its value, and shown. */
export function readBlock({ id, run }: ReadStep): string {
  const name = variableOf(`step:${id}`);
  return block(`${name}=$(${strictly}; exec < /dev/null\n${run.text}\n); ${status}; printf '%s\\n' "$${name}"`);
}

/** The command of a change, fed what it reads. A secret is typed unseen and forgotten. */
export function changeBlocks({ run, stdin }: ChangeStep): readonly string[] {
  if (!stdin) return [commandBlock(run)];
  const name = "ref" in stdin ? variableOf(stdin.ref) : variableName(stdin.secret);
  const fed = `printf '%s' "$${name}" | (${strictly}\n${run.text}\n); echo "exit status: \${PIPESTATUS[1]}"`;
  if ("ref" in stdin) return [block(fed)];
  return [block(`IFS= read -rs ${name}`), block(`${fed}; unset ${name}`)];
}
