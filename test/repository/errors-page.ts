import { parseSync } from "oxc-parser";
import { prose } from "../../dsl/compile/emit/page/markdown.ts";
import type { SourceFile } from "./files.ts";

/** An error as its factory words it, what it is made of in angle quotes. */
export interface WordedError {
  readonly code: string;
  readonly what: string;
  readonly remedy: string;
}

interface Node {
  readonly type: string;
  readonly [member: string]: unknown;
}

const codeForm = /^DB\d{4}$/u;

/** The errors that the factories of a module make. */
export function errorsOf({ path, text }: SourceFile): readonly WordedError[] {
  const nodes = [...within(parseSync(path, text).program as unknown as Node)];
  const constants = new Map(
    nodes.flatMap((node) => (node.type === "VariableDeclarator" ? [[nameOf(node["id"]), node["init"] as Node]] : [])),
  );
  return nodes.flatMap((node) => {
    const [code, texts] =
      node.type === "NewExpression" ? ofCall(node) : node.type === "ObjectExpression" ? ofObject(node) : [];
    const [what, remedy] = (texts ?? []).map((each) =>
      cases(each)
        .map((one) => words(one, constants))
        .join(" Or: "),
    );
    return code === undefined ? [] : [{ code, what: what ?? "", remedy: remedy ?? "" }];
  });
}

/** docs/errors.md: every error by its code. */
export function errorsPage(errors: readonly WordedError[]): string {
  const sorted = errors.toSorted((a, b) => (a.code < b.code ? -1 : 1));
  const rooms = [
    ["DB1", "While a runbook's body runs"],
    ["DB2", "While a runbook is compiled"],
    ["DB3", "While an operator works"],
    ["DB4", "While drilling"],
  ] as const;
  return [
    "<!-- Generated from the errors' own words. To write it anew: npm test -- -u -->",
    "",
    "# Errors",
    "",
    "Every error says what is wrong, where, and the way out. What stands in ‹angle quotes› depends on the case.",
    ...rooms.flatMap(([prefix, title]) => [
      "",
      `## ${prefix}xxx: ${title.toLowerCase()}`,
      ...sorted.filter(({ code }) => code.startsWith(prefix)).flatMap(entry),
    ]),
    "",
  ].join("\n");
}

function entry({ code, what, remedy }: WordedError): readonly string[] {
  return ["", `### ${code}`, "", prose(what), "", `*The way out:* ${prose(remedy)}`];
}

/** `new RunError("DB3101", …, what, remedy)`: whatever else it takes, its last two are the words. */
function ofCall(node: Node): [string?, (readonly Node[])?] {
  const args = node["arguments"] as readonly Node[];
  const code = args.map((arg) => arg["value"]).find((value) => typeof value === "string" && codeForm.test(value));
  return typeof code === "string" ? [code, args.slice(-2)] : [];
}

function ofObject(node: Node): [string?, (readonly Node[])?] {
  const members = new Map(
    (node["properties"] as readonly Node[]).map((each) => [nameOf(each["key"]), each["value"] as Node]),
  );
  const code = members.get("code")?.["value"];
  const texts = ["message", "remedy"].flatMap((name) => members.get(name) ?? []);
  return typeof code === "string" && codeForm.test(code) ? [code, texts] : [];
}

/** The texts that a text is one of, as the case may be. */
function cases(node: Node): readonly Node[] {
  return node.type === "ConditionalExpression"
    ? ["consequent", "alternate"].flatMap((branch) => cases(node[branch] as Node))
    : [node];
}

function words(node: Node, constants: ReadonlyMap<string, Node>): string {
  const inner = (each: unknown): string => words(each as Node, constants);
  switch (node.type) {
    case "Literal":
      return String(node["value"]);
    case "TemplateLiteral": {
      const holes = (node["expressions"] as readonly Node[]).map(inner);
      const quasis = node["quasis"] as readonly { readonly value: { readonly cooked: string } }[];
      return quasis.map(({ value }, index) => value.cooked + (holes[index] ?? "")).join("");
    }
    case "ConditionalExpression":
      return inner(node["consequent"]);
    case "ParenthesizedExpression":
      return inner(node["expression"]);
    case "BinaryExpression":
      return node["operator"] === "+" ? inner(node["left"]) + inner(node["right"]) : "‹…›";
    case "MemberExpression":
      return nameOf(node["property"]) === "length" ? "‹how many›" : `‹${nameOf(node["property"])}›`;
    case "Identifier": {
      const constant = constants.get(nameOf(node));
      return constant && constant.type !== "ArrowFunctionExpression" ? inner(constant) : `‹${nameOf(node)}›`;
    }
    case "CallExpression": {
      // `JSON.stringify(given)`, `names.join(", ")`, `all(red)`: what matters is what it is about.
      const [callee, [first]] = [node["callee"] as Node, node["arguments"] as readonly Node[]];
      const about =
        first?.type === "Identifier"
          ? first
          : callee.type === "MemberExpression"
            ? (callee["object"] as Node)
            : undefined;
      return about ? inner(about) : "‹…›";
    }
    default:
      return "‹…›";
  }
}

function* within(node: Node): Generator<Node, void, undefined> {
  yield node;
  for (const member of Object.values(node)) {
    for (const each of Array.isArray(member) ? member : [member]) if (isNode(each)) yield* within(each);
  }
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && "type" in value && typeof value.type === "string";
}

function nameOf(node: unknown): string {
  return isNode(node) && typeof node["name"] === "string" ? node["name"] : "";
}
