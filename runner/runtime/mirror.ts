import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { RunFolder } from "../journal/state.ts";
import type { Connection } from "../transport/transport.ts";
import { MirrorCopy } from "./mirror-copy.ts";

/** How long a change waits for the mirror to have its intent, in milliseconds. */
const patienceMs = 60_000;

type Using = (work: (connection: Connection) => Promise<void>) => Promise<void>;

/**
 * A copy of a run's record on a host that survives, for whoever has to go on from elsewhere. It follows the files on
 * this machine's disk. Once it is lost it stays so until a resume, and the run goes on without it.
 */
export class Mirror {
  readonly #folder: RunFolder;
  readonly #using: Using;
  readonly #onLost: (why: string) => void;
  /** By file: how much of it is there. */
  readonly #sent = new Map<string, number>();
  #passes: Promise<void> = Promise.resolve();
  #waiting = false;
  #pruned = false;
  #lost: string | undefined;

  /**
   * @param using does something on the host's live connection
   * @param onLost called once, when the copy cannot be kept up
   */
  constructor(folder: RunFolder, using: Using, onLost: (why: string) => void) {
    this.#folder = folder;
    this.#using = using;
    this.#onLost = onLost;
  }

  /** Why it is not kept up any more, where it is not. */
  get lost(): string | undefined {
    return this.#lost;
  }

  /** Something was written: the copy is to follow. */
  push(): void {
    if (this.#waiting || this.#lost !== undefined) return;
    this.#waiting = true;
    this.#passes = this.#passes.then(() => this.#pass());
  }

  /** Waits until the copy has all that was written so far, or is given up. */
  async settled(): Promise<void> {
    if (this.#lost !== undefined) return;
    const late = new AbortController();
    const given = pause(patienceMs, "late", { signal: late.signal }).catch(() => "late");
    const first = await Promise.race([this.#passes, given]);
    late.abort();
    if (first === "late") this.#give(`it did not answer within ${patienceMs / 1000} s`);
  }

  async #pass(): Promise<void> {
    this.#waiting = false;
    if (this.#lost !== undefined) return;
    try {
      await this.#using(async (connection) => {
        const copy = new MirrorCopy(connection, this.#folder.run);
        // The journal last: what it tells of is there already.
        for (const file of this.#files()) await this.#send(copy, file);
        if (!this.#pruned) await copy.prune();
        this.#pruned = true;
      });
    } catch (error) {
      this.#give(error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error));
    }
  }

  #files(): readonly string[] {
    const inside = (name: "kit" | "output"): readonly string[] =>
      readdirSync(this.#folder[name])
        .map((file) => join(name, file))
        .filter((file) => !this.#sent.has(file));
    return [...inside("kit"), ...["called.json"].filter((file) => !this.#sent.has(file)), ...inside("output"), journal];
  }

  async #send(copy: MirrorCopy, file: string): Promise<void> {
    const bytes = readFileSync(join(this.#folder.path, file));
    const at = this.#sent.get(file) ?? 0;
    const until = file === journal ? bytes.lastIndexOf(0x0a) + 1 : bytes.length;
    if (until > at) await copy.put(file, at, bytes.subarray(at, until));
    this.#sent.set(file, until);
  }

  #give(why: string): void {
    if (this.#lost !== undefined) return;
    this.#lost = why;
    this.#onLost(why);
  }
}

const journal = "journal.jsonl";
