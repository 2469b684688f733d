import { relative } from "node:path";
import { shellWord } from "../report/words.ts";
import type { Prepared } from "./prepare.ts";

/** Commands that are safe after a run that stopped, with what each does. */
export function nextCommands(
  { kit, binding, call, begin }: Prepared,
  run: string,
): readonly (readonly [command: string, what: string])[] {
  const state = call.state === undefined ? [] : ["--state", call.state];
  const near = relative(process.cwd(), kit.script.path);
  const script = ["node", near.startsWith("..") ? kit.script.path : near];
  const params = Object.entries(begin.params).flatMap(([name, text]) => [`--${name}`, text]);
  const command = (...words: readonly string[]): string => [...script, ...words, ...state].map(shellWord).join(" ");
  return [
    [
      command("--plan", "--binding", binding.path, ...params),
      "looks, and says what is in effect and what is left; changes nothing",
    ],
    [command("--resume", run), "goes on with this run; completed steps are not run again"],
  ];
}
