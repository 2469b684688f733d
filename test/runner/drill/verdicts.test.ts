import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { parseStatement } from "../../../runner/drill/evidence/validate.ts";
import { drillProject } from "../../support/folder-world/project.ts";
import { rehearse, rehearsed } from "../../support/folder-world/rehearse.ts";

// A whole drill each, with compiling. Most of it is waiting: for the farm to be written to, for probes to turn.
vi.setConfig({ testTimeout: 120_000 });

// For drills in which a probe does not turn.
const briefly = { patience: 2 } as const;

const nothing = "not reached";
const untouched = { injection: nothing, red: nothing, recovery: nothing, acceptance: nothing, nextCycle: nothing };

test.concurrent(
  "a drill whose every part passes says what was measured, and leaves evidence that holds to its schema",
  async () => {
    await using project = await drillProject();
    const { code, result } = await rehearsed(project);
    expect(result.reasons).toEqual({});
    expect({ code, verdict: result.verdict }).toEqual({ code: 0, verdict: "passed" });
    expect(new Set(Object.values(result.parts))).toEqual(new Set(["passed"]));
    expect(result.automated).toEqual(["restore-rows: restore-this-copy"]);

    const { measured, objective } = result;
    const loss = measured?.loss;
    expect(loss?.lost).toBeGreaterThanOrEqual(20);
    expect(loss?.lost).toBeLessThan(loss?.acknowledged ?? 0);
    expect(loss?.newestSurviving?.number).toBe((loss?.numbers[0]?.[0] ?? 0) - 1);
    expect(measured?.rpaSeconds).toBeGreaterThan(0);
    expect(measured?.split.execute).toBeGreaterThan(0);
    expect(objective.rto).toMatchObject({ shown: "not shown" });
    expect(objective.rto.why).toMatch(/in containers, production size unknown$/u);

    const file = join(project.folder, result.evidence ?? "");
    const statement = parseStatement(await readFile(file, "utf8"), file);
    expect(statement.predicate).toMatchObject({ result: "PASSED", failedTests: [], drill: { measured } });
    // What its hosts had, for production to be compared with.
    expect(statement.predicate.drill.tools).toEqual({
      "restore-rows": {
        server: {
          cmp: expect.stringMatching(/^cmp .*\d/u) as string,
          cp: expect.stringMatching(/^cp .*\d/u) as string,
        },
      },
      "copy-rows": {},
    });
    expect(statement.subject.map(({ name }) => name)).toEqual([
      "copy-rows.mjs",
      "restore-rows.mjs",
      expect.stringMatching(/^drillbook-runtime-[0-9a-f]{12}\.mjs$/u) as string,
      "plan of copy-rows",
      "plan of restore-rows",
      "image of server",
      "inputs",
    ]);
  },
);

test.concurrent("what is drilled is, byte for byte, what is compiled for production", async () => {
  await using project = await drillProject();
  const { result } = await rehearsed(project);
  const { stdout } = await project.drillbook("list", "--json");
  const listed = JSON.parse(stdout) as readonly { readonly id: string; readonly scriptSha256: string }[];
  expect(listed.map(({ id }) => id)).toEqual(["copy-rows", "restore-rows"]);
  for (const { id, scriptSha256 } of listed) {
    expect(result.subjects).toContainEqual({ name: `${id}.mjs`, sha256: scriptSha256 });
  }
});

test.concurrent("machines that cannot be prepared make the drill void", async () => {
  const { code, result } = await rehearse({ faults: ["not prepared"] });
  expect({ code, verdict: result.verdict }).toEqual({ code: 4, verdict: "void" });
  expect(result.parts).toMatchObject({ ...untouched, steadyState: "void" });
  expect(result.reasons.steadyState).toMatchObject({
    code: "DB4010",
    why: expect.stringContaining("there is no room"),
  });
});

