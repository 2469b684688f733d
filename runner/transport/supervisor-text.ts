import { readFileSync } from "node:fs";

const parts = ["supervisor-jobs.sh", "supervisor-lock.sh", "supervisor.sh"];

/** The program at the far end of a connection. The build of the runtime file puts the text itself here. */
export const supervisorText: string = parts
  .map((part) => readFileSync(new URL(part, import.meta.url), "utf8"))
  .join("\n");
