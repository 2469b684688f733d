import type { Node } from "ts-morph";
import { commandsOf, type CommandRole } from "../../plan/commands.ts";
import { cut } from "../../plan/pieces.ts";
import type { Command, Plan, Step } from "../../plan/plan.ts";
import { walk } from "../../plan/walk.ts";
import type { Stretch } from "../lint/finding.ts";
import { commandKey, type Places } from "../load/message.ts";
import type { SourceReader } from "../read/reader.ts";
import type { Parsed, ShellParser } from "./parse.ts";
import { sourceMap, type Interpolation, type SourceMap } from "./source-map.ts";

/** A command of a plan, read as bash reads it. */
export interface ShellText {
  readonly step: Step;
  readonly role: CommandRole;
  readonly command: Command;
  readonly parsed: Parsed;
  /** Its values, where they stand. */
  readonly values: readonly Interpolation[];
  /** Where a stretch of the text was written. */
  at(start: number, end: number): Stretch;
}

/** The commands of a plan, each text that was written once read once. */
export function shellTexts(plan: Plan, places: Places, reader: SourceReader, parse: ShellParser): readonly ShellText[] {
  return [...walk(plan.steps)].flatMap((step) =>
    commandsOf(step).map(({ role, command }) => {
      const place = places.commands[commandKey(step.id, role)] ?? places.steps[step.id]?.[0];
      const node = place && reader.nodeAt(place);
      const map = node && templateOf(node) && sourceMap(templateOf(node) ?? node, command.text);
      return {
        step,
        role,
        command,
        parsed: parse(command.text),
        values: map?.interpolations ?? textual(command),
        at: (start, end) => stretch(node, map, start, end),
      };
    }),
  );
}

/** The template at a place, or the one whose tag stands there. */
function templateOf(node: Node): Node | undefined {
  const kinds = ["NoSubstitutionTemplateLiteral", "TemplateExpression"];
  return [node, ...node.getAncestors()].find((each) => kinds.includes(each.getKindName()));
}

/** The values of a text that the language itself made: wherever they stand as a word. */
function textual(command: Command): readonly Interpolation[] {
  const { pieces, variables } = cut(command);
  let offset = 0;
  return variables.map((variable, index) => {
    offset += (pieces[index] ?? "").length;
    const at = { offset, variable };
    offset += variable.length + 3;
    return at;
  });
}

function stretch(node: Node | undefined, map: SourceMap | undefined, start: number, end: number): Stretch {
  const file = node?.getSourceFile().getFilePath() ?? "";
  if (map) return { file, start: map.toSource(start), end: map.toSource(Math.max(end - 1, start)) + 1 };
  return { file, start: node?.getStart() ?? 0, end: node?.getEnd() ?? 0 };
}
