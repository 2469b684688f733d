import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Ends the jobs that were started below a folder and still run: a detached one outlives whoever started it. */
export function endJobs(folder: string): void {
  for (const group of jobs(folder)) {
    try {
      process.kill(-group, "SIGKILL");
    } catch {
      // It ended by itself in the meantime.
    }
  }
}

/** Their process groups, by their records. */
function jobs(folder: string): readonly number[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".record"))
    .flatMap((path) => {
      const [, pid, began] = /^running (\d+) (\d+)/mu.exec(readFileSync(join(folder, path), "utf8")) ?? [];
      const stat = existsSync(`/proc/${pid}/stat`) ? readFileSync(`/proc/${pid}/stat`, "utf8") : "";
      return stat.split(" ")[21] === began ? [Number(pid)] : [];
    });
}
