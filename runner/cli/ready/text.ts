import { harmless, styleOf } from "../../report/style.ts";
import type { Asked, Readiness } from "./findings.ts";

/** What stands against each runbook today, for a person; what is in order is one line. */
export function readyText(asked: readonly Asked[], verdict: Readiness): string {
  const style = styleOf(process.stdout);
  const mark = (readiness: Readiness): string => {
    const text = readiness.padEnd(9);
    return readiness === "ready" ? style.good(text) : style.bad(text);
  };
  const lines = asked.flatMap(({ runbook, params, readiness, findings }) => {
    const given = Object.entries(params).map(([name, text]) => ` --${name} ${text.replaceAll("\n", ",")}`);
    const against = findings.filter(({ state }) => state !== "ok");
    return [
      `${mark(readiness)}  ${style.bold(runbook)}${given.join("")}`,
      ...against.map(({ kind, state, host, what }) => {
        const said = harmless(what).replaceAll("\n", "\n             ");
        return `           ${state === "stops" ? kind : `${kind}?`}: ${host ? `${host}: ` : ""}${said}`;
      }),
    ];
  });
  return `${[...lines, "", `${verdict}; ${notCovered}`].join("\n")}\n`;
}

const notCovered =
  "not looked at: what only shows after a first change, what lies outside the bound hosts, and programs that no runbook names.";
