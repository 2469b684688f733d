import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { eventually } from "../../support/eventually.ts";
import { drillbook } from "../cli/drillbook.ts";
import { everything, oneChange, oneRead } from "./books.ts";
import { startRig } from "./rig.ts";

const rig = await startRig();
afterAll(() => rig[Symbol.asyncDispose]());
beforeEach(() => rig.freshHost());

/** Programs of which `run` notes each start, then waits for the file `go`, and takes effect. */
const slow = {
  run: "echo began >> starts; while [ ! -e go ]; do sleep 0.05; done; echo effect >> effects",
  verify: "[ -e effects ]",
  done: "[ -e effects ]",
};
const text = (folder: string, name: string): string => readFileSync(join(folder, name), "utf8");

/** Starts a run of one change and kills the runner while its command runs. */
async function killedInTheMiddle(
  effect: "idempotent" | "once" | "ask",
): Promise<{ folder: string; script: string; run: string }> {
  const folder = rig.programs(slow);
  const script = rig.script(oneChange(effect));
  const { child, ended } = rig.start(script, "--folder", folder);
  await eventually(() => existsSync(join(folder, "starts")));
  child.kill("SIGKILL");
  await ended;
  return { folder, script, run: rig.runs().at(-1) ?? "" };
}

test("a command that still runs is attached to, not started again", async () => {
  const { folder, script, run } = await killedInTheMiddle("once");
  const { ended } = rig.start(script, "--resume", run);
  writeFileSync(join(folder, "go"), "");
  expect(await ended).toMatchObject({ code: 0 });
  expect(text(folder, "starts")).toBe("began\n");
  expect(text(folder, "effects")).toBe("effect\n");
});

test("of two resumes at the same time one goes on, and the other is told who does", async () => {
  const { folder, script, run } = await killedInTheMiddle("once");
  const [first, second] = [rig.start(script, "--resume", run), rig.start(script, "--resume", run)];
  const refused = await Promise.race([first, second].map(async (each) => ({ each, ...(await each.ended) })));
  const other = refused.each === first ? second : first;
  expect(refused).toMatchObject({
    code: 5,
    stderr: expect.stringContaining(`DB3106 The run ${run} is in the hands of process ${other.child.pid} of `),
  });
  writeFileSync(join(folder, "go"), "");
  expect(await other.ended).toMatchObject({ code: 0 });
  expect(rig.records(run).filter(({ type }) => type === "resume")).toHaveLength(1);
  expect(text(folder, "starts")).toBe("began\n");
});

test("a command that ended meanwhile gives its outcome, not a second start", async () => {
  const { folder, script, run } = await killedInTheMiddle("once");
  writeFileSync(join(folder, "go"), "");
  await eventually(() => existsSync(join(folder, "effects")));
  expect(await rig.call(script, "--resume", run)).toMatchObject({ code: 0 });
  expect(text(folder, "starts")).toBe("began\n");
  expect(rig.records(run).find(({ type }) => type === "done")?.data).toMatchObject({ how: "ran" });
});

describe("when the host itself has forgotten the command", () => {
  test("a change that is in effect is not run again", async () => {
    const { folder, script, run } = await killedInTheMiddle("once");
    writeFileSync(join(folder, "go"), "");
    await eventually(() => existsSync(join(folder, "effects")));
    rig.freshHost();
    expect(await rig.call(script, "--resume", run)).toMatchObject({ code: 0 });
    expect(text(folder, "starts")).toBe("began\n");
    expect(rig.records(run).find(({ type }) => type === "done")?.data).toMatchObject({ how: "found in effect" });
  });

  test("a change that only a person can tell of is asked about, and stops without an answer", async () => {
    const { folder, script, run } = await killedInTheMiddle("ask");
    writeFileSync(join(folder, "go"), "");
    await eventually(() => existsSync(join(folder, "effects")));
    rig.freshHost();
    const silent = await rig.call(script, "--resume", run);
    // Neither answer is the harmless one: both are named, with what they mean.
    expect(silent).toMatchObject({
      code: 3,
      all: expect.stringMatching(
        new RegExp(
          `DB3306 [^]*--resume ${run} --answer act=done\\n +you saw on db1 [^]*--resume ${run} --answer act=run\\n +you saw on db1 `,
          "u",
        ),
      ),
    });
    expect(await rig.call(script, "--resume", run, "--answer", "act=done")).toMatchObject({ code: 0 });
    expect(text(folder, "starts")).toBe("began\n");
    const records = rig.records(run);
    expect(records.find(({ type }) => type === "resolved")?.data).toMatchObject({ what: "done", why: "given" });
    expect(records.find(({ type }) => type === "done")?.data).toMatchObject({ how: "decided" });
  });

  test("a once change whose probe gives no answer stays unknown", async () => {
    const { folder, script, run } = await killedInTheMiddle("once");
    writeFileSync(join(folder, "go"), "");
    await eventually(() => existsSync(join(folder, "effects")));
    rig.freshHost();
    writeFileSync(join(folder, "done"), "#!/bin/sh\nexit 9\n");
    expect(await rig.call(script, "--resume", run)).toMatchObject({ code: 4 });
    expect(text(folder, "starts")).toBe("began\n");
  });
});

