import { exitCode } from "../exit-codes.ts";
import { RunError } from "../run-error.ts";

export const goneOnElsewhere = (run: string, host: string): RunError =>
  new RunError(
    "DB3119",
    exitCode.refused,
    `The mirror of ${run} on ${host} has records that this machine's journal has not: the run was gone on with elsewhere.`,
    `Go on with what is there: --resume ${run} --from ${host}. Nothing was sent.`,
  );

export const otherRecord = (run: string, host: string): RunError =>
  new RunError(
    "DB3120",
    exitCode.refused,
    `This machine has a record of ${run} that is not the beginning of the one on ${host}: something went on here.`,
    `Resume without --from to go on with what is here; or move the run's folder away, and take over what ${host} has.`,
  );

export const mirrorDamaged = (run: string, host: string, why: string): RunError =>
  new RunError(
    "DB3121",
    exitCode.refused,
    `The copy of ${run} on ${host} cannot be taken over: ${why}.`,
    "Look for another copy: the machine that began the run has one, in its state folder.",
  );

export const mirrorNotBound = (host: string, bound: readonly string[]): RunError =>
  new RunError(
    "DB3122",
    exitCode.usage,
    `The binding has no host "${host}" to mirror the record to.`,
    `It has ${bound.join(", ")}. Name one that the disaster leaves standing.`,
  );
