/** One thing that was looked at, and whether a run would be stopped by it today. */
export interface Finding {
  /**
   * - `binding`: a host or its role is not bound
   * - `host`: log-in, pin, machine-id, sudo
   * - `tools`: programs that the runbook needs on a host
   * - `reads`: the runbook's own reads before its first change, its newest backup among them
   * - `guard`: what must hold before that change, free space among it
   * - `age`: the newest moment in the backup, against the objective
   * - `drift`: versions of its programs, against those that its newest passed drill had
   * - `call`: a parameter that was not given, so that the rest could not be asked
   */
  readonly kind: "binding" | "host" | "tools" | "reads" | "guard" | "age" | "drift" | "call";
  readonly state: "ok" | "stops" | "unknown";
  readonly host?: string;
  readonly what: string;
}

export type Readiness = "ready" | "not ready" | "not known";

/** What findings add up to: what is known to stop a run weighs most. */
export function readiness(findings: readonly Finding[]): Readiness {
  if (findings.some(({ state }) => state === "stops")) return "not ready";
  return findings.some(({ state }) => state === "unknown") ? "not known" : "ready";
}

/** A runbook as it would be called, and what was found. */
export interface Asked {
  readonly runbook: string;
  readonly kind: "backup" | "recovery" | "check";
  readonly params: Readonly<Record<string, string>>;
  readonly readiness: Readiness;
  readonly findings: readonly Finding[];
}
