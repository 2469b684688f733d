import { callsIn } from "../shell/programs.ts";
import { programTexts } from "../shell/interpreters.ts";
import { error } from "./finding.ts";
import { shellRule } from "./rule.ts";
import { valueAsText } from "./shell-problems.ts";

/** A value is never the text of a program: what `sh -c`, `psql -c`, awk or eval are given is constant. */
export const interpreterRule = shellRule("interpreter", function* (text) {
  for (const call of callsIn(text.tree)) {
    const { texts, remedy } = programTexts(call);
    for (const { offset, variable } of text.values) {
      if (!texts.some((word) => word.start <= offset && offset < word.end)) continue;
      yield error(valueAsText(variable, call.program, remedy), text.at(offset, offset + variable.length + 3));
    }
  }
});
