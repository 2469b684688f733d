import { $ as zx, type ProcessPromise } from "zx/core";
import { assemble } from "../../dsl/template.ts";
import type { Execution, Result } from "../transport/transport.ts";
import { hostProcess } from "./host-process.ts";
import type { HostShell, RunValue, ShellCall } from "./script-api.ts";
import { held, type Held } from "./value.ts";

/** A command of a script: its constant text, and the values that stand in it. */
export interface HostCommand {
  readonly text: string;
  readonly values: readonly Held[];
}

/** The values of a command as its shell variables. */
export function variables(command: HostCommand): Readonly<Record<string, string>> {
  return Object.fromEntries(command.values.map((each) => [each.name, each.text]));
}

/** Makes a script's call with a zx shell whose commands `start` sends to the host. Resolves with all bytes. */
export async function observe(call: ShellCall, start: (command: HostCommand) => Execution): Promise<Result> {
  const started: Execution[] = [];
  await call(
    shell((command) => {
      const execution = start(command);
      started.push(execution);
      return zx({
        ...settings,
        spawn: (() => hostProcess(execution)) as unknown as typeof zx.spawn,
      })`${command.text}`;
    }),
  );
  const [only] = started;
  if (!only || started.length > 1) throw new TypeError("A step's call runs one command, with the $ that it is given.");
  return await only.result;
}

/** The command that a script's call would run. */
export function commandOf(call: ShellCall): HostCommand {
  const seen: HostCommand[] = [];
  void call(
    shell((command) => {
      seen.push(command);
      return zx({ ...settings, halt: true })`${command.text}`;
    }),
  );
  const [only] = seen;
  if (!only) throw new TypeError("A step's call runs one command, with the $ that it is given.");
  return only;
}

// The text is whole when zx gets it, so nothing is quoted, and nothing is put before or behind it.
const settings = {
  shell: true as const,
  prefix: "",
  postfix: "",
  quote: (text: string) => text,
  nothrow: true,
  quiet: true,
  verbose: false,
};

function shell(run: (command: HostCommand) => ProcessPromise): HostShell {
  return (pieces: TemplateStringsArray, ...words: readonly RunValue[]) => {
    const values = words.map(held);
    return run({
      text: assemble(
        pieces.raw,
        values.map(({ name }) => name),
      ),
      values,
    });
  };
}
