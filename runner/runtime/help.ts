import { basename } from "node:path";
import type { HostRef, Need, TypeSpec } from "../../dsl/plan/plan.ts";
import { span, wrap } from "../report/words.ts";
import { commonOptions } from "./options.ts";
import type { ScriptHead } from "./script-api.ts";
import { allowed } from "./typed.ts";

/** What `--help` shows. */
export function help(head: ScriptHead, script: string): string {
  const name = basename(script);
  const params = Object.entries(head.params);
  const example = ["--binding hosts.json", ...params.flatMap(([param, { type }]) => sample(param, type))].join(" ");
  const blocks = [
    `${head.id}: a procedure of ${head.steps} steps.\n` +
      `Objective: back within ${span(head.objective.rtoSeconds)}, losing at most ${span(head.objective.rpoSeconds)} of data.`,
    table(
      "Parameters",
      params.map(([param, { type, doc }]) => [
        `--${param} ${type.type.toUpperCase()}`,
        `${sentence(doc)}${sentence(allowed(type))}${required(type) ? "Required." : "May be left out."}`,
      ]),
    ),
    table(
      "Options",
      commonOptions.map((option) => [
        `--${option.name}${"value" in option ? ` ${option.value}` : option.name === "resume" || option.name === "undo" ? " [RUN]" : ""}`,
        sentence(option.doc).trim(),
      ]),
    ),
    table(
      "Needs",
      head.needs.map((need) => [needs(need, head.params)]),
    ),
    table(
      "Hosts",
      Object.entries(head.hosts).map(([host, { role }]) => [host, `bound with the role ${role}`]),
    ),
    table("Exit codes", codes),
    `Examples\n  node ${name} ${example} --plan\n  node ${name} ${example}\n  node ${name} --resume`,
  ];
  return `${blocks.filter(Boolean).join("\n\n")}\n`;
}

const codes: readonly (readonly string[])[] = [
  ["0", "the procedure is complete"],
  ["1", "a step failed; what it printed is shown, and --resume goes on"],
  ["2", "the call makes no sense"],
  ["3", "refused before harm: a guard, a precondition, a changed file"],
  ["4", "the outcome of a step is not known; --resume reads it from the host"],
  ["5", "another run holds a host"],
  ["130", "stopped between two steps, as was asked: Ctrl-C, q, --until"],
];

/** Lines of a name and its explanation, the explanations under each other and wrapped at 100 columns. */
function table(title: string, rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return "";
  const width = Math.min(28, Math.max(...rows.map(([name = ""]) => name.length)));
  const lines = rows.flatMap(([name = "", doc]) => {
    if (doc === undefined) return [`  ${name}`];
    const wrapped = wrap(doc, 96 - width);
    const first = name.length > width ? [`  ${name}`] : [];
    return [
      ...first,
      ...wrapped.map((line, index) => `  ${(index + first.length === 0 ? name : "").padEnd(width)}  ${line}`),
    ];
  });
  return `${title}\n${lines.join("\n")}`;
}

function sentence(text: string): string {
  return text === "" ? "" : `${text[0]?.toUpperCase()}${text.slice(1).replace(/\.$/u, "")}. `;
}

export function required(type: TypeSpec): boolean {
  return !("optional" in type);
}

function sample(param: string, type: TypeSpec): readonly string[] {
  return required(type) ? [`--${param} ${type.type.toUpperCase()}`] : [];
}

function needs(need: Need, params: ScriptHead["params"]): string {
  const on = (host: HostRef): string => {
    if ("host" in host) return host.host;
    if (!("param" in host)) return host.item;
    const many = params[host.param]?.type.type === "list";
    return `${many ? "each host" : "the host"} given as --${host.param}`;
  };
  switch (need.need) {
    case "asset":
      return `${need.asset.asset} of ${on(need.asset.of)}`;
    case "host":
      return on(need.host);
    case "tools":
      return `on ${on(need.on)}: ${need.programs.join(", ")}`;
    case "item":
      return need.item;
  }
}
