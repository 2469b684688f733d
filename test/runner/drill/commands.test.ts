import { cp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import type { RehearsalFile } from "../../../dsl/plan/rehearsal.ts";
import { sha256 } from "../../../runner/journal/line.ts";
import { closedDoor, drillProject } from "../../support/folder-world/project.ts";

// Every call starts the command line anew, and compiles; two tests at a time use what the other waits.
vi.setConfig({ maxConcurrency: 2 });
const together = { timeout: 120_000, concurrent: true };

describe("rehearse", together, () => {
  test("opens with the cost, says each phase, and ends with the verdict and what to try", async () => {
    await using project = await drillProject();
    const { code, stdout } = await project.drillbook("rehearse");
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^Rehearses lost-rows .*\n {2}time .* never been rehearsed here\n {2}disk .*\n {2}memory .*\n/u,
    );
    for (const phase of ["bring up the steady state", "let the disaster strike", "recover", "see that it restores"]) {
      expect(stdout).toMatch(new RegExp(`^\\d\\d:\\d\\d {2}${phase}$`, "mu"));
    }
    expect(stdout).toMatch(/Restore the rows: ran, /u);
    expect(stdout).toMatch(/verdict +passed: procedure works \(restore-rows\)/u);
    expect(stdout).toMatch(
      /RTA .*\n +detect .*, decide .*, human wait 0 s \(automated: restore-rows: restore-this-copy\)/u,
    );
    expect(stdout).toMatch(/lost +\d+ of \d+ acknowledged writes: \d+–\d+/u);
    expect(stdout).toMatch(/objective +not shown \(data .* in containers, production size unknown\)/u);
    expect(stdout).toMatch(/evidence +\.drillbook\/evidence\/lost-rows\.json/u);
    expect(stdout).toMatch(/next +npm run rehearse -- lost-rows --without "Let writers in"/u);
    const again = await project.drillbook("rehearse", "--without-backup");
    expect(again.code).toBe(1);
    expect(again.stdout).toMatch(/^ {2}time .*; lost-rows took .* the last time$/mu);
    expect(again.stdout).toMatch(/verdict +failed: The recovery failed: .*the archive holds no copy\n +DB4021 /u);
  });

  test("what it showed stands beside the script afterwards, bound to the bytes that ran", async () => {
    await using project = await drillProject();
    expect((await project.drillbook("rehearse")).code).toBe(0);
    expect((await project.drillbook("compile", "restore-rows")).code).toBe(0);
    const kit = join(project.folder, ".drillbook/kit");
    const file = JSON.parse(await readFile(join(kit, "restore-rows.drills.json"), "utf8")) as RehearsalFile;
    expect(file).toMatchObject({ v: 1, runbook: "restore-rows" });
    expect(file.rehearsals).toHaveLength(1);
    expect(file.rehearsals[0]).toMatchObject({ drill: "lost-rows", verdict: "passed", as: "recovery", samePlan: true });
    expect(file.rehearsals[0]?.script).toBe(sha256(await readFile(join(kit, "restore-rows.mjs"))));
    const runtime = (await readdir(kit)).find((name) => name.startsWith("drillbook-runtime-")) ?? "";
    expect(file.rehearsals[0]?.runtime).toBe(sha256(await readFile(join(kit, runtime))));
    // Reads have their times too.
    expect(Object.keys(file.rehearsals[0]?.stepSeconds ?? {})).toEqual([
      "newest-copy",
      "restore-the-rows",
      "let-writers-in",
    ]);
  });

  test("where the ledger lies elsewhere, what was lost is nowhere given a figure", async () => {
    await using project = await drillProject(closedDoor);
    const { code, stdout } = await project.drillbook("rehearse");
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /RPA +not counted, and by schedule as much as 24 h\n +lost +not counted: the drill's writes lie elsewhere\n/u,
    );
    expect(stdout).toMatch(/objective +RTO not shown \(.*\), RPO not shown \(the drill's writes lie elsewhere\)/u);

    expect((await project.drillbook("coverage")).stdout).toMatch(
      /^server\.door {2}rows-lost {2}passed {2}RTA .*, RPA not counted$/mu,
    );
    const covered = JSON.parse((await project.drillbook("coverage", "--json")).stdout) as unknown;
    expect(covered).toMatchObject({ cells: [{ rtaSeconds: expect.any(Number) as number, rpaSeconds: null }] });

    const { stdout: line } = await project.drillbook("drill", "--json");
    expect(JSON.parse(line)).toMatchObject({ rtaSeconds: expect.any(Number) as number, rpaSeconds: null, lost: null });

    // Pages tell of evidence that was committed.
    await cp(join(project.folder, ".drillbook/evidence"), join(project.folder, "docs/evidence"), { recursive: true });
    expect((await project.drillbook("compile", "restore-rows")).code).toBe(0);
    const page = await readFile(join(project.folder, ".drillbook/kit/restore-rows.md"), "utf8");
    expect(page).toMatch(
      /passed\. It took \d+ s\. What was lost is not counted: the drill's writes lie elsewhere\. Recovery time: /u,
    );
  });

  test("the steady state is found again as long as nothing has changed", async () => {
    await using project = await drillProject();
    const output = async (): Promise<string> => (await project.drillbook("rehearse")).stdout;
    expect(await output()).toContain("building the steady state");
    expect(await output()).not.toContain("building the steady state");
    await project.write({ copies: "cat /srv/data/rows > /srv/archive/.incoming" });
    expect(await output()).toContain("building the steady state");
  });

  test.each([
    [["lost-row"], /DB4001.*\n.*Did you mean "lost-rows"\?/u],
    [["lost-rows", "--without", "Let writers inn"], /DB4003.*\n.*Did you mean "Let writers in"\?/u],
    [["lost-rows", "--without", "Newest copy"], /DB4005.*"restore-this-copy", "restore-the-rows"/u],
  ])("refuses %j with the way out", async (args, message) => {
    await using project = await drillProject();
    const { code, stderr } = await project.drillbook("rehearse", ...args);
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(message) as string });
  });

  test("a project without drills is told what a drill is", async () => {
    await using project = await drillProject();
    await rm(join(project.folder, "runbooks/lost-rows.drill.ts"));
    expect(await project.drillbook("rehearse")).toMatchObject({ code: 2, stderr: expect.stringMatching(/DB4002/u) });
  });
});

