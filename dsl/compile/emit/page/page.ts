import type { Objective, Plan, PlanSource } from "../../../plan/plan.ts";
import type { Rehearsal } from "../../../plan/rehearsal.ts";
import { scriptFileName } from "../script.ts";
import { block, code, plain, prose } from "./markdown.ts";
import { StepPages } from "./steps.ts";
import { asset, need, param, span } from "./words.ts";

/** The first sentence of a runbook's doc comment. */
export function titleOf({ doc, id }: PlanSource): string {
  const [first = ""] = doc.split(/\n\s*\n/u);
  const line = first.replace(/\s*\n\s*/gu, " ").trim();
  return /^.*?[.!?](?=\s|$)/u.exec(line)?.[0] ?? (line || id);
}

/**
 * The page of a plan, Markdown: what a person needs to run its script, and to do without it.
 * @param rehearsals what drills have shown of this runbook, newest first
 */
export function emitPage(plan: Plan, source: PlanSource, rehearsals: readonly Rehearsal[]): string {
  const params = Object.entries(plan.params);
  const parts = [
    `<!-- Generated from ${source.file.replaceAll("--", "- -")}. Edit that, and run: drillbook compile -->`,
    `# ${plain(titleOf(source).replace(/\.$/u, ""))}`,
    ...rest(source),
    facts(plan, rehearsals),
    "## What it needs",
    list(
      plan.needs.map((each) => need(each, plan.params)),
      "Nothing is declared.",
    ),
    ...(plan.secrets.length > 0
      ? [`Secrets, asked for when they are used: ${plan.secrets.map(code).join(", ")}.`]
      : []),
    ...(params.length > 0
      ? [
          "## Values to choose",
          list(
            params.map(([name, each]) => param(name, each)),
            "",
          ),
        ]
      : []),
    "## With the script",
    "It asks before it destroys anything, stops rather than guesses, and can be interrupted and resumed. First look, then do:",
    block(calls(plan), "sh"),
    "## By hand",
    byHand,
    new StepPages(plan, source, rehearsals[0]).all(plan.steps),
  ];
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

const byHand = [
  "These are the script's own commands, host by host, for when the script cannot be used.",
  "",
  "- Run each block whole. It ends with `exit status: 0` when it went well. With any other number stop, and find out why",
  "  before you go on.",
  "- Keep every shell open: later steps come back to it. A shell that was closed has to be given its values again.",
  "- Run a line `IFS= read -r …` on its own, then paste the value that is asked for and press Enter.",
].join("\n");

function rest(source: PlanSource): readonly string[] {
  const title = titleOf(source);
  const flat = source.doc.replace(/(?<!\n)\n(?!\s*\n|\s*- )/gu, " ").trim();
  const after = flat.startsWith(title) ? flat.slice(title.length).trim() : source.doc;
  return after === "" ? [] : [prose(after)];
}

function facts(plan: Plan, rehearsals: readonly Rehearsal[]): string {
  const { recovers, backsUp, objective, id } = plan;
  return list(
    [
      ...(recovers ? [`Brings back ${asset(recovers)}.`] : []),
      ...(backsUp ? [`Makes a backup of ${asset(backsUp)}.`] : []),
      `Objective: ${goal(objective)}`,
      ...(rehearsals.length > 0 ? rehearsals.map(rehearsed) : ["Never rehearsed."]),
      `Script: ${code(scriptFileName(id))}`,
    ],
    "",
  );
}

function goal({ rtoSeconds, rpoSeconds }: Objective): string {
  return `done within ${span(rtoSeconds)}; at most ${span(rpoSeconds)} of data lost.`;
}

function rehearsed(rehearsal: Rehearsal): string {
  const { drill, verdict, at, samePlan, as, objective } = rehearsal;
  const which = samePlan ? "" : " That was another version of this runbook.";
  const begun = `Rehearsed by the drill ${code(drill)} on ${at.slice(0, 10)}: ${verdict}.`;
  if (as === "backup") return `${begun} It was recovered from what this runbook had backed up.${which}`;
  return `${begun} ${measured(rehearsal)} Recovery time: ${plain(objective.rto)}. Data loss: ${plain(objective.rpo)}.${which}`;
}

function measured({ rtaSeconds, rpaSeconds }: Rehearsal): string {
  if (rtaSeconds === undefined) return "Nothing was measured.";
  const took = `It took ${span(rtaSeconds)}`;
  return rpaSeconds === undefined
    ? `${took}. What was lost is not counted: the drill's writes lie elsewhere.`
    : `${took} and lost ${span(rpaSeconds)} of data.`;
}

function calls(plan: Plan): string {
  const given = Object.entries(plan.params).map(([name, { type }]) =>
    "optional" in type ? ` [--${name} …]` : ` --${name} …`,
  );
  const call = `node ${scriptFileName(plan.id)}`;
  const rest = `--binding hosts.json${given.join("")}`;
  return `${call} --plan ${rest}\n${call} ${rest}`;
}

function list(items: readonly string[], none: string): string {
  return items.length > 0 ? items.map((item) => `- ${item}`).join("\n") : none;
}
