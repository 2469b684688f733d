import { constantOf, expandedName, within } from "../shell/node.ts";
import { callsIn } from "../shell/programs.ts";
import { error } from "./finding.ts";
import { shellRule, type ReadableText } from "./rule.ts";
import { secretAsArgument, secretTraced } from "./shell-problems.ts";

// They run inside the shell: what they are given shows in no list of processes.
const builtins = new Set(["printf", "echo", "[", "test", "read", "export", "local", "declare", "unset"]);

/** A secret that a step reads stays out of its arguments and its output. */
export const secretLeakRule = shellRule("secret-leak", function* (text) {
  const { step, role } = text;
  if (step.kind !== "change" || role !== "run" || !step.stdin || !("secret" in step.stdin)) return;
  for (const { program, name, args } of callsIn(text.tree)) {
    const options = args.map((arg) => constantOf(arg) ?? "");
    if (program === "set" && options.some((option) => /^-[a-z]*x|^xtrace$/u.test(option))) {
      yield error(secretTraced(), text.at(name.start, name.end));
    }
    if (builtins.has(program)) continue;
    for (const node of args.flatMap((arg) => [...within(arg)])) {
      if (node.type === "ParamExp" && readNames(text).has(expandedName(node))) {
        yield error(secretAsArgument(expandedName(node)), text.at(node.start, node.end));
      }
    }
  }
});

/** The variables that the command reads its stdin into: by `read`, or as `name=$(cat)`. */
function readNames({ tree, command }: ReadableText): ReadonlySet<string> {
  const reads = callsIn(tree).filter(({ program }) => program === "read");
  const whole = [...command.text.matchAll(/\b(\w+)="?\$\((?:cat|<\s*\/dev\/stdin)\)/gu)].map(([, name = ""]) => name);
  return new Set([...whole, ...reads.flatMap(({ args }) => args.map((arg) => constantOf(arg) ?? ""))]);
}
