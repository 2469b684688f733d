import { watch } from "node:fs";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";

/** Milliseconds without another event after which a save is taken to be complete. */
const quiet = 15;

/** The files that are written in a folder and below it, from now on. */
export class Changes {
  readonly #changed = new Set<string>();
  readonly #written = new Map<string, number>();
  #next = Promise.withResolvers<void>();

  /** @param folder absolute path */
  constructor(folder: string) {
    watch(folder, { recursive: true }, (_, name) => {
      if (name !== null) this.#changed.add(join(folder, name));
      this.#next.resolve();
    });
  }

  /** Waits for the next save, and gives the files that were written since the last. */
  async next(): Promise<readonly string[]> {
    for (;;) {
      await this.#next.promise;
      // One save is several events, and a file that is being written is not whole for a moment.
      for (let count = -1; count !== this.#changed.size; await setTimeout(quiet)) count = this.#changed.size;
      const changed = [...this.#changed];
      this.#changed.clear();
      this.#next = Promise.withResolvers();
      const written = await Promise.all(changed.map((file) => this.#isWritten(file)));
      const files = changed.filter((_, index) => written[index]);
      if (files.length > 0) return files;
    }
  }

  /** Whether a file has been written since it was last asked about; what is gone, is about to be replaced. */
  async #isWritten(file: string): Promise<boolean> {
    const at = await stat(file).then(
      ({ mtimeMs }) => mtimeMs,
      () => undefined,
    );
    const again = at === undefined || this.#written.get(file) === at;
    if (at !== undefined) this.#written.set(file, at);
    return !again;
  }
}
