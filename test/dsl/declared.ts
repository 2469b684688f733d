import type { AuthoringError } from "../../dsl/index.ts";
import { host, role, runbook, type Runbook, type Tools } from "../../dsl/index.ts";

export const databaseServer = role("database-server", { assets: ["database"] });
export const db1 = host("db1", databaseServer);
export const store = host("store", role("store", { assets: ["sets"] }));

/** A runbook with this body. */
export function declare(body: (tools: Tools) => void, id = "case"): Runbook {
  return runbook(id, { objective: { rto: "1h", rpo: "24h" } }, body);
}

/** The code of what a call throws. */
export function codeOf(call: () => unknown): string {
  try {
    call();
  } catch (error) {
    return (error as AuthoringError).code;
  }
  return "nothing was thrown";
}
