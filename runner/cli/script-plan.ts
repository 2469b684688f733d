import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { exitCode } from "../exit-codes.ts";
import type { Planned } from "../report/plan-sink.ts";

/** What a script's `--plan` came to. */
export interface ScriptPlan {
  readonly code: number;
  readonly lines: readonly Planned[];
  readonly stderr: string;
}

/** Lets a runbook's own script plan, the same bytes that would run: it looks, and changes nothing. */
export async function planOf(
  script: string,
  binding: string,
  params: Readonly<Record<string, string>>,
): Promise<ScriptPlan> {
  const given = Object.entries(params).flatMap(([name, text]) => [`--${name}`, text]);
  const { code, stdout, stderr } = await node([script, "--plan", "--json", "--binding", binding, ...given]);
  const lines = stdout.split("\n").flatMap((line) => (line === "" ? [] : [JSON.parse(line) as Planned]));
  return { code, lines, stderr };
}

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function node(args: readonly string[]): Promise<Ended> {
  try {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, args, { maxBuffer: 64 * 1024 * 1024 });
    return { code: exitCode.success, stdout, stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as Ended;
    if (typeof code !== "number") throw error;
    return { code, stdout, stderr };
  }
}
