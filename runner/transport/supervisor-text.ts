import { readFileSync } from "node:fs";

/** The program at the far end of a connection. The build of the runtime file puts the text itself here. */
export const supervisorText: string = readFileSync(new URL("supervisor.sh", import.meta.url), "utf8");
