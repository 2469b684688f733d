import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";
import { readJournal } from "../../../runner/journal/reader.ts";
import { drillbook, main } from "./drillbook.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const stored = join(root, "test/runner/journal/stored");
const state = mkdtempSync(join(tmpdir(), "state-"));
afterAll(() => rmSync(state, { recursive: true }));
process.env["DRILLBOOK_STATE"] = state;

const runs = new Map(
  readdirSync(stored).map((name) => {
    const { run } = readJournal(join(stored, name, "journal.jsonl"));
    cpSync(join(stored, name), join(state, run), { recursive: true });
    return [name, run] as const;
  }),
);
const run = runs.get("failed-then-mended") ?? "";

test("show tells a run by the clock: who, what, how long, what failed and what it printed, and the pause before the resume", async () => {
  const { code, stdout } = await drillbook(root, "journal", "show", run);
  expect(code).toBe(0);
  const told = [
    /^Ended: +completed/mu,
    /^\d\d:\d\d:\d\d {2}begun by root@/mu,
    /^\d\d:\d\d:\d\d +0\.25 s +act +db1: the run ended with exit status 1\n +\| disk full & so on$/mu,
    /nobody at it for 0\.37 s/u,
    /resumed by root@[^]* act +db1: done$/mu,
    /^Head: +[0-9a-f]{64}$/mu,
  ];
  for (const line of told) expect(stdout).toMatch(line);
});

test("show --html writes one page: a picture with its words, the same facts in tables, what machines printed as text", async () => {
  const file = join(state, "report.html");
  expect(await drillbook(root, "journal", "show", run, "--html", file)).toMatchObject({ code: 0, stdout: "" });
  const page = readFileSync(file, "utf8");
  expect(page).toMatch(/<svg [^>]*role="img" aria-labelledby="picture-title picture-desc">/u);
  expect(page).toContain("<pre>disk full &amp; so on</pre>");
  expect(page).toContain("default-src 'none'");
  expect(page).toMatch(/prefers-color-scheme: dark[^]*@media print/u);
  expect((await drillbook(root, "journal", "show", run, "--html", "-")).stdout).toBe(page);
});

test("a page that cannot be written is told by its file", async () => {
  const answer = await drillbook(root, "journal", "show", run, "--html", "/nonexistent/x");
  expect(answer).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/^DB3808 The page cannot be written to \/nonexistent\/x: ENOENT/u),
  });
});

test("each names the place with --state; one that is no folder is told", async () => {
  const { DRILLBOOK_STATE: _own, ...elsewhere } = process.env;
  const named = (...words: readonly string[]) =>
    spawnSync(process.execPath, [main, ...words], { cwd: root, env: elsewhere, encoding: "utf8" });
  for (const words of [["list"], ["show", run], ["head", run], ["verify", run]]) {
    const called = named("journal", ...words, "--state", state);
    expect(called.status, called.stderr).toBe(0);
    expect(called.stdout).toBe((await drillbook(root, "journal", ...words)).stdout);
    expect(named("journal", ...words, "--help").stdout).toMatch(/^ {2}--state <dir> +where runs are recorded/mu);
  }
  const file = join(state, run, "journal.jsonl");
  for (const words of [["journal", "list"], ["journal", "show", run], ["resume"], ["undo", run]])
    expect(named(...words, "--state", file)).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(new RegExp(`^DB3107 The runs in ${file} cannot be looked through: ENOTDIR`, "u")),
    });
});

test("show --json gives the records as they are", async () => {
  const { stdout } = await drillbook(root, "journal", "show", run, "--json");
  const { records } = readJournal(join(state, run, "journal.jsonl"));
  expect(
    stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as unknown),
  ).toEqual(records);
});