test("a step that failed is run again once its cause is mended, under a token of its own", async () => {
  const folder = rig.programs({ run: "[ -e mended ] && touch made", verify: "[ -e made ]" });
  const script = rig.script(oneChange("idempotent"));
  expect(await rig.call(script, "--folder", folder)).toMatchObject({ code: 1 });
  writeFileSync(join(folder, "mended"), "");
  const run = rig.runs().at(-1) ?? "";
  expect(await rig.call(script, "--resume", run)).toMatchObject({ code: 0 });
  const tokens = rig.records(run).flatMap((record) => (record.type === "intent" ? [record.data.token] : []));
  expect(tokens).toEqual(["act.1", "act.2"]);
});

test("of a failed change that only a person can tell of, both answers are named; run does it once more", async () => {
  const folder = rig.programs({ run: "echo began >> starts; [ -e mended ] || exit 4", verify: "true" });
  const script = rig.script(oneChange("ask"));
  expect(await rig.call(script, "--folder", folder)).toMatchObject({ code: 1 });
  const run = rig.runs().at(-1) ?? "";
  expect(await rig.call(script, "--resume", run)).toMatchObject({
    code: 3,
    all: expect.stringMatching(/--answer act=done\n.*though it failed, .*\n.*--answer act=run\n.*run once more/u),
  });
  writeFileSync(join(folder, "mended"), "");
  expect(await rig.call(script, "--resume", run, "--answer", "act=run")).toMatchObject({ code: 0 });
  expect(text(folder, "starts")).toBe("began\nbegan\n");
});

test("what was read is not read again", async () => {
  const folder = rig.programs({ look: "echo looked >> looks; echo seen", use: "" });
  const script = rig.script(oneRead);
  writeFileSync(join(folder, "use"), "#!/bin/sh\nexit 1\n");
  expect(await rig.call(script, "--folder", folder)).toMatchObject({ code: 1 });
  writeFileSync(join(folder, "use"), "#!/bin/sh\nexit 0\n");
  expect(await rig.call(script, "--resume", rig.runs().at(-1) ?? "")).toMatchObject({ code: 0 });
  expect(text(folder, "looks")).toBe("looked\n");
});

