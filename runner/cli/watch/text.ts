import { harmless, type Style } from "../../report/style.ts";
import { isWrong, type Copy, type Watched } from "./copies.ts";

/** What a watch came to, for a person: what is wrong first, and what is sound in a line a host. */
export function watchText({ verdict, copies, unanswered }: Watched, style: Style): string {
  const wrong = copies.filter(isWrong);
  const sound = Map.groupBy(
    copies.filter((copy) => !isWrong(copy)),
    callName,
  );
  return [
    ...wrong.map((copy) => `${style.bad(copy.state.padEnd(9))}  ${style.bold(callName(copy))}: ${sentence(copy)}`),
    ...unanswered.map((each) => `${style.bad("no answer")}  ${style.bold(callName(each))}: ${indented(each.why)}`),
    ...[...sound].map(
      ([call, each]) => `${style.good("fresh    ")}  ${style.bold(call)}: ${each.map(briefly).join(", ")}`,
    ),
    "",
    `${verdict}: ${copies.length} copies, ${wrong.length} of them wrong; checks without an answer: ${unanswered.length}`,
    "",
  ].join("\n");
}

/** The same in a line, for a pager. */
export function watchLine({ verdict, copies, unanswered }: Watched): string {
  const wrong = copies.filter(isWrong).map((copy) => `${callName(copy)}: ${copy.set} ${copy.state}`);
  return [verdict, ...wrong, ...unanswered.map((each) => `${callName(each)}: no answer`)].map(harmless).join("; ");
}

function sentence({ set, moment, why }: Copy): string {
  const newest = moment === null ? `${set}, of which no copy is whole` : `${set}, the newest whole one is of ${moment}`;
  return indented(why === "" ? newest : `${newest}; ${why}`);
}

function briefly({ set, moment }: Copy): string {
  return `${set} ${moment?.slice(0, 16) ?? ""}Z`;
}

function callName({ runbook, params }: { readonly runbook: string; readonly params: Copy["params"] }): string {
  return [runbook, ...Object.values(params)].join(" ");
}

function indented(text: string): string {
  return harmless(text).replaceAll("\n", "\n           ");
}
