import { relative } from "node:path";
import { shellWord } from "../report/words.ts";
import type { Prepared } from "./prepare.ts";

/** Writes calls of this script, as they can be typed. */
export function commandLine({ kit, call }: Prepared): (...words: readonly string[]) => string {
  const state = call.state === undefined ? [] : ["--state", call.state];
  const near = relative(process.cwd(), kit.script.path);
  const script = ["node", near.startsWith("..") ? kit.script.path : near];
  return (...words) => [...script, ...words, ...state].map(shellWord).join(" ");
}

/**
 * Commands that are safe after a run that stopped, with what each does.
 * @param undoable whether changes are in effect that can still be taken back
 */
export function nextCommands(
  prepared: Prepared,
  run: string,
  undoable: boolean,
): readonly (readonly [command: string, what: string])[] {
  const { binding, begin } = prepared;
  const params = Object.entries(begin.params).flatMap(([name, text]) => [`--${name}`, text]);
  const command = commandLine(prepared);
  const undo = [command("--undo", run), "shows what can be taken back, asks, and takes it back"] as const;
  return [
    [
      command("--plan", "--binding", binding.path, ...params),
      "looks, and says what is in effect and what is left; changes nothing",
    ],
    [command("--resume", run), "goes on with this run; completed steps are not run again"],
    ...(undoable ? [undo] : []),
  ];
}
