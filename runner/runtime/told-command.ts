import { spawn } from "node:child_process";
import { harmless } from "../report/style.ts";

/** How long it may take, in seconds. */
const patience = 5;

/**
 * Runs a command that an operator wrote to be told of something. What happened is in its environment and, as one JSON
 * object, on its stdin, so that no value can become part of a command. Resolves with what was wrong with it, if anything.
 */
export async function tellCommand(
  command: string,
  environment: Readonly<Record<string, string>>,
  object: object,
): Promise<string | undefined> {
  const { DRILLBOOK_NOTIFY: _own, ...inherited } = process.env;
  // In a session of its own: Ctrl-C is for who calls it, and what it starts can be ended with it.
  const child = spawn("/bin/sh", ["-c", command], {
    detached: true,
    stdio: ["pipe", "ignore", "pipe"],
    env: { ...inherited, ...environment },
  });
  child.stdin.on("error", () => {});
  child.stdin.end(`${JSON.stringify(object)}\n`);
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (said = (said + text).slice(-200)));
  return await new Promise((resolve, reject) => {
    const late = setTimeout(() => {
      if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
      resolve(`was ended: it took longer than ${patience} s`);
    }, patience * 1000);
    child.once("error", reject);
    // Not `close`: what it left running in the background may keep its output open.
    child.once("exit", (status, signal) => {
      clearTimeout(late);
      child.stderr.destroy();
      const why = harmless(said.trim().split("\n").at(-1) ?? "");
      if (status === 0) resolve(undefined);
      else resolve(`failed (${signal ?? `exit status ${status}`})${why ? `: ${why}` : ""}`);
    });
  });
}
