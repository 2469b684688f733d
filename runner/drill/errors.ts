import { exitCode } from "../exit-codes.ts";
import { RunError } from "../run-error.ts";
import type { ProbeAnswer } from "./world.ts";

/**
 * Why a drill did not pass. `failed`: the procedure is at fault. `void`: nothing was shown, because the machines, the
 * disaster or the ground that it was to strike were not as they had to be. `usage`: the call makes no sense.
 */
export class DrillError extends RunError {
  readonly kind: keyof typeof exitOf;
  /** What was seen, without code and remedy. */
  readonly why: string;

  constructor(kind: DrillError["kind"], code: string, why: string, remedy: string) {
    super(code, exitOf[kind], why, remedy);
    this.kind = kind;
    this.why = why;
  }
}

/** A void drill answers as an unknown outcome: nothing can be said of the procedure. */
export const exitOf = { failed: exitCode.failed, void: exitCode.unknown, usage: exitCode.usage } as const;

/** A probe, asked, with its answer. */
export interface Asked extends ProbeAnswer {
  readonly probe: string;
}

/** What a probe's answer means, or what was seen, cut to one line. */
export const inOneLine = ({ evidence, meaning }: ProbeAnswer): string =>
  (meaning ?? evidence).split("\n")[0]?.replace(/\.$/u, "") ?? "";

const seen = (asked: Asked): string =>
  [`"${asked.probe}" says ${asked.answer}`, inOneLine(asked)].filter(Boolean).join(": ");
const all = (asked: readonly Asked[]): string => asked.map(seen).join("; ");
const quoted = (names: readonly string[]): string => names.map((name) => `"${name}"`).join(", ");
const plural = (one: readonly unknown[], noun: string): string => (one.length === 1 ? noun : `${noun}s`);

export const unknownDrill = (given: string, nearest: string | undefined, known: readonly string[]): DrillError =>
  new DrillError(
    "usage",
    "DB4001",
    `There is no drill "${given}".`,
    nearest ? `Did you mean "${nearest}"?` : `There are: ${quoted(known)}.`,
  );

export const noDrills = (folder: string): DrillError =>
  new DrillError(
    "usage",
    "DB4002",
    `There is no drill in ${folder}.`,
    "A drill is the default export of a file named *.drill.ts.",
  );

export const unknownStep = (given: string, nearest: string | undefined, known: readonly string[]): DrillError =>
  new DrillError(
    "usage",
    "DB4003",
    `No runbook of this drill has a step "${given}".`,
    nearest ? `Did you mean "${nearest}"?` : `Give the title or the id of one: ${quoted(known)}.`,
  );

export const ambiguousStep = (given: string, runbooks: readonly string[]): DrillError =>
  new DrillError(
    "usage",
    "DB4004",
    `Several runbooks of this drill have a step "${given}".`,
    `Say which: ${runbooks.map((id) => `"${id}:${given}"`).join(" or ")}.`,
  );

export const stepIsUsed = (step: string, users: readonly string[]): DrillError =>
  new DrillError(
    "usage",
    "DB4005",
    `The step "${step}" cannot be taken out: what it gives is used by ${quoted(users)}.`,
    "Take out one of those instead: a change whose absence the drill has to notice.",
  );

export const lastStep = (step: string, runbook: string): DrillError =>
  new DrillError("usage", "DB4006", `"${step}" is the only step of "${runbook}".`, "A runbook without steps is none.");

export const badShard = (given: string): DrillError =>
  new DrillError(
    "usage",
    "DB4007",
    `"${given}" is no part of the drills.`,
    "Write which part of how many: 1/3, 2/3, 3/3.",
  );

export const unknownParameter = (given: string, runbook: string, declared: readonly string[]): DrillError =>
  new DrillError(
    "usage",
    "DB4008",
    `The recovery "${runbook}" has no parameter "${given}".`,
    declared.length > 0 ? `It has ${quoted(declared)}.` : "It has none.",
  );

