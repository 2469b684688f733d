import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { root } from "./files.ts";

/** How a tool ended, and all that it said. */
export interface ToolRun {
  readonly status: number | null;
  readonly output: string;
}

/** Runs a tool of node_modules/.bin, or of the machine, in the repository's root. */
export async function run(program: string, ...args: readonly string[]): Promise<ToolRun> {
  const path = `${root}node_modules/.bin:${process.env["PATH"] ?? ""}`;
  const child = spawn(program, args, {
    cwd: root,
    env: { ...process.env, PATH: path },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const closed = once(child, "close") as Promise<[number | null]>;
  const [[status], stdout, stderr] = await Promise.all([closed, text(child.stdout), text(child.stderr)]);
  return {
    status,
    output: [stdout, stderr]
      .map((part) => part.trim())
      .filter(Boolean)
      .join("\n"),
  };
}

/** What a tool complains of: nothing when it ends well. */
export async function complaints(program: string, ...args: readonly string[]): Promise<string> {
  const { status, output } = await run(program, ...args);
  return status === 0 ? "" : output || `${program} ended with status ${status} and said nothing`;
}
