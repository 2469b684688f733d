import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { eventually } from "../../support/eventually.ts";
import { everything, oneChange } from "./books.ts";
import { startRig, type Called } from "./rig.ts";

const rig = await startRig();
afterAll(() => rig[Symbol.asyncDispose]());
beforeEach(() => rig.freshHost());

const script = rig.script(everything);
const newFolder = (): string => join(mkdtempSync(join(rig.work, "stops-")), "made");

/** The commands that a last screen offers. */
function offered({ stdout }: Called): readonly string[] {
  const [, next = ""] = stdout.split("What you can safely do now:\n");
  return [...next.matchAll(/^ {2}(node .*)$/gmu)].flatMap(([, command]) => command ?? []);
}

/** Pastes a command into a shell that knows nothing of the run: another folder, no state folder of its own. */
function paste(command = ""): string {
  const env = { ...process.env };
  delete env["DRILLBOOK_STATE"];
  return execFileSync("sh", ["-c", command], { cwd: "/", env, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
}

describe("--until", () => {
  test("stops after the step, says so, and the resume goes on", async () => {
    const folder = newFolder();
    const { code, all } = await rig.call(script, "--folder", folder, "--until", "make-room");
    expect({ code, all }).toMatchObject({
      code: 130,
      all: expect.stringContaining("Stopped after Make room, as --until asked"),
    });
    expect([existsSync(folder), existsSync(join(folder, "notes"))]).toEqual([true, false]);
    expect(rig.records().at(-1)?.data).toMatchObject({ verdict: "interrupted", exitCode: 130 });
    const run = rig.runs().at(-1) ?? "";
    const again = await rig.call(script, "--resume", run, "--answer", "go-on=yes", "--until", "note[b c]");
    expect(again).toMatchObject({ code: 130, all: expect.stringContaining("Stopped after Note") });
    expect(readFileSync(join(folder, "notes"), "utf8")).toBe("a\nb c\n");
    const rest = await rig.call(script, "--resume", run, "--answer", "drop-the-old-one=db1 database");
    expect(rest).toMatchObject({ code: 0 });
  });
});

describe("what a call says of steps is held to the steps that there are, before anything is contacted", () => {
  const nowhere = rig.bind({ db1: { ...rig.bound, address: "192.0.2.1" } });
  test.each<readonly [string, readonly string[], RegExp]>([
    [
      "no step to stop after",
      ["--until", "make-rom"],
      /^DB3021 --until: there is no step "make-rom"\. Do you mean make-room\?\n {2}The steps are: names, account, size, make-room, go-on,/u,
    ],
    [
      "no step to answer",
      ["--answer", "go-om=yes"],
      /^DB3022 --answer: there is no step "go-om"\. Do you mean go-on\?\n {2}The steps that ask are: go-on, drop-the-old-one\./u,
    ],
    ["a step that asks nothing", ["--answer", "make-room=yes"], /^DB3022 --answer: the step "make-room" asks nothing/u],
    ["a pause without a terminal", ["--step"], /^DB3023 --step waits for Enter/u],
    ["a plan that is to pause", ["--plan", "--step"], /^DB3015 --plan and --step exclude/u],
  ])("%s", async (_, args, message) => {
    const before = readdirSync(rig.state);
    const { code, stderr, stdout } = await rig.call(script, "--binding", nowhere, "--folder", "/x", ...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(message);
    expect(readdirSync(rig.state)).toEqual(before);
  });
});

describe("the last screen", () => {
  const book = rig.script(oneChange("idempotent"));

  test("says what the farm is like, the time that is left, and commands that can be pasted as they are", async () => {
    const folder = rig.programs({ run: "[ -e mended ] && touch made", verify: "[ -e made ]" });
    const called = await rig.call(book, "--folder", folder);
    expect(called.stdout).toMatch(
      new RegExp(
        [
          "DB3301 Act failed on db1: its command ended with exit status 1\\.",
          " {2}Mend what it says above, then resume: completed steps are not run again\\.",
          "",
          "Complete: {2}nothing",
          "In effect: no change of this run",
          "Failed: {4}Act \\(db1\\); a part of it may have been done",
          "Destroyed: nothing: no data was given up by this run",
          "Held: {6}db1, until this run is complete or declared abandoned",
          // On a quick machine nothing of the hour is gone yet.
          "Time: {6}\\d+ s since this run began; (?:1 h|59 min \\d+ s) left of the objective of 1 h",
          "Records: {3}/\\S+",
          "Head: {6}[0-9a-f]{64}",
          "",
          "What you can safely do now:",
          " {2}node \\S+/one-idempotent\\.mjs --plan ",
        ].join("\n"),
        "u",
      ),
    );
    const [plan, resume] = offered(called);
    expect(paste(plan)).toContain("change   db1: Act\n");
    expect(existsSync(join(folder, "made"))).toBe(false);
    writeFileSync(join(folder, "mended"), "");
    expect(paste(resume)).toContain("Complete: 1 steps");
    expect(existsSync(join(folder, "made"))).toBe(true);
  });

  test("tells what is in effect and what was destroyed, also of a run that an earlier process left", async () => {
    const folder = newFolder();
    const begun = await rig.call(script, "--folder", folder, "--answer", "go-on=yes", "--until", "note[b c]");
    expect(begun.stdout).toContain(
      "In effect: Make room (db1)\n           Note (db1), for 2 items\nDestroyed: nothing",
    );
    // A folder where the file belongs lets the command fail after it was sent.
    const run = rig.runs().at(-1) ?? "";
    execFileSync("sh", ["-c", `echo 1 > ${folder}/x; ln -s ${folder}/x/y ${folder}/dropped`]);
    const failed = await rig.call(script, "--resume", run, "--answer", "drop-the-old-one=db1 database");
    expect(failed.stdout).toMatch(/Destroyed: db1 database \(by this run\); what was there before does not/u);
    const away = rig.bind({ db1: { ...rig.bound, port: 1 } });
    const unreached = await rig.call(script, "--resume", run, "--binding", away);
    expect(unreached.stdout).toMatch(/Destroyed: db1 database \(by this run\)/u);
  });

  test("a host that an abandoned run holds: the command that decides it is abandoned", async () => {
    const slow = rig.programs({ run: "touch began; while [ ! -e go ]; do sleep 0.05; done", verify: "true" });
    const running = rig.start(book, "--folder", slow);
    await eventually(() => existsSync(join(slow, "began")));
    const holder = rig.runs().at(-1) ?? "";
    running.child.kill("SIGKILL");
    await running.ended;
    writeFileSync(join(slow, "go"), "");
    const quick = rig.programs({ run: "true", verify: "true" });
    let refused: Called | undefined;
    await eventually(async () => {
      refused = await rig.call(book, "--folder", quick);
      return refused.all.includes("its runner is gone");
    });
    const commands = refused ? offered(refused) : [];
    expect(commands).toHaveLength(3);
    expect(commands[2]).toContain(`--break-lock ${holder}`);
    expect(paste(commands[2])).toContain("Complete: 1 steps");
  });
});
