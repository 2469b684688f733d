/**
 * What an author can get wrong while a runbook's body runs. One named factory an error, so that the wording has one
 * home; the compiler adds file, line and source to it. Codes DB1xxx belong to authoring.
 */
export class AuthoringError extends Error {
  override readonly name = "AuthoringError";
  /** Stable code, `DB1xxx`; documented in docs/errors.md. */
  readonly code: string;
  /** What is wrong, one sentence. */
  readonly what: string;
  /** What the author can do about it, one sentence. */
  readonly remedy: string;

  constructor(code: string, what: string, remedy: string) {
    super(`${code} ${what}\n  ${remedy}`);
    this.code = code;
    this.what = what;
    this.remedy = remedy;
  }
}

export const refStringified = (ref: string): AuthoringError =>
  new AuthoringError(
    "DB1001",
    `The value of "${ref}" is not known while a runbook is compiled, so it cannot become text.`,
    "Pass it to a command as a word of its own, sh`program -- ${value}`, or compute the text on the host in a read.",
  );

export const outsideRunbook = (what: string): AuthoringError =>
  new AuthoringError(
    "DB1002",
    `${what} was used outside the body of a runbook.`,
    "Steps are recorded while the body passed to runbook(…) runs; move the call into it.",
  );

export const paramReserved = (name: string): AuthoringError =>
  new AuthoringError(
    "DB1023",
    `A parameter cannot be called "${name}": every script has an option --${name}.`,
    "Choose a name that says what it is to the runbook; `--help` of a script lists the options that are taken.",
  );

export const bodyIsAsync = (id: string): AuthoringError =>
  new AuthoringError(
    "DB1003",
    `The body of runbook "${id}" returned a promise.`,
    "A body only records steps; remove `async` and `await`. What has to wait belongs in a step's command.",
  );

export const duplicateStep = (id: string): AuthoringError =>
  new AuthoringError(
    "DB1004",
    `Two steps have the id "${id}".`,
    "A step's id is the slug of its title: give one of them another title, or call the procedure under another prefix.",
  );

export const badIdentifier = (what: string, given: string): AuthoringError =>
  new AuthoringError(
    "DB1005",
    `${what} "${given}" cannot be an identifier.`,
    "Use lower-case letters, digits and single hyphens, beginning with a letter, 64 characters at most.",
  );

export const unslugged = (title: string): AuthoringError =>
  new AuthoringError(
    "DB1006",
    `The title ${JSON.stringify(title)} gives no step id.`,
    "Begin the title with a letter and use words: the id is made of its letters and digits, 64 characters at most.",
  );

export const badDuration = (given: string): AuthoringError =>
  new AuthoringError("DB1007", `"${given}" is not a duration.`, 'Write a number and a unit: "90s", "15m", "24h".');

export const nameCollision = (name: string): AuthoringError =>
  new AuthoringError(
    "DB1008",
    `Two values would both be called $${name} in the commands.`,
    "Rename the step or the parameter: a captured value is named after its step's title.",
  );

export const notARef = (position: number): AuthoringError =>
  new AuthoringError(
    "DB1009",
    `Interpolation ${position} of a command is neither a captured value nor a parameter.`,
    "Commands are constants: write fixed text into the command itself; secrets go to the step's stdin.",
  );

export const refOutOfScope = (ref: string): AuthoringError =>
  new AuthoringError(
    "DB1010",
    `"${ref}" is used where it may never have been captured.`,
    "A value captured inside when(…) or forEach(…) is visible only there; return it from both branches of when(…).",
  );

export const destroysWithoutGuard = (title: string): AuthoringError =>
  new AuthoringError(
    "DB1011",
    `"${title}" destroys something and has no guard.`,
    "Say what must hold on the target right before it: guard: [isHost(host), …].",
  );

export const emptyRunbook = (id: string): AuthoringError =>
  new AuthoringError(
    "DB1012",
    `Runbook "${id}" has no step.`,
    "Record at least one read, change or confirm in its body.",
  );

export const listAsWord = (ref: string): AuthoringError =>
  new AuthoringError(
    "DB1013",
    `"${ref}" is a list and cannot be one word of a command.`,
    "Walk it with forEach(list, (item) => …), or hand it to the command's stdin.",
  );

export const titleOfSeveralLines = (title: string): AuthoringError =>
  new AuthoringError(
    "DB1014",
    `The title ${JSON.stringify(title)} is more than one line.`,
    "Say it in one line; what else there is to say goes into a comment above the step.",
  );

export const notAList = (ref: string): AuthoringError =>
  new AuthoringError("DB1015", `"${ref}" is no list to be walked.`, "Declare what the read gives as list(…).");

export const branchesDiffer = (title: string): AuthoringError =>
  new AuthoringError(
    "DB1016",
    `The branches of "${title}" give values of different types.`,
    "What follows relies on the type: declare the same one, gives: path(), in both.",
  );

export const reservedAsset = (asset: string): AuthoringError =>
  new AuthoringError(
    "DB1017",
    `An asset cannot be called "${asset}".`,
    "Assets are properties of their host, which has one of that name already: choose another.",
  );

export const eachInEach = (title: string, outer: string): AuthoringError =>
  new AuthoringError(
    "DB1020",
    `onEach "${title}" stands inside onEach "${outer}".`,
    "One level of hosts is worked on at the same time; put them one after the other.",
  );

export const badLimit = (title: string, given: number): AuthoringError =>
  new AuthoringError(
    "DB1021",
    `${given} cannot be a limit of onEach "${title}".`,
    "atOnce and stopAfter are numbers of hosts: whole, and at least 1.",
  );

export const badGroup = (title: string): AuthoringError =>
  new AuthoringError(
    "DB1022",
    `The hosts of onEach "${title}" are no group.`,
    "Name at least one host, none twice, and all of the same role.",
  );

export const badTimes = (schedule: string, time: string): AuthoringError =>
  new AuthoringError(
    "DB1024",
    `"${time}" is no time of the day at which schedule "${schedule}" could begin.`,
    'Write hours and minutes in UTC, two digits each: "03:10".',
  );

export const badCall = (schedule: string, runbook: string, wrong: string): AuthoringError =>
  new AuthoringError(
    "DB1025",
    `Schedule "${schedule}" cannot call ${runbook}: ${wrong}.`,
    "Nobody is there to be asked: give every parameter that the runbook must have, and no other.",
  );

export const tooSeldom = (schedule: string, runbook: string, minutes: number, rpoSeconds: number): AuthoringError =>
  new AuthoringError(
    "DB1026",
    `Schedule "${schedule}" makes ${runbook} up to ${minutes / 60} h apart, and no more than ${rpoSeconds / 3600} h of data may be lost.`,
    "Let it begin more often, or say in the runbook's objective what may really be lost.",
  );

export const keepsNothing = (id: string): AuthoringError =>
  new AuthoringError(
    "DB1027",
    `Runbook "${id}" says where its copy lies, or how it is made, and backs nothing up.`,
    "Say what it backs up: backsUp. Only a backup has keeps, opens and continuous.",
  );
