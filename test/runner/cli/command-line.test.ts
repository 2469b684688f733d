import { spawnSync } from "node:child_process";
import { appendFileSync, chownSync, cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, onTestFinished, test } from "vitest";
import { keepOutput, outputName } from "../../../runner/journal/output.ts";
import { runFolder } from "../../../runner/journal/state.ts";
import { JournalWriter } from "../../../runner/journal/writer.ts";
import { begin } from "../journal/events.ts";
import { drillbook as drillbookIn, main, type Answer } from "./drillbook.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const state = mkdtempSync(join(tmpdir(), "state-"));
afterAll(() => rmSync(state, { recursive: true }));

/** Runs the command line in this project, with a state folder of the test's own. */
const drillbook = (...args: readonly string[]): Promise<Answer> => drillbookIn(root, ...args);
process.env["DRILLBOOK_STATE"] = state;

/** Records a run of one step that failed. */
function recorded(run: string): void {
  const folder = runFolder(state, run);
  for (const path of [folder.output, folder.kit]) mkdirSync(path, { recursive: true });
  const journal = JournalWriter.create(folder.journal, run);
  journal.append(begin);
  journal.append({ type: "intent", step: "load", data: { host: "db1", token: "load.1" } });
  const said = { stdout: Buffer.from("loading\n"), stderr: Buffer.from("no space\n") };
  const output = keepOutput(folder.output, outputName(journal.next, "load", "run"), said);
  journal.append({ type: "failed", step: "load", data: { ...output, what: "run", status: 1 } });
  journal.append({ type: "end", data: { verdict: "failed", exitCode: 1 } });
  journal.close();
}

const older = "2026-11-22T23-32-00Z-recover-postgres-x7k2";
const newer = "2026-11-23T07-00-00Z-recover-postgres-a001";
for (const run of [newer, older]) recorded(run);

describe("journal", () => {
  test("lists every run, newest first, with how it ended", async () => {
    expect(await drillbook("journal", "list")).toMatchObject({
      code: 0,
      stdout: `${newer}  failed\n${older}  failed\n`,
    });
  });

  test("shows what happened in the newest run, or the named one", async () => {
    const { code, stdout } = await drillbook("journal", "show");
    expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringContaining(newer) });
    expect(stdout).toMatch(/^\S+ +\S+ s +load +db1: the run ended with exit status 1\n +\| no space$/mu);
    expect((await drillbook("journal", "show", older, "--json")).stdout.trim().split("\n")).toHaveLength(4);
  });

  test("verifies journal and outputs, and names what was altered", async () => {
    expect(await drillbook("journal", "verify", older)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining(`${older}: 4 records and 2 outputs are as they were written.\n`),
    });
    const kept = join(state, older, "output", "000002-load.run.stderr");
    appendFileSync(kept, "and more\n");
    expect(await drillbook("journal", "verify", older)).toMatchObject({
      code: 3,
      stderr: expect.stringMatching(new RegExp(`^DB3105 .*${kept}`, "u")),
    });
    writeFileSync(join(state, older, "journal.jsonl"), "{}\n");
    expect(await drillbook("journal", "verify", older)).toMatchObject({
      code: 3,
      stderr: expect.stringMatching(/^DB3101/u),
    });
    expect((await drillbook("journal", "list")).stdout).toContain(`${older}  DB3101 The journal is damaged at line 1`);
  });

  test("an unknown run is told the nearest name", async () => {
    const { code, stderr } = await drillbook("journal", "show", newer.replace("a001", "a002"));
    expect({ code, stderr }).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(`The nearest name is "${newer}"`),
    });
  });
});

test("plan and run are the script of a kit: its own --help answers", async () => {
  for (const command of ["plan", "run"]) {
    const { code, stdout } = await drillbook(command, "recover-postgres", "--help");
    expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringContaining("--server HOST") });
  }
});

test.each([["plan"], ["run"], ["resume"], ["undo"]])("%s --help says how it is called", async (command) => {
  for (const flag of ["--help", "-h"]) {
    const { code, stdout, stderr } = await drillbook(command, flag);
    expect({ code, stdout, stderr }).toEqual({
      code: 0,
      stdout: expect.stringMatching(new RegExp(`^Usage: drillbook ${command} `, "u")),
      stderr: "",
    });
  }
});

