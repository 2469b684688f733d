import { readFileSync } from "node:fs";
import { secretMissing, secretUnread } from "./call-errors.ts";
import type { Prompt } from "./prompt.ts";

/** What the run's secrets hold. They are never journaled, and go nowhere but to a step's stdin. */
export class Secrets {
  readonly #held: ReadonlyMap<string, Uint8Array>;

  private constructor(held: ReadonlyMap<string, Uint8Array>) {
    this.#held = held;
  }

  /** Reads each from its file, or asks for it. @throws RunError DB3013, DB3014 */
  static async of(names: readonly string[], files: ReadonlyMap<string, string>, prompt: Prompt): Promise<Secrets> {
    const held = new Map<string, Uint8Array>();
    for (const name of names) {
      const file = files.get(name);
      if (file === undefined && !prompt.there) throw secretMissing(name);
      held.set(name, file === undefined ? Buffer.from(await prompt.askHidden(`${name}: `)) : read(name, file));
    }
    return new Secrets(held);
  }

  /** The bytes of a declared secret. */
  get(name: string): Uint8Array {
    const bytes = this.#held.get(name);
    if (!bytes) throw new TypeError(`The script does not declare the secret "${name}".`);
    return bytes;
  }
}

function read(name: string, file: string): Uint8Array {
  try {
    return readFileSync(file);
  } catch (error) {
    throw secretUnread(name, file, error instanceof Error ? error.message : String(error));
  }
}
