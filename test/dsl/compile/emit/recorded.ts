import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { ScriptHead } from "../../../../runner/runtime/script-api.ts";
import { projectFolder, type ProjectFolder } from "../project-folder.ts";

/** The runtime that scripts are emitted for here. */
export const runtime = { sha256: "5".repeat(64), fileName: "drillbook-runtime-555555555555.mjs" };

export interface Recorded {
  readonly head: ScriptHead;
  /** The steps that the script takes, in the form of a plan's; a `when` gives without its type. */
  readonly steps: readonly unknown[];
}

/** Runs scripts beside a runtime that only records what they say. */
export class ScriptRecorder implements AsyncDisposable {
  readonly #folder: ProjectFolder;
  readonly #process: ChildProcess;
  #count = 0;

  private constructor(folder: ProjectFolder, child: ChildProcess) {
    this.#folder = folder;
    this.#process = child;
  }

  static async start(): Promise<ScriptRecorder> {
    const folder = await projectFolder();
    const recording = new URL("recording-runtime.mjs", import.meta.url).href;
    await folder.write({ [runtime.fileName]: `export * from ${JSON.stringify(recording)};` });
    return new ScriptRecorder(folder, fork(fileURLToPath(new URL("recorder.mjs", import.meta.url))));
  }

  async record(script: string): Promise<Recorded> {
    this.#count += 1;
    const file = join(this.#folder.root, `script-${this.#count}.mjs`);
    await writeFile(file, script);
    this.#process.send({ script: file, runtime: join(this.#folder.root, runtime.fileName) });
    const [answer] = (await once(this.#process, "message")) as [
      { readonly recorded?: Recorded; readonly error?: string },
    ];
    if (!answer.recorded) throw new Error(`${answer.error}\n${script}`);
    return answer.recorded;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#process.kill();
    await this.#folder[Symbol.asyncDispose]();
  }
}
