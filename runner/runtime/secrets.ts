import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { secretMissing, secretUnread } from "./call-errors.ts";
import { Mask } from "./mask.ts";
import type { Prompt } from "./prompt.ts";

/** What the run's secrets hold. They are never journaled, and go nowhere but to a step's stdin. */
export class Secrets {
  readonly #held: ReadonlyMap<string, Uint8Array>;
  /** Finds them where they must not show. */
  readonly mask: Mask;

  private constructor(held: ReadonlyMap<string, Uint8Array>) {
    this.#held = held;
    this.mask = new Mask(held.values());
  }

  /**
   * Takes each from where it is said to be, or asks for it.
   * @param sources a file, `env:VARIABLE` or `cmd:COMMAND`, by the secret's name
   * @throws RunError DB3013, DB3014
   */
  static async of(names: readonly string[], sources: ReadonlyMap<string, string>, prompt: Prompt): Promise<Secrets> {
    const held = new Map<string, Uint8Array>();
    for (const name of names) {
      const source = sources.get(name);
      if (source === undefined && !prompt.there) throw secretMissing(name);
      const bytes = source === undefined ? Buffer.from(await prompt.askHidden(`${name}: `)) : taken(name, source);
      if (bytes.length === 0) throw secretUnread(name, source ?? "the terminal", "it is empty");
      held.set(name, bytes);
    }
    // What this process starts from now on does not inherit them.
    for (const source of sources.values()) if (source.startsWith("env:")) delete process.env[source.slice(4)];
    return new Secrets(held);
  }

  /** The bytes of a declared secret. */
  get(name: string): Uint8Array {
    const bytes = this.#held.get(name);
    if (!bytes) throw new TypeError(`The script does not declare the secret "${name}".`);
    return bytes;
  }
}

function taken(name: string, source: string): Uint8Array {
  if (source.startsWith("env:")) return fromVariable(name, source.slice(4));
  if (source.startsWith("cmd:")) return fromCommand(name, source.slice(4));
  try {
    return readFileSync(source);
  } catch (error) {
    throw secretUnread(name, source, error instanceof Error ? error.message : String(error));
  }
}

function fromVariable(name: string, variable: string): Uint8Array {
  const value = process.env[variable];
  if (value === undefined) throw secretUnread(name, `the variable ${variable}`, "it is not set");
  return Buffer.from(value);
}

/** What a command of the operator's prints, without one line break at its end. It may ask on the terminal. */
function fromCommand(name: string, command: string): Uint8Array {
  const { error, status, signal, stdout } = spawnSync("/bin/sh", ["-c", command], {
    stdio: ["inherit", "pipe", "inherit"],
  });
  if (error) throw secretUnread(name, `the command ${command}`, error.message);
  if (status !== 0)
    throw secretUnread(name, `the command ${command}`, `it ended with ${signal ?? `exit status ${status}`}`);
  return stdout.at(-1) === 0x0a ? stdout.subarray(0, -1) : stdout;
}