describe("a run is resumed with what it began with", () => {
  const stopped = async (): Promise<string> => {
    expect(await rig.call(rig.script(everything), "--folder", join(rig.work, "stopped"))).toMatchObject({ code: 3 });
    return rig.runs().at(-1) ?? "";
  };

  test("without a name, an older journal that is damaged is told of and keeps nothing back", async () => {
    const older = await stopped();
    const journal = join(rig.state, older, "journal.jsonl");
    writeFileSync(journal, readFileSync(journal, "utf8").replace("root", "toor"));
    const alone = await rig.call(rig.script(everything), "--resume");
    expect(alone).toMatchObject({ code: 3, stderr: expect.stringMatching(/^DB3101 /u) });
    rig.freshHost();
    // Runs of one second are in no order.
    await eventually(() => new Date().toISOString().slice(17, 19) !== older.slice(17, 19));
    const newer = await stopped();
    const { code, stderr } = await rig.call(rig.script(everything), "--resume");
    expect({ code, stderr }).toMatchObject({
      code: 3,
      stderr: expect.stringContaining(`${older} is left out. DB3101 `),
    });
    expect(rig.records(newer).filter(({ type }) => type === "resume")).toHaveLength(1);
    for (const run of [older, newer]) rmSync(join(rig.state, run), { recursive: true });
  });

  test("another script is refused, and it is said that it is the script", async () => {
    const run = await stopped();
    const script = rig.script(everything);
    writeFileSync(script, rig.sealed(readFileSync(script, "utf8").replace("Make room", "Make some room")));
    const { code, stderr } = await rig.call(script, "--resume", run);
    expect({ code, stderr }).toMatchObject({
      code: 3,
      stderr: expect.stringMatching(/^DB3312 [^]*script: begun with [0-9a-f]{12}, now/u),
    });
    // The copy that the run keeps is the one to go on with.
    const kept = join(rig.state, run, "kit", "everything.mjs");
    expect(await rig.call(kept, "--resume", run)).toMatchObject({ code: 3, all: expect.stringContaining("go-on=yes") });
  });

  test("another parameter is refused by its name", async () => {
    const { stderr } = await rig.call(rig.script(everything), "--resume", await stopped(), "--folder", "/elsewhere");
    expect(stderr).toMatch(/^DB3312 [^]*parameter folder: begun with ".*stopped", now "\/elsewhere"/u);
  });

  test("other host keys are refused by the host", async () => {
    const other = rig.bind({ db1: { ...rig.bound, hostKeys: [`${rig.bound.hostKeys[0]?.slice(0, -4)}AAAA`] } });
    const { stderr } = await rig.call(rig.script(everything), "--resume", await stopped(), "--binding", other);
    expect(stderr).toMatch(/^DB3312 [^]*host keys of db1/u);
  });

  test("another runbook's run is refused", async () => {
    const { code, stderr } = await rig.call(rig.script(oneRead), "--resume", await stopped());
    expect({ code, stderr }).toMatchObject({ code: 3, stderr: expect.stringMatching(/^DB3318/u) });
  });

  test("a damaged journal is refused, and nothing is contacted", async () => {
    const run = await stopped();
    const journal = join(rig.state, run, "journal.jsonl");
    writeFileSync(journal, readFileSync(journal, "utf8").replace("root", "toor"));
    const { code, stderr } = await rig.call(rig.script(everything), "--resume", run);
    expect({ code, stderr }).toMatchObject({
      code: 3,
      stderr: expect.stringMatching(/^DB3101 .* line 1: its checksum/u),
    });
    rmSync(join(rig.state, run), { recursive: true });
  });

  test("a folder without called.json asks for the binding, and one without its kit says where a copy may be", async () => {
    const run = await stopped();
    const book = rig.script(everything);
    process.env["DRILLBOOK_STATE"] = rig.state;
    const called = join(rig.state, run, "called.json");
    writeFileSync(called, "null\n");
    expect(await rig.call(book, "--resume", run)).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^DB3127 /u),
    });
    rmSync(called);
    for (const each of [await rig.call(book, "--resume", run), await drillbook(rig.folder, "resume", run)])
      expect(each).toMatchObject({
        code: 2,
        stderr: expect.stringMatching(new RegExp(`^DB3127 ${called} is missing[^]*--binding FILE`, "u")),
      });
    const named = await rig.call(book, "--resume", run, "--binding", rig.binding);
    expect(named).toMatchObject({ code: 3, all: expect.stringContaining("go-on=yes") });

    const kit = join(rig.state, run, "kit");
    for (const file of [rig.runtime.fileName, "everything.mjs"]) {
      rmSync(join(kit, file));
      for (const mode of ["resume", "undo"])
        expect(await drillbook(rig.folder, mode, run)).toMatchObject({
          code: 3,
          stderr: expect.stringMatching(new RegExp(`^DB3128 ${join(kit, file)} is missing: [^]*--from HOST`, "u")),
        });
    }
    // Another copy of the same script will do.
    const other = await rig.call(book, "--resume", run, "--binding", rig.binding);
    expect(other).toMatchObject({ code: 3, all: expect.stringContaining("go-on=yes") });
  });

  test("a complete run is over", async () => {
    const folder = rig.programs({ run: "true", verify: "true" });
    const script = rig.script(oneChange("idempotent"));
    expect(await rig.call(script, "--folder", folder)).toMatchObject({ code: 0 });
    expect(await rig.call(script, "--resume", rig.runs().at(-1) ?? "")).toMatchObject({ code: 2 });
  });
});