test.concurrent("a runbook that does not compile has failed", async () => {
  const { code, result } = await rehearse({ opens: "touch -- '" });
  expect(code).toBe(1);
  expect(result.reasons.steadyState?.code).toBe("DB4025");
});

test.concurrent("a backup that fails has failed, and the disaster does not strike", async () => {
  const { code, result } = await rehearse({ copies: "echo no room left >&2; exit 28" });
  expect(code).toBe(1);
  expect(result.parts).toMatchObject({ ...untouched, steadyState: "failed" });
  expect(result.reasons.steadyState).toMatchObject({
    code: "DB4020",
    why: expect.stringMatching(/"Copy the rows" failed \(run, exit status 28\): no room left/u) as string,
  });
});

test.concurrent("a farm that did not work before the disaster makes the drill void", async () => {
  const { code, result } = await rehearse({ faults: ["closed to writers"] }, briefly);
  expect(code).toBe(4);
  expect(result.parts).toMatchObject({ ...untouched, steadyState: "void" });
  expect(result.reasons.steadyState).toMatchObject({
    code: "DB4012",
    why: expect.stringContaining('"writes" says no: writers are kept out') as string,
  });
});

test.concurrent(
  "a disaster replaced by nothing makes the drill void, and says which probes stayed green",
  { timeout: 60_000 },
  async () => {
    const { code, result } = await rehearse({}, { withoutDisaster: true, ...briefly });
    expect({ code, verdict: result.verdict }).toEqual({ code: 4, verdict: "void" });
    expect(result.parts).toMatchObject({ injection: "passed", red: "void", recovery: nothing });
    expect(result.reasons.red).toMatchObject({
      code: "DB4014",
      why: 'The disaster did nothing: probes "reads", "writes" stayed green.',
    });
  },
);

test.concurrent("a parameter that the recovery does not have is refused before anything is made", async () => {
  await expect(rehearse({}, { params: { older: "1" } })).rejects.toMatchObject({
    code: "DB4008",
    why: expect.stringContaining('has no parameter "older"') as string,
  });
});

test.concurrent("one red probe that stays green makes the drill void", async () => {
  const { result } = await rehearse({ strikes: "rm data/rows" }, briefly);
  expect(result.parts.red).toBe("void");
  expect(result.reasons.red).toMatchObject({
    code: "DB4015",
    why: expect.stringContaining('"writes" says yes') as string,
  });
});

test.concurrent("a disaster that takes more than declared makes the drill void", async () => {
  const { result } = await rehearse({ strikes: "rm -rf data archive" });
  expect(result.parts.red).toBe("void");
  expect(result.reasons.red).toMatchObject({
    code: "DB4016",
    why: expect.stringContaining('"archive-there" says no: there is no archive') as string,
  });
});

test.concurrent("a blow that cannot land makes the injection void", async () => {
  const { result } = await rehearse({ strikes: "exit 9" });
  expect(result.parts).toMatchObject({ injection: "void", red: nothing });
});

test.concurrent("without the backup the recovery fails, for want of a copy", async () => {
  const { code, result } = await rehearse({}, { withoutBackup: true });
  expect({ code, verdict: result.verdict }).toEqual({ code: 1, verdict: "failed" });
  expect(result.parts).toMatchObject({ red: "passed", recovery: "failed", acceptance: nothing, cleanup: "passed" });
  expect(result.reasons.recovery).toMatchObject({
    code: "DB4021",
    why: expect.stringContaining("refused: the archive holds no copy") as string,
  });
});

test.concurrent("a recovery that ends well and leaves the farm broken fails at its acceptance", async () => {
  const { code, result } = await rehearse({}, { without: "Let writers in", ...briefly });
  expect(code).toBe(1);
  expect(result.parts).toMatchObject({ recovery: "passed", acceptance: "failed", nextCycle: nothing });
  expect(result.reasons.acceptance).toMatchObject({
    code: "DB4022",
    why: expect.stringContaining('"writes" says no') as string,
  });
});

