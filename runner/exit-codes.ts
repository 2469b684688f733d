/** What a process of ours answers with. Scripts and the CLI use the same. */
export const exitCode = {
  success: 0,
  /** A step failed: a non-zero exit was observed. */
  failed: 1,
  /** The call itself makes no sense: unknown runbook, parameter, value. */
  usage: 2,
  /** Refused before harm: guard, precondition, evidence, changed script, damaged journal. */
  refused: 3,
  /** What happened on a target cannot be known. */
  unknown: 4,
  /** Another run holds a host. */
  locked: 5,
  interrupted: 130,
} as const;
