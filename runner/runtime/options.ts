import type { ReservedParam } from "../../dsl/plan/reserved-params.ts";
import type { ScriptHead } from "./script-api.ts";

/** One option of a script, as `--help` shows it and the parser reads it. */
export interface Option {
  readonly name: string;
  /** What follows it; nothing for a switch. */
  readonly value?: string;
  readonly repeatable?: true;
  readonly doc: string;
}

/** The options that every script has. A runbook whose parameter has one of these names is refused when it is compiled. */
export const commonOptions = [
  { name: "binding", value: "FILE", doc: "where the hosts are (JSON)" },
  { name: "plan", doc: "show what a run would do now, and change nothing" },
  { name: "resume", doc: "go on with RUN, or with the one run of this runbook that is not complete" },
  { name: "undo", doc: "take back what RUN changed, or the one run of this runbook that is not complete; asks first" },
  {
    name: "adopt",
    doc: "with --resume: go on with this script, though the run began with another; shows what differs, and asks (--answer adopt=yes)",
  },
  {
    name: "mirror",
    value: "HOST",
    doc: "copy the record to HOST of the binding as it grows, for a resume from elsewhere",
  },
  {
    name: "from",
    value: "HOST",
    doc: "with --resume or --undo: take the run over by the record that HOST has, on this machine",
  },
  {
    name: "mark",
    value: "STEP=done",
    doc: "record that a step of the stopped run was done by hand, or (=not-done) did not happen; with --resume RUN --why TEXT",
  },
  { name: "why", value: "TEXT", doc: "with --mark: what was seen or done" },
  { name: "value", value: "TEXT", doc: "with --mark: what a read gives" },
  {
    name: "answer",
    value: "STEP=TEXT",
    repeatable: true,
    doc: "answer a step that asks: yes, or the text it wants typed; on resume: done or run",
  },
  { name: "step", doc: "pause before each change: Enter goes on, q stops there" },
  {
    name: "until",
    value: "STEP",
    doc: "stop when STEP is complete; --resume goes on from there (a wrong name lists all)",
  },
  {
    name: "secret",
    value: "NAME=SOURCE",
    repeatable: true,
    doc: "where a secret is: a file, env:VARIABLE or cmd:COMMAND; left out, it is asked for on a terminal",
  },
  { name: "break-lock", value: "RUN", doc: "decide that RUN is abandoned, and take the hosts that it still claims" },
  { name: "state", value: "DIR", doc: "where runs are recorded (DRILLBOOK_STATE, or ~/.local/state/drillbook)" },
  {
    name: "notify",
    value: "COMMAND",
    doc: "run by sh at the beginning, while a person is waited for, when it fails and when it is complete (DRILLBOOK_NOTIFY); what happened is in DRILLBOOK_EVENT, DRILLBOOK_MESSAGE and more, and as JSON on its stdin",
  },
  { name: "outline", doc: "print what the script's steps are, as JSON; contacts nothing" },
  {
    name: "versions",
    doc: "ask the hosts for the versions of the programs that the runbook needs there, and print them as JSON; changes nothing",
  },
  { name: "json", doc: "events as JSON, one a line" },
  { name: "plain", doc: "lines only, nothing drawn over, also on a terminal: for screen readers (DRILLBOOK_PLAIN)" },
  { name: "verbose", doc: "show what commands print, as they print it" },
  { name: "help", doc: "show this" },
] as const satisfies readonly (Option & { readonly name: ReservedParam })[];

/** The options of one script: its parameters first. */
export function optionsOf(head: ScriptHead): readonly Option[] {
  const params = Object.entries(head.params).map(([name, { type, doc }]): Option => {
    return { name, value: type.type.toUpperCase(), doc, ...(type.type === "list" && { repeatable: true }) };
  });
  return [...params, ...commonOptions];
}