test.concurrent("a step that was left out wants no answer: the drill goes on without it", async () => {
  const { result } = await rehearse({}, { without: "Restore this copy" });
  expect(result.parts).toMatchObject({ recovery: "passed", acceptance: "passed" });
});

test.concurrent("a demonstration's evidence lies apart, and says what was left out", async () => {
  await using project = await drillProject();
  const { result } = await rehearsed(project, { without: "copy-rows:Give the copy its name" });
  expect(result.evidence).toBe(".drillbook/evidence/demonstrations/lost-rows.json");
  expect(result.demonstration).toEqual(['without the step "copy-rows:Give the copy its name"']);
  expect(existsSync(join(project.folder, ".drillbook/evidence/lost-rows.json"))).toBe(false);
});

test.concurrent("a recovery after which the next backup fails has failed there, with its measures taken", async () => {
  const { code, result } = await rehearse({
    opens: "touch -- /srv/data/open; rm -rf -- /srv/archive",
  });
  expect(code).toBe(1);
  expect(result.parts).toMatchObject({ acceptance: "passed", nextCycle: "failed" });
  expect(result.reasons.nextCycle?.code).toBe("DB4023");
  expect(result.measured?.rtaSeconds).toBeGreaterThan(0);
});

test.concurrent("a next backup that does not restore has failed", async () => {
  const once =
    "[ -e /srv/archive/rows ] && echo spoiled > /srv/archive/.incoming || cp /srv/data/rows /srv/archive/.incoming";
  const { result } = await rehearse({ copies: once }, briefly);
  expect(result.parts).toMatchObject({ acceptance: "passed", nextCycle: "failed" });
  expect(result.reasons.nextCycle?.code).toBe("DB4024");
});

test.concurrent("machines that cannot be removed have a verdict of their own, and change no other", async () => {
  const { code, result } = await rehearse({ faults: ["cannot be removed"] });
  expect({ code, verdict: result.verdict }).toEqual({ code: 0, verdict: "passed" });
  expect(result.parts.cleanup).toBe("void");
  expect(result.reasons.cleanup).toMatchObject({
    code: "DB4030",
    why: expect.stringContaining("the folder is busy") as string,
  });
});

test.concurrent("a failed world is kept when asked for, with a shell to each host", async () => {
  await using project = await drillProject();
  const { result } = await rehearsed(project, { withoutBackup: true, keep: true });
  expect(result.parts.cleanup).toBe("kept");
  const [, folder = ""] = /^cd (.*)$/u.exec(result.kept?.["server"] ?? "") ?? [];
  expect(existsSync(join(folder, "srv/archive"))).toBe(true);
});

test.concurrent("a world that passed is not kept", async () => {
  const { result } = await rehearse({}, { keep: true });
  expect(result).toMatchObject({ verdict: "passed", parts: { cleanup: "passed" } });
});

test.concurrent("at production's size the objective is met", async () => {
  const { result } = await rehearse({ productionBytes: 1 });
  expect(result.objective).toMatchObject({ rto: { shown: "met" }, rpo: { shown: "met" } });
});

test.concurrent("an interrupted drill is void, removes its machines, and leaves the evidence as it was", async () => {
  await using project = await drillProject();
  const before = await rehearsed(project);
  const file = join(project.folder, before.result.evidence ?? "");
  const evidence = await readFile(file, "utf8");
  const interrupt = new AbortController();
  const { result } = await rehearsed(project, { signal: interrupt.signal }, (event) => {
    if (event.type === "step" && event.phase === "recover") interrupt.abort();
  });
  expect(result).toMatchObject({ verdict: "void", parts: { red: "passed", recovery: "void", cleanup: "passed" } });
  expect(result.reasons.recovery?.code).toBe("DB4011");
  expect(result.evidence).toBeUndefined();
  expect(await readFile(file, "utf8")).toBe(evidence);
  const left = await readdir(join(project.folder, ".drillbook/world"));
  expect(left.filter((folder) => folder.startsWith("fork-"))).toEqual([]);
});
