import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type { Loaded, Request, Response } from "./message.ts";

/** Imports runbooks, each time afresh, in a thread that stays until it is disposed. */
export class Loader implements AsyncDisposable {
  #worker: Worker | undefined;

  /**
   * The plans of runbooks, in the order of the files.
   * @param files absolute paths
   */
  async load(files: readonly string[]): Promise<readonly Loaded[]> {
    const worker = (this.#worker ??= start());
    worker.postMessage({ files } satisfies Request);
    const [answer] = (await Promise.race([once(worker, "message"), once(worker, "exit")])) as [Response | number];
    if (typeof answer === "object") return answer.loaded;
    this.#worker = undefined;
    const message = "The module ended the thread that imported it.";
    return files.map((file) => ({ kind: "threw", file, imports: [file], error: { message, places: [] } }));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#worker?.terminate();
  }
}

function start(): Worker {
  // The same extension as this module: TypeScript in the repository, JavaScript in the package.
  return new Worker(new URL(import.meta.url.replace(/loader(\.\w+)$/u, "worker$1")));
}