test("what Node compiles is kept in the account's own folder of caches, and in nobody else's", () => {
  const caches = mkdtempSync(join(tmpdir(), "caches-"));
  onTestFinished(() => rmSync(caches, { recursive: true }));
  const call = (folder: string): readonly string[] => {
    mkdirSync(folder);
    if (folder.endsWith("other")) chownSync(folder, 1, 1);
    const env = { ...process.env, XDG_CACHE_HOME: folder };
    expect(spawnSync(process.execPath, [main, "--help"], { env }).status).toBe(0);
    return readdirSync(folder);
  };
  expect(call(join(caches, "own"))).toEqual(["drillbook"]);
  // Only root can give a folder away.
  if (process.getuid?.() === 0) expect(call(join(caches, "other"))).toEqual([]);
});

test("a place for caches that cannot be made keeps nothing up", () => {
  const env = { ...process.env, XDG_CACHE_HOME: "/proc/x/y" };
  expect(spawnSync(process.execPath, [main, "--help"], { env, timeout: 30_000 }).status).toBe(0);
});

test("a reader that has gone away is no failure", async () => {
  for (const words of [
    [main, "--help"],
    [main, "journal", "--help"],
  ]) {
    const { stderr } = spawnSync("sh", ["-c", '"$0" "$@" | true', process.execPath, ...words], { encoding: "utf8" });
    expect(stderr).toBe("");
  }
});

test("an option before the name of a runbook or a run is told where it belongs", async () => {
  for (const command of ["plan", "run"]) {
    expect(await drillbook(command, "--server", "db1", "recover-postgres")).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(new RegExp(`^DB3020 [^]*drillbook ${command} RUNBOOK --server`, "u")),
    });
  }
});

test("an unknown runbook, command or option is told the nearest name", async () => {
  expect(await drillbook("run", "recover-postgre")).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('Did you mean "recover-postgres"?'),
  });
  expect(await drillbook("pln")).toMatchObject({ code: 2, stderr: expect.stringContaining("Did you mean plan?") });
  expect(await drillbook("run", "recover-postgres", "--sever", "db1")).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("The nearest name is --server"),
  });
});

test("resume without a name takes the newest run that stopped, from the place that is named", async () => {
  const nowhere = await drillbook("resume", "--state", join(state, "empty"), "--verbose");
  expect(nowhere).toMatchObject({ code: 2, stderr: expect.stringContaining(`No run in ${join(state, "empty")}`) });
  const unknown = await drillbook("resume", older, "--state", join(state, "empty"));
  expect(unknown).toMatchObject({ code: 2, stderr: expect.stringMatching(/^DB3103 .*empty/u) });
});

test("resume without a name goes by an older run whose journal is damaged, and not by a newer one", async () => {
  const place = join(state, "damaged");
  for (const run of [older, newer]) cpSync(join(state, run), join(place, run), { recursive: true });
  const damage = (run: string): void => appendFileSync(join(place, run, "journal.jsonl"), "{}\n");
  damage(older);
  const told = await drillbook("resume", "--state", place);
  expect(told.stderr).toMatch(new RegExp(`^${older} is left out\\. DB3101 `, "u"));
  // The copy of its script is not there.
  expect(told.stderr).toContain(join(place, newer, "kit"));
  damage(newer);
  expect(await drillbook("resume", "--state", place)).toMatchObject({
    code: 3,
    stderr: expect.stringMatching(new RegExp(`^DB3101 .*${older}`, "u")),
  });
});

test("resume without a run that stopped says so", async () => {
  const { code, stderr } = await drillbook("resume", "2026-01-01T00-00-00Z-other-0000");
  expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringMatching(/^DB3103/u) });
});

test("--help is no error, and every command says what it is for", async () => {
  const { code, stdout } = await drillbook("--help");
  expect(code).toBe(0);
  for (const command of ["plan", "run", "resume", "journal", "doctor", "drill", "rehearse"]) {
    expect(stdout).toMatch(new RegExp(`^ {2}${command}\\b`, "mu"));
  }
});
