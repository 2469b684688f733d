import { randomInt } from "node:crypto";

/** A new run's id: sorts by time, says the runbook, and is told apart by its end: `2026-11-22T23-32-00Z-recover-postgres-x7k2`. */
export function newRunId(runbook: string, at: Date): string {
  const time = at
    .toISOString()
    .replace(/\.\d+Z$/u, "Z")
    .replaceAll(":", "-");
  const end = Array.from({ length: 4 }, () => randomInt(36).toString(36)).join("");
  return `${time}-${runbook}-${end}`;
}

/** Whether an id is one of a run of that runbook. */
export function isRunOf(runbook: string, run: string): boolean {
  const [, named] = /Z-(.+)-[a-z0-9]{4}$/u.exec(run) ?? [];
  return named === runbook;
}
