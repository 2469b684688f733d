import { variableOf } from "../../../shell.ts";
import type { AssetRef, HostRef, Need, Operand, Param, Plan, Predicate, TypeSpec } from "../../../plan/plan.ts";
import { rolesOf } from "../../../plan/types.ts";
import { code, plain } from "./markdown.ts";

/** A span for a person: `90 s`, `15 min`, `1 h 30 min`, `7 d`. */
export function span(seconds: number): string {
  const units = [
    ["d", 86_400],
    ["h", 3600],
    ["min", 60],
    ["s", 1],
  ] as const;
  let rest = Math.round(seconds);
  const parts = units.flatMap(([unit, size]) => {
    const count = Math.floor(rest / size);
    rest -= count * size;
    return count > 0 ? [`${count} ${unit}`] : [];
  });
  return parts.slice(0, 2).join(" ") || "0 s";
}

export function host(ref: HostRef): string {
  if ("host" in ref) return `**${plain(ref.host)}**`;
  return "param" in ref ? `the host given as ${code(ref.param)}` : `the host at hand (${value(`item:${ref.item}`)})`;
}

export function asset({ of, asset: name }: AssetRef): string {
  return `${code(name)} of ${host(of)}`;
}

export function need(needed: Need, params: Plan["params"]): string {
  const named = (ref: HostRef): string =>
    "param" in ref && params[ref.param]?.type.type === "list" ? `each host given as ${code(ref.param)}` : host(ref);
  switch (needed.need) {
    case "asset":
      return asset(needed.asset);
    case "host":
      return named(needed.host);
    case "tools":
      return `on ${named(needed.on)}: ${needed.programs.map(code).join(", ")}`;
    case "item":
      return plain(needed.item);
  }
}

/** What a value looks like. */
export function form(type: TypeSpec): string {
  switch (type.type) {
    case "text":
      return "text";
    case "line":
      return "one line of text";
    case "path":
      return "an absolute path";
    case "name":
      return "a name of letters, digits, `.`, `_` and `-`";
    case "timestamp":
      return "a moment in UTC, like `2026-03-28T19:44:00Z`";
    case "integer":
      return "a whole number";
    case "boolean":
      return "`true` or `false`";
    case "choice":
      return `one of ${type.of.map(code).join(", ")}`;
    case "host":
      return `a host of role ${rolesOf(type).map(code).join(" or ")}`;
    case "list":
      return `a list, one item a line, each ${form(type.of)}`;
  }
}

export function param(name: string, { type, doc }: Param): string {
  const may = "optional" in type ? " May be left out." : "";
  return `${code(name)}: ${form(type)}.${may}${doc ? ` ${plain(doc)}${/[.!?]$/u.test(doc) ? "" : "."}` : ""}`;
}

/** How a value is called on the page: by its variable. */
export function value(ref: string): string {
  return code(variableOf(ref));
}

/** A predicate as the rest of a sentence that begins with "if". */
export function predicate(asked: Predicate): string {
  switch (asked.is) {
    case "true":
      return `${value(asked.ref)} is \`true\``;
    case "present":
      return `${value(asked.ref)} is not empty`;
    case "eq":
      return `${operand(asked.left)} is ${operand(asked.right)}`;
    case "lt":
      return `${operand(asked.left)} is smaller, or earlier, than ${operand(asked.right)}`;
    case "and":
      return asked.all.map(predicate).join(", and ");
    case "not":
      return asked.not.is === "present"
        ? `${value(asked.not.ref)} is empty`
        : `it is not so that ${predicate(asked.not)}`;
  }
}

function operand(side: Operand): string {
  return "ref" in side ? value(side.ref) : code(String(side.literal));
}
