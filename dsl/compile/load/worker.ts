/**
 * Imports runbooks in a thread of its own and sends their plans back. Every request reads the authors' modules anew, as
 * the version of that request: a runbook that was edited, or whose imports were, is never taken from a cache.
 */
import { registerHooks } from "node:module";
import { pathToFileURL } from "node:url";
import { parentPort } from "node:worker_threads";
import { AuthoringError } from "../../errors.ts";
import type { Plan } from "../../plan/plan.ts";
import { isTheirs } from "./authors.ts";
import type { Loaded, Request, Response, Thrown } from "./message.ts";
import { placesOf } from "./places.ts";
import { fileOf, placesIn } from "./stack.ts";

Error.stackTraceLimit = 50;
const imports = new Map<string, Set<string>>();
let version = 0;

registerHooks({
  resolve(specifier, context, next) {
    const resolved = next(specifier, context);
    const file = fileOf(resolved.url);
    if (file === undefined || !isTheirs(file)) return resolved;
    const importer = context.parentURL && fileOf(context.parentURL);
    if (importer) imports.set(importer, (imports.get(importer) ?? new Set()).add(file));
    return { ...resolved, url: versioned(file) };
  },
});

parentPort?.on("message", (request: Request) => void answer(request));

async function answer({ files }: Request): Promise<void> {
  version += 1;
  imports.clear();
  const loaded: Loaded[] = [];
  for (const file of files) loaded.push(await load(file));
  parentPort?.postMessage({ loaded } satisfies Response);
}

async function load(file: string): Promise<Loaded> {
  try {
    const module = (await import(versioned(file))) as { readonly default?: unknown };
    const made = module.default;
    if (!isRunbook(made)) return { kind: "no runbook", file, found: describe(made), imports: reachedFrom(file) };
    return { kind: "runbook", file, plan: made.plan, places: placesOf(made.plan), imports: reachedFrom(file) };
  } catch (error) {
    return { kind: "threw", file, error: thrown(error), imports: reachedFrom(file) };
  }
}

function versioned(file: string): string {
  return `${pathToFileURL(file).href}?version=${version}`;
}

function isRunbook(made: unknown): made is { readonly kind: "runbook"; readonly plan: Plan } {
  return typeof made === "object" && made !== null && "kind" in made && made.kind === "runbook" && "plan" in made;
}

function describe(made: unknown): string {
  if (made === undefined) return "nothing";
  return `a ${typeof made === "object" && made !== null && "kind" in made ? String(made.kind) : typeof made}`;
}

/** The authors' files that a module reaches, itself first. */
function reachedFrom(file: string, seen = new Set<string>()): readonly string[] {
  if (!seen.has(file)) {
    seen.add(file);
    for (const next of imports.get(file) ?? []) reachedFrom(next, seen);
  }
  return [...seen];
}

function thrown(error: unknown): Thrown {
  if (!(error instanceof Error)) return { message: String(error), places: [] };
  const places = placesIn(error.stack ?? "").filter(({ file }) => isTheirs(file));
  if (error instanceof AuthoringError) return { code: error.code, message: error.what, remedy: error.remedy, places };
  return { message: `${error.name}: ${error.message}`, places };
}
