import { exitCode } from "../exit-codes.ts";
import { shellWord } from "../report/words.ts";
import { RunError } from "../run-error.ts";

/** @param mode what the run was called for: `--resume` or `--undo` */
export const goneOnElsewhere = (run: string, host: string, mode: string): RunError =>
  new RunError(
    "DB3119",
    exitCode.refused,
    `The mirror of ${run} on ${host} has records that this machine's journal has not: the run was gone on with elsewhere.`,
    `Go on with what is there: ${mode} ${run} --from ${host}. Nothing was sent.`,
  );

interface Parted {
  readonly run: string;
  readonly host: string;
  /** How many records both begin with, and what each goes on with, in words. */
  readonly common: number;
  readonly here: string;
  readonly there: string;
  /** The folder of the record that is here, and a place for the other. */
  readonly folder: string;
  readonly beside: string;
  readonly mode: string;
  readonly binding: string;
}

export const otherRecord = ({ run, host, common, here, there, folder, beside, mode, binding }: Parted): RunError =>
  new RunError(
    "DB3120",
    exitCode.refused,
    `There are two records of ${run}, alike up to record ${common}: here it goes on with ${here}, on ${host} with ${there}.`,
    `Go on with that of ${host}, in a place of its own: ${mode} ${run} --from ${host} --binding ${shellWord(binding)} --state ${shellWord(beside)}. ` +
      `What only this machine has on record stays to be read in ${folder}: where the other must know of it, --mark says so there. Nothing was sent.`,
  );

export const nothingMoreThere = (run: string, host: string, mode: string): RunError =>
  new RunError(
    "DB3126",
    exitCode.refused,
    `${host} has nothing of ${run} that this machine has not: what is on record here goes on where the copy ends.`,
    `Go on with what is here, and the copy follows: ${mode} ${run}, without --from. Nothing was sent.`,
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
