import { canonical } from "../plan/canonical.ts";
import type { Plan } from "../plan/plan.ts";
import type { Compilation } from "./compiled.ts";
import type { Diagnostic } from "./diagnostic.ts";
import { emitPage } from "./emit/page/page.ts";
import { emitScript } from "./emit/script.ts";
import { diagnose } from "./load/diagnose.ts";
import { Loader } from "./load/loader.ts";
import type { Loaded } from "./load/message.ts";
import { pathIn, readPlanSource } from "./read/plan-source.ts";
import { SourceReader } from "./read/reader.ts";
import { sha256 } from "./sha256.ts";

/** Compiles runbooks again and again: what did not change between two compilations is kept. */
export class Compiler implements AsyncDisposable {
  readonly #root: string;
  readonly #loader = new Loader();
  readonly #reader = new SourceReader();

  /** @param root the project's folder, absolute */
  constructor(root: string) {
    this.#root = root;
  }

  /** @param files absolute paths */
  async compile(files: readonly string[]): Promise<readonly Compilation[]> {
    const loaded = await this.#loader.load(files);
    this.#reader.refresh(loaded.flatMap(({ imports }) => imports));
    return loaded.map((each) => this.#finish(each));
  }

  #finish(loaded: Loaded): Compilation {
    const { imports } = loaded;
    const file = pathIn(this.#root, loaded.file);
    if (loaded.kind !== "runbook") {
      return { ok: false, file, imports, diagnostics: [diagnose(this.#reader, this.#root, loaded)] };
    }
    const planBytes = canonical(loaded.plan);
    // What is emitted is made from the bytes, so that it cannot hold more than they do.
    const plan = JSON.parse(planBytes) as Plan;
    const source = readPlanSource(this.#reader, this.#root, loaded.file, plan, loaded.places);
    const diagnostics: readonly Diagnostic[] = [];
    return {
      ok: true,
      file,
      imports,
      diagnostics,
      plan,
      planBytes,
      planSha256: sha256(planBytes),
      source,
      script: (runtime) => emitScript(plan, runtime),
      page: (rehearsals = []) => emitPage(plan, source, rehearsals),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#loader[Symbol.asyncDispose]();
  }
}
