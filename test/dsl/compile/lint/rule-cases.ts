/**
 * What one rule refuses and what it lets pass. In a refused case `«` and `»` stand around the part that is underlined;
 * a case that is accepted gives no diagnostic at all.
 */
export interface RuleCases {
  readonly rule: string;
  readonly refused: readonly Refused[];
  readonly accepted: readonly Case[];
}

export interface Case {
  readonly title: string;
  /** A whole module; see {@link body} and {@link command}. */
  readonly source: string;
}

export interface Refused extends Case {
  readonly code: string;
}

const prelude = [
  'import { and, bool, choice, eq, host, hostOf, integer, isHost, holds, line, list, lt, name, not, path, present, role, runbook, secret, sh, text } from "drillbook";',
  'const db1 = host("db1", role("database-server", { assets: ["database"] }));',
  'const store = host("store", role("store", { assets: ["sets"] }));',
];

/** A module whose runbook, a recovery of db1's database that needs the store, has these statements for its body. */
export function body(statements: string, head = ""): string {
  return [
    ...prelude,
    "",
    "/** Brings it back. */",
    'export default runbook("CASE", {',
    `  recovers: db1.database, objective: { rto: "1h", rpo: "24h" }, needs: [store],${head}`,
    "}, ({ read, change, confirm, when, forEach, params }) => {",
    statements,
    "});",
    "",
  ].join("\n");
}

/** A module whose runbook reads `before` and has one change with this command, in which `${value}` may stand. */
export function command(text: string, { type = "line()", member = "run" } = {}): string {
  const value = text.includes("value")
    ? `const value = read("The value", { on: db1, run: sh\`find-it\`, gives: ${type} });`
    : "";
  const members = { run: "sh`true`", verify: "sh`true`", [member]: `sh\`${text}\`` };
  return body(
    [
      value,
      'change("Do it", { on: db1, effect: "idempotent",',
      ...Object.entries(members).map(([name, shell]) => `${name}: ${shell},`),
      "});",
    ].join("\n"),
  );
}