describe("drill", together, () => {
  test("prints one JSON line a drill, and leaves a JUnit report", async () => {
    await using project = await drillProject();
    const { code, stdout } = await project.drillbook("drill", "--json", "--junit", "junit.xml");
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      drill: "lost-rows",
      verdict: "passed",
      injection: "passed",
      red: "passed",
      recovery: "passed",
      acceptance: "passed",
      cleanup: "passed",
      rtaSeconds: expect.any(Number) as number,
      rpaSeconds: expect.any(Number) as number,
      evidence: ".drillbook/evidence/lost-rows.json",
    });
    const report = await readFile(join(project.folder, "junit.xml"), "utf8");
    expect(report).toMatch(/<testsuites .*tests="1" failures="0"/u);
  });

  test("a drill that fails is a test that fails, once", async () => {
    await using project = await drillProject();
    const { code, stdout } = await project.drillbook("drill", "--json", "--junit", "junit.xml", "--without-backup");
    expect(code).toBe(1);
    expect(stdout.trim().split("\n")).toHaveLength(1);
    expect(await readFile(join(project.folder, "junit.xml"), "utf8")).toMatch(/the archive holds no copy/u);
  });

  test("an unknown drill is refused with the nearest name", async () => {
    await using project = await drillProject();
    const { code, stderr } = await project.drillbook("drill", "lost-raws");
    expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringMatching(/Did you mean "lost-rows"/u) });
  });

  test("a drill file that exports something else is named", async () => {
    await using project = await drillProject();
    await writeFile(join(project.folder, "runbooks/other.drill.ts"), "export default 1;\n");
    const { code, stderr } = await project.drillbook("drill", "other");
    expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringMatching(/other\.drill\.ts.*DB4032/su) });
  });

  test("only affected drills run, and each one skipped has its reason", async () => {
    await using project = await drillProject();
    const affected = () => project.drillbook("drill", "--affected", "--json");
    expect((await affected()).stderr).toMatch(/affected: lost-rows: there is no evidence of it/u);
    expect(await affected()).toMatchObject({
      code: 0,
      stdout: "",
      stderr: expect.stringMatching(/skipped: lost-rows: what it would run is what passed at /u) as string,
    });
    await project.write({ opens: "touch /srv/data/open" });
    expect((await affected()).stderr).toMatch(/since its evidence was made there is another restore-rows\.mjs/u);
  });
});

test.each(["rehearse", "drill"])("%s removes its machines when it is interrupted", together, async (command) => {
  // It goes on for as long as its machine is there.
  await using project = await drillProject({ opens: "while [ -e /srv/archive ]; do sleep 0.1; done" });
  const { code, stdout } = await project.interrupted("Let writers in: runs on server", command, "lost-rows");
  expect({ code, stdout }).toEqual({ code: 130, stdout: expect.stringMatching(/DB4011.*cleanup passed/su) as string });
  const left = await readdir(join(project.folder, ".drillbook/world"));
  expect(left.filter((folder) => folder.startsWith("fork-"))).toEqual([]);
});

describe("coverage", together, () => {
  test("without evidence every cell is a gap; after a drill that passed there is none", async () => {
    await using project = await drillProject();
    const coverage = async (): Promise<unknown> => JSON.parse((await project.drillbook("coverage", "--json")).stdout);
    const cell = { asset: "server.rows", disaster: "rows-lost", runbook: "restore-rows", drill: "lost-rows" };
    expect(await coverage()).toMatchObject({
      cells: [{ ...cell, verdict: null, evidence: null, rtoSeconds: 3600, rtaSeconds: null }],
      gaps: [{ asset: "server.rows", disaster: "rows-lost", why: "lost-rows: there is no evidence of it" }],
    });
    await project.drillbook("rehearse");
    expect(await coverage()).toMatchObject({
      cells: [{ ...cell, verdict: "passed", red: "passed", evidence: ".drillbook/evidence/lost-rows.json" }],
      gaps: [],
    });
  });

  test("evidence that was altered proves nothing, and keeps nobody from a new drill", async () => {
    await using project = await drillProject();
    await project.drillbook("rehearse");
    const file = join(project.folder, ".drillbook/evidence/lost-rows.json");
    await writeFile(file, (await readFile(file, "utf8")).replace('"PASSED"', '"GREEN"'));
    expect(JSON.parse((await project.drillbook("coverage", "--json")).stdout)).toMatchObject({
      cells: [{ verdict: null, evidence: null }],
      gaps: [{ why: expect.stringMatching(/lost-rows\.json is not evidence: .*predicate\/result/u) as string }],
    });
    expect(await project.drillbook("rehearse")).toMatchObject({ code: 0 });
    expect(await readFile(file, "utf8")).toContain('"PASSED"');
  });
});
