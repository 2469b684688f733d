import { execFile } from "node:child_process";
import { promisify } from "node:util";

/** Milliseconds that a program takes. @throws Error with what it said, when it fails */
export async function timed(program: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<number> {
  const begun = performance.now();
  await promisify(execFile)(program, [...args], { env: { ...process.env, ...env }, maxBuffer: 64 * 1024 * 1024 });
  return performance.now() - begun;
}
