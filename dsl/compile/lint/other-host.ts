import { callsIn } from "../shell/programs.ts";
import { error } from "./finding.ts";
import { shellRule } from "./rule.ts";
import { anotherHost } from "./shell-problems.ts";

const remote = new Set(["ssh", "pdsh", "mosh", "rsh", "telnet"]);

/** A step works on its own host. */
export const otherHostRule = shellRule("other-host", function* (text) {
  for (const { program, name } of callsIn(text.tree)) {
    if (remote.has(program)) yield error(anotherHost(program), text.at(name.start, name.end));
  }
});
