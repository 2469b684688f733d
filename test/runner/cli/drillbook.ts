import { spawn, type ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";

export const main = fileURLToPath(new URL("../../../runner/cli/main.ts", import.meta.url));

export interface Answer {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command line in a folder, to its end. */
export async function drillbook(cwd: string, ...args: readonly string[]): Promise<Answer> {
  const child = start(cwd, ...args);
  let [stdout, stderr] = ["", ""];
  child.stdout?.on("data", (text: string) => (stdout += text));
  child.stderr?.on("data", (text: string) => (stderr += text));
  return await new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, stdout, stderr }));
  });
}

/** Starts the command line in a folder. */
export function start(cwd: string, ...args: readonly string[]): ChildProcess {
  const child = spawn(process.execPath, [main, ...args], { cwd, stdio: ["ignore", "pipe", "pipe"] });
  child.stdout?.setEncoding("utf8");
  child.stderr?.setEncoding("utf8");
  return child;
}
