import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeEach } from "vitest";
import type { Record } from "../../../runner/journal/record.ts";
import { reversible } from "./reversible.ts";
import { startRig, type Called } from "./rig.ts";

/** A rig for the tests of undo: the reversible runbook, stopped by a program of its own. */
export async function startUndoRig() {
  const rig = await startRig();
  afterAll(() => rig[Symbol.asyncDispose]());
  beforeEach(() => rig.freshHost());
  const script = rig.script(reversible);
  const programs = { run: "exit 1", undo: "true", drop: "exit 1" };
  /** Makes a folder of programs and runs the runbook in it, until it stops. */
  async function stopped(
    own: Partial<typeof programs> = {},
  ): Promise<{ readonly folder: string; readonly run: string }> {
    const folder = rig.programs({ ...programs, ...own });
    await rig.call(script, "--folder", folder, "--answer", "drop=db1 database");
    return { folder, run: rig.runs().at(-1) ?? "" };
  }
  const undo = (run: string, ...args: readonly string[]): Promise<Called> =>
    rig.call(script, "--undo", run, "--binding", rig.binding, ...args);
  const resume = (run: string, ...args: readonly string[]): Promise<Called> =>
    rig.call(script, "--resume", run, ...args);
  const log = (folder: string): string => readFileSync(join(folder, "log"), "utf8");
  const program = (folder: string, name: string, text: string): void =>
    writeFileSync(join(folder, name), `#!/bin/sh\n${text}\n`);
  const last = (run: string): Record | undefined => rig.records(run).at(-1);
  const claimed = (): boolean => readdirSync(rig.hostState).includes("claim");
  /** A command that was offered, as its words: nothing in these tests needs quotes in it. */
  const pasted = (text: string, pattern: RegExp): readonly string[] => {
    const [line = ""] = pattern.exec(text) ?? [];
    return line.replaceAll("'", "").split(" ").slice(2);
  };
  return { rig, script, programs, stopped, undo, resume, log, program, last, claimed, pasted };
}
