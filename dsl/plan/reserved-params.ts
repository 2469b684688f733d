/** Names of options that every script has: a parameter of a runbook is an option of its script, and cannot have one. */
export const reservedParams = [
  "adopt",
  "answer",
  "binding",
  "break-lock",
  "from",
  "help",
  "json",
  "mark",
  "mirror",
  "notify",
  "outline",
  "plain",
  "plan",
  "resume",
  "secret",
  "state",
  "step",
  "undo",
  "until",
  "value",
  "verbose",
  "versions",
  "why",
] as const;

export type ReservedParam = (typeof reservedParams)[number];

export function isReservedParam(name: string): name is ReservedParam {
  return (reservedParams as readonly string[]).includes(name);
}
