/** Loaded before a script (`node --import`): the most that its buffers held, in bytes, goes into the file DRILLBOOK_HELD. */
import { writeFileSync } from "node:fs";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc");
let most = 0;
setInterval(() => {
  collect();
  most = Math.max(most, process.memoryUsage().arrayBuffers);
}, 50).unref();
process.on("exit", () => writeFileSync(process.env["DRILLBOOK_HELD"], String(most)));