export const infrastructure = (phase: string, cause: string): DrillError =>
  new DrillError(
    "void",
    "DB4010",
    `The machines of the drill failed it (${phase}): ${cause}`,
    "`drillbook doctor` says what the container engine can do; then run the drill again.",
  );

export const interrupted = (phase: string): DrillError =>
  new DrillError("void", "DB4011", `The drill was interrupted (${phase}).`, "Run it again.");

export const notGreenBefore = (red: readonly Asked[]): DrillError =>
  new DrillError(
    "void",
    "DB4012",
    `The farm did not work before the disaster: ${all(red)}.`,
    "A recovery to a state that was never there shows nothing: mend the world, then run the drill again.",
  );

export const ledgerSilent = (wanted: number, got: number, seconds: number): DrillError =>
  new DrillError(
    "void",
    "DB4013",
    `The ledger had ${got} of ${wanted} writes acknowledged within ${seconds} s, so that a loss could not be measured.`,
    "See why the world's ledger client is refused.",
  );

export const didNothing = (stayed: readonly Asked[]): DrillError =>
  new DrillError(
    "void",
    "DB4014",
    `The disaster did nothing: ${plural(stayed, "probe")} ${quoted(stayed.map(({ probe }) => probe))} stayed green.`,
    "Every red probe must turn red, or what follows is no recovery: mend the disaster's blows or the probe.",
  );

export const notAllRed = (stayed: readonly Asked[]): DrillError =>
  new DrillError(
    "void",
    "DB4015",
    `The disaster was not the one declared: ${all(stayed)}.`,
    "Every red probe must turn red, answering no: mend the disaster's blows, the probe, or the declaration.",
  );

export const notStillGreen = (turned: readonly Asked[]): DrillError =>
  new DrillError(
    "void",
    "DB4016",
    `The disaster took more than declared: ${all(turned)}.`,
    "Probes declared still green must stay so: mend the disaster's blows or the declaration.",
  );

export const backupFailed = (why: string): DrillError =>
  new DrillError(
    "failed",
    "DB4020",
    `The backup of the steady state failed: ${why}`,
    "Without a backup there is nothing to recover from: mend the backup runbook.",
  );

export const recoveryFailed = (why: string): DrillError =>
  new DrillError("failed", "DB4021", `The recovery failed: ${why}`, "Mend the runbook, or what it relies on.");

export const notAccepted = (red: readonly Asked[]): DrillError =>
  new DrillError(
    "failed",
    "DB4022",
    `The recovery ended well, and the farm does not work: ${all(red)}.`,
    "The runbook believes that it is done: add what is missing, and a verify that would have noticed.",
  );

export const nextBackupFailed = (why: string): DrillError =>
  new DrillError(
    "failed",
    "DB4023",
    `The farm works again, and can no longer be backed up: ${why}`,
    "The recovery has to bring back what the backup relies on.",
  );

export const nextDoesNotRestore = (red: readonly Asked[]): DrillError =>
  new DrillError(
    "failed",
    "DB4024",
    `The backup made after the recovery does not restore: ${all(red)}.`,
    "The next disaster would be the last: see what the backup made of the recovered farm.",
  );

export const doesNotCompile = (cause: string): DrillError =>
  new DrillError("failed", "DB4025", `A runbook of this drill does not compile: ${cause}`, "Mend the runbook.");

export const cleanUpFailed = (cause: string): DrillError =>
  new DrillError(
    "void",
    "DB4030",
    `The machines of the drill could not be removed: ${cause}`,
    "The next drill sweeps what this one left.",
  );

export const badEvidence = (file: string, what: string): DrillError =>
  new DrillError(
    "usage",
    "DB4031",
    `${file} is not evidence: ${what}.`,
    "Run the drill again: it writes its evidence anew.",
  );

export const notADrill = (file: string): DrillError =>
  new DrillError("usage", "DB4032", `${file} exports no drill.`, "Write: export default drill(…).");

export const otherRunbook = (id: string, file: string): DrillError =>
  new DrillError(
    "failed",
    "DB4026",
    `The drill's runbook "${id}" is not the one that ${file} exports.`,
    "Import the runbook from its own file: what is drilled must be what is compiled for production.",
  );
