import { canonical } from "../../plan/canonical.ts";
import type { Plan } from "../../plan/plan.ts";
import { usedBy } from "../../plan/refs.ts";
import { walk } from "../../plan/walk.ts";
import { sha256 } from "../sha256.ts";
import { literal } from "./literal.ts";
import { namesOf } from "./names.ts";
import { StepWriter } from "./step.ts";

/** The runtime file that a script is made for, and imports from beside itself. */
export interface RuntimeFile {
  /** SHA-256 of its bytes, hex. */
  readonly sha256: string;
  /** `drillbook-runtime-<the first 12 digits>.mjs` */
  readonly fileName: string;
}

/** The file name of a runbook's script. */
export function scriptFileName(id: string): string {
  return `${id}.mjs`;
}

/**
 * The executable script of a plan. Its second line holds the SHA-256 of every byte after that line, for the runtime to
 * check. Nothing but the plan and the runtime's identity goes into it: the same plan gives the same bytes.
 */
export function emitScript(plan: Plan, runtime: RuntimeFile): string {
  const bytes = canonical(plan);
  // Written from the plan's one byte form, so that the order of its members shows nowhere.
  const written = call(JSON.parse(bytes) as Plan, sha256(bytes), runtime);
  const body = `${notice(plan)}\nimport { script } from ${literal(`./${runtime.fileName}`)};\n\n${written}`;
  return `#!/usr/bin/env node\n// drillbook-script 1 sha256:${sha256(body)}\n${body}`;
}

function notice({ id }: Plan): string {
  const file = scriptFileName(id);
  return [
    `// Generated from the runbook "${id}". Do not edit: the line above holds the digest of every byte below it.`,
    `//   node ${file} --help`,
    `//   node ${file} --plan --binding hosts.json    looks, and says what would be done`,
    `//   node ${file} --binding hosts.json           does it`,
    "",
  ].join("\n");
}

function call(plan: Plan, planSha256: string, runtime: RuntimeFile): string {
  const all = [...walk(plan.steps)];
  const used = new Set(all.flatMap(usedBy));
  const names = namesOf(plan);
  const writer = new StepWriter(names, used);
  const steps = writer.steps(plan.steps, 4);
  const head = {
    v: plan.v,
    id: plan.id,
    kind: plan.kind,
    plan: planSha256,
    runtime: runtime.sha256,
    objective: plan.objective,
    needs: plan.needs,
    params: plan.params,
    hosts: plan.hosts,
    secrets: plan.secrets,
    steps: all.filter(({ kind }) => kind === "read" || kind === "change" || kind === "confirm").length,
  };
  const params = Object.keys(plan.params)
    .filter((param) => used.has(`param:${param}`))
    .map((param) => member(param, names.get(`param:${param}`) ?? ""));
  const tools = [...(params.length > 0 ? ["params"] : []), ...writer.tools];
  const lines = [
    "await script(",
    "  import.meta,",
    `  ${literal(head, 2)},`,
    `  async ({ ${tools.join(", ")} }) => {`,
    ...(params.length > 0 ? [`    const { ${params.join(", ")} } = params;`, ""] : []),
    steps,
    "  },",
    ");",
    "",
  ];
  return lines.join("\n");
}

function member(param: string, name: string): string {
  return param === name ? param : `${literal(param)}: ${name}`;
}
