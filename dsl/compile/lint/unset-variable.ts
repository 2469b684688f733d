import { variableOf } from "../../shell.ts";
import type { Plan } from "../../plan/plan.ts";
import { walk } from "../../plan/walk.ts";
import { expandedName, within } from "../shell/node.ts";
import { callsIn } from "../shell/programs.ts";
import { assignedIn } from "../shell/variables.ts";
import { error } from "./finding.ts";
import { shellRule } from "./rule.ts";
import { valueByName, variableUnset } from "./shell-problems.ts";

// What bash sets itself, and what the declared environment of a step holds.
const given = new Set(
  (
    "BASH BASHPID BASH_REMATCH BASH_SOURCE BASH_VERSION BASH_VERSINFO EPOCHREALTIME EPOCHSECONDS EUID FUNCNAME GROUPS " +
    "HOME HOSTNAME HOSTTYPE IFS LANG LC_ALL LINENO LOGNAME MACHTYPE OLDPWD OPTIND OSTYPE PATH PIPESTATUS PPID PWD RANDOM " +
    "SECONDS SHELL SHLVL SRANDOM UID USER"
  ).split(" "),
);

/** Every variable that a command expands is set in it: by a binding, by the text, or by bash. */
export const unsetVariableRule = shellRule("unset-variable", function* (text, { plan }) {
  // What a sourced file sets cannot be seen from here.
  if (callsIn(text.tree).some(({ program }) => program === "." || program === "source")) return;
  const assigned = assignedIn(text.tree);
  const values = valueNames(plan);
  const bound = new Set(text.values.map(({ offset }) => offset + 1));
  for (const node of within(text.tree)) {
    if (node.type !== "ParamExp" || bound.has(node.start)) continue;
    const name = expandedName(node);
    const written = text.command.text.slice(node.start, node.end);
    if (!/^[A-Za-z_]\w*$/u.test(name) || assigned.has(name) || given.has(name) || hasDefault(written)) continue;
    yield error(values.has(name) ? valueByName(name) : variableUnset(name), text.at(node.start, node.end));
  }
});

/** `${x:-…}`, `${x-…}`, `${x:=…}`, `${x:?…}`, `${x+…}`: what to do when it is not set is said. */
function hasDefault(expansion: string): boolean {
  return /^\$\{\w+(?:\[[^\]]*\])?:?[-=?+]/u.test(expansion);
}

function valueNames(plan: Plan): ReadonlySet<string> {
  const steps = [...walk(plan.steps)].flatMap(({ id, kind }) =>
    kind === "read" || kind === "when"
      ? [`step:${id}`]
      : kind === "for-each" || kind === "on-each"
        ? [`item:${id}`]
        : [],
  );
  return new Set([...steps, ...Object.keys(plan.params).map((name) => `param:${name}`)].map(variableOf));
}
