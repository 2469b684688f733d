import { canonical } from "../plan/canonical.ts";
import type { Plan } from "../plan/plan.ts";
import type { Compilation } from "./compiled.ts";
import type { Diagnostic } from "./diagnostic.ts";
import { emitPage } from "./emit/page/page.ts";
import { emitScript } from "./emit/script.ts";
import { invalidPlan } from "./errors.ts";
import { diagnosticsOf } from "./lint/diagnostics.ts";
import { error, type Finding } from "./lint/finding.ts";
import { lint, lintSource } from "./lint/index.ts";
import { subjectOf } from "./lint/subject.ts";
import { diagnose } from "./load/diagnose.ts";
import { Loader } from "./load/loader.ts";
import type { Loaded } from "./load/message.ts";
import { pathIn } from "./read/path-in.ts";
import { readPlanSource } from "./read/plan-source.ts";
import { SourceReader } from "./read/reader.ts";
import { sha256 } from "./sha256.ts";
import { shellParser, type Parsed, type ShellParser } from "./shell/parse.ts";
import { planErrors } from "./validate/plan.ts";

type LoadedRunbook = Extract<Loaded, { readonly kind: "runbook" }>;

/** Compiles runbooks again and again: what did not change between two compilations is kept. */
export class Compiler implements AsyncDisposable {
  readonly #root: string;
  readonly #loader = new Loader();
  readonly #reader = new SourceReader();
  #parsed = new Map<string, Parsed>();

  /** @param root the project's folder, absolute */
  constructor(root: string) {
    this.#root = root;
  }

  /** @param files absolute paths */
  async compile(files: readonly string[]): Promise<readonly Compilation[]> {
    const [loaded, parser] = await Promise.all([this.#loader.load(files), shellParser()]);
    const parse = this.#remembering(parser);
    this.#reader.refresh(loaded.flatMap(({ imports }) => imports));
    return loaded.map((each) => {
      const diagnostics = diagnosticsOf(this.#findings(each, parse), this.#reader, this.#root);
      return this.#finish(each, diagnostics);
    });
  }

  /** Most commands are as they were at the last compilation: what was read of those is kept, and nothing older. */
  #remembering(parser: ShellParser): ShellParser {
    const last = this.#parsed;
    const now = new Map<string, Parsed>();
    this.#parsed = now;
    return (text) => {
      const parsed = now.get(text) ?? last.get(text) ?? parser(text);
      now.set(text, parsed);
      return parsed;
    };
  }

  #findings(loaded: Loaded, parse: ShellParser): readonly Finding[] {
    const reader = this.#reader;
    if (loaded.kind !== "runbook") {
      const cause = diagnose(reader, loaded);
      const found = lintSource({ imports: loaded.imports, reader });
      // What a rule has found where the body threw says the same, and at the very word.
      const told = found.some(
        ({ at }) => at.file === cause.at.file && at.start <= cause.at.end && cause.at.start <= at.end,
      );
      return told ? found : [cause, ...found];
    }
    const subject = subjectOf(loaded, reader, parse);
    const invalid = planErrors(loaded.plan).map((what) => error(invalidPlan(what), subject.head));
    return [...invalid, ...lint(subject)];
  }

  #finish(loaded: Loaded, diagnostics: readonly Diagnostic[]): Compilation {
    const { imports } = loaded;
    const file = pathIn(this.#root, loaded.file);
    const refused = diagnostics.some(({ severity }) => severity === "error");
    if (loaded.kind !== "runbook" || refused) return { ok: false, file, imports, diagnostics };
    return { ok: true, file, imports, diagnostics, ...this.#products(loaded) };
  }

  #products({ file, plan: recorded, places }: LoadedRunbook) {
    const planBytes = canonical(recorded);
    // What is emitted is made from the bytes, so that it cannot hold more than they do.
    const plan = JSON.parse(planBytes) as Plan;
    const source = readPlanSource(this.#reader, this.#root, file, plan, places);
    return {
      plan,
      planBytes,
      planSha256: sha256(planBytes),
      source,
      script: (runtime: Parameters<typeof emitScript>[1]) => emitScript(plan, runtime),
      page: (rehearsals: Parameters<typeof emitPage>[2] = []) => emitPage(plan, source, rehearsals),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#loader[Symbol.asyncDispose]();
  }
}
