import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeEach, expect, test } from "vitest";
import { eventually } from "../../support/eventually.ts";
import { drillbook } from "../cli/drillbook.ts";
import { onMany } from "./books.ts";
import { startRig } from "./rig.ts";

const rig = await startRig(8);
afterAll(() => rig[Symbol.asyncDispose]());
beforeEach(() => rig.freshHost());

const servers = rig.hosts.flatMap((host) => ["--servers", host]);

/** `run` notes that it begins and ends; with a file `fail-<host>` it fails, with `wait-<host>` it waits. */
const programs = (): string =>
  rig.programs({
    run: `
      echo "begin $1" >> log
      sleep 0.1
      while [ -e "wait-$1" ]; do sleep 0.05; done
      [ ! -e "fail-$1" ] || { echo "no luck on $1" >&2; exit 7; }
      touch "made-$1"
      echo "end $1" >> log`,
    done: `[ -e "made-$1" ]`,
  });
const put = (folder: string, ...files: readonly string[]): void =>
  files.forEach((file) => writeFileSync(join(folder, file), ""));
const take = (folder: string, ...files: readonly string[]): void => files.forEach((file) => rmSync(join(folder, file)));
const log = (folder: string): readonly string[] => readFileSync(join(folder, "log"), "utf8").trim().split("\n");
const begun = (folder: string): readonly string[] =>
  log(folder)
    .flatMap((line) => (line.startsWith("begin ") ? [line.slice(6)] : []))
    .sort();
const made = (folder: string): readonly string[] =>
  readdirSync(folder)
    .flatMap((file) => (file.startsWith("made-") ? [file.slice(5)] : []))
    .sort();
/** What is on record of the change, by host: the last that was said of it. */
const outcomes = (): Readonly<Record<string, string>> =>
  Object.fromEntries(
    rig.records().flatMap((record) => {
      const said = record.type === "done" || record.type === "failed" || record.type === "unknown";
      return said && record.step.startsWith("act[") ? [[record.step.slice(4, -1), record.type] as const] : [];
    }),
  );
const all = (outcome: string): Readonly<Record<string, string>> =>
  Object.fromEntries(rig.hosts.map((host) => [host, outcome]));

test("a step runs on every host, so many at the same time, and each has its outcome on record", async () => {
  const folder = programs();
  const script = rig.script(onMany({ atOnce: 3 }));
  const three = ["wait-db1", "wait-db2", "wait-db3"];
  put(folder, ...three);
  const running = rig.start(script, "--folder", folder, ...servers);
  await eventually(() => readdirSync(folder).includes("log") && log(folder).length === 3);
  take(folder, ...three);
  const called = await running.ended;
  expect(called).toMatchObject({ code: 0, stdout: expect.stringMatching(/db7: Act: done/u) });
  expect(outcomes()).toEqual(all("done"));
  let now = 0;
  expect(Math.max(...log(folder).map((line) => (now += line.startsWith("begin") ? 1 : -1)))).toBe(3);
  process.env["DRILLBOOK_STATE"] = rig.state;
  expect(await drillbook(rig.folder, "journal", "verify")).toMatchObject({ code: 0 });
});

test("each host's step is marked by itself: the others are neither before nor after it", async () => {
  const folder = programs();
  put(folder, "fail-db2", "fail-db5");
  const script = rig.script(onMany({ atOnce: 4 }));
  await rig.call(script, "--folder", folder, ...servers);
  const run = rig.runs().at(-1) ?? "";
  const mark = (what: string) => rig.call(script, "--resume", run, "--mark", what, "--why", "looked there");
  expect(await mark("act[db3]=done")).toMatchObject({
    code: 3,
    stderr: expect.stringContaining("That is act[db2] or act[db5]."),
  });
  expect(await mark("act[db3]=not-done")).toMatchObject({ code: 3, stderr: expect.stringContaining("it is complete") });
  for (const what of ["act[db5]=done", "act[db5]=not-done", "act[db5]=done", "act[db2]=not-done"])
    expect(await mark(what)).toMatchObject({ code: 0 });
  take(folder, "log", "fail-db2");
  put(folder, "made-db5");
  expect(await rig.call(script, "--resume", run)).toMatchObject({ code: 0 });
  expect(begun(folder)).toEqual(["db2"]);
});

test("when hosts fail the others finish, and resume goes on with those that failed alone", async () => {
  const folder = programs();
  put(folder, "fail-db2", "fail-db5");
  const script = rig.script(onMany({ atOnce: 4 }));
  const failed = await rig.call(script, "--folder", folder, ...servers);
  expect(failed.code).toBe(1);
  expect(failed.all).toMatch(
    /DB3350 Every server stopped on 2 of 8 hosts; 6 are complete\.\n {2}db2: DB3301 .*\n {2}db5: DB3301/u,
  );
  expect(failed.all).toMatch(/Failed: +Act \(db2\); .*\n +Act \(db5\); /u);
  expect(outcomes()).toEqual({ ...all("done"), db2: "failed", db5: "failed" });
  take(folder, "log", "fail-db2", "fail-db5");
  expect(await rig.call(script, "--resume", rig.runs().at(-1) ?? "")).toMatchObject({ code: 0 });
  expect(begun(folder)).toEqual(["db2", "db5"]);
  expect(made(folder)).toEqual(rig.hosts);
});

test("a group that may stop begins no further host after so many failures", async () => {
  const folder = programs();
  put(folder, "fail-db2", "fail-db3");
  const script = rig.script(onMany({ atOnce: 1, stopAfter: 2 }));
  const failed = await rig.call(script, "--folder", folder, ...servers);
  expect(failed).toMatchObject({ code: 1, all: expect.stringContaining("2 of 8 hosts; 1 are complete, 5 not begun") });
  expect(begun(folder)).toEqual(["db1", "db2", "db3"]);
});

test("what is not known of one host weighs more than what failed on another", async () => {
  const folder = programs();
  put(folder, "fail-db2", "wait-db3");
  const script = rig.script(onMany({ atOnce: 8 }, "5s"));
  const stopped = await rig.call(script, "--folder", folder, ...servers);
  expect(stopped.code).toBe(4);
  expect(stopped.all).toMatch(/Failed: +Act \(db2\); .*\nNot known: +Act \(db3\); /u);
  expect(outcomes()).toEqual({ ...all("done"), db2: "failed", db3: "unknown" });
});

test("Ctrl-C lets the hosts at hand finish their step, and begins no other", async () => {
  const folder = programs();
  put(folder, "wait-db1", "wait-db2");
  const script = rig.script(onMany({ atOnce: 2 }));
  const running = rig.start(script, "--folder", folder, ...servers);
  await eventually(() => readdirSync(folder).includes("log") && log(folder).length === 2);
  running.child.kill("SIGINT");
  await eventually(() => running.said().includes("Stopping after this step"));
  take(folder, "wait-db1", "wait-db2");
  expect(await running.ended).toMatchObject({ code: 130 });
  expect(outcomes()).toEqual({ db1: "done", db2: "done" });
  expect(await rig.call(script, "--resume", rig.runs().at(-1) ?? "")).toMatchObject({ code: 0 });
  expect(begun(folder)).toEqual(rig.hosts);
});

test("a runner that is killed in the middle leaves no host in doubt: each is changed once", async () => {
  const folder = programs();
  const script = rig.script(onMany({ atOnce: 3 }));
  for (let kill = 0; kill < 6; kill += 1) {
    const { child, ended, said } =
      kill === 0
        ? rig.start(script, "--folder", folder, ...servers)
        : rig.start(script, "--resume", rig.runs().at(-1) ?? "");
    await eventually(() => /db8 answers/u.test(said()) || child.exitCode !== null);
    await Promise.race([pause(Math.random() * 500), once(child, "exit")]);
    child.kill("SIGKILL");
    await ended;
  }
  const last = await rig.call(script, "--resume", rig.runs().at(-1) ?? "");
  // Two: the last kill came when all was done, and the run is complete.
  expect([0, 2], last.all).toContain(last.code);
  expect(outcomes()).toEqual(all("done"));
  expect(begun(folder)).toEqual(rig.hosts);
}, 180_000);

test("plan looks at each host, says once what is the same on several, and changes nothing", async () => {
  const folder = programs();
  put(folder, "made-db4");
  const script = rig.script(onMany({ atOnce: 50 }));
  const { code, stdout } = await rig.call(script, "--plan", "--folder", folder, ...servers);
  expect(code).toBe(0);
  expect(stdout).toMatch(/on each {2}Every server: 8 hosts, 8 at the same time/u);
  expect(stdout).toMatch(
    /\n {2}db1, db2, db3, db5, db6, db7, db8:\n(?: {4}.*\n)* {4}change {3}each: Act\n {13}would run\n/u,
  );
  expect(stdout).toMatch(/\n {2}db4:\n(?: {4}.*\n)* {4}change {3}db4: Act\n {13}in effect already/u);
  expect(readdirSync(folder)).not.toContain("log");
  const json = await rig.call(script, "--plan", "--json", "--folder", folder, ...servers);
  const lines = json.stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as { planned: string; host?: string });
  expect(lines.filter(({ planned }) => planned === "change").map(({ host }) => host)).toEqual([...rig.hosts, "db1"]);
});

test("the plan that a group's last screen offers is one line, which can be pasted", async () => {
  const folder = programs();
  put(folder, "fail-db2");
  const script = rig.script(onMany({ atOnce: 8 }));
  const { code, stdout } = await rig.call(script, "--folder", folder, ...servers);
  expect(code).toBe(1);
  const [line = ""] = /node .* --plan .*/u.exec(stdout) ?? [];
  expect(line).toMatch(/ --servers=db1 --servers=db2 .*--servers=db8$/u);
  const pasted = spawnSync("sh", ["-c", line], { encoding: "utf8" });
  expect(pasted, pasted.stderr).toMatchObject({ status: 0, stdout: expect.stringContaining("Every server: 8 hosts") });
});

test("hosts that cannot be reached are all named before anything is begun", async () => {
  const gone = { ...rig.bound, port: 1 };
  const binding = rig.bind({ db1: rig.bound, db2: gone, db3: { ...gone, address: "127.0.0.3" } });
  const folder = programs();
  const script = rig.script(onMany({ atOnce: 2 }));
  const call = ["--binding", binding, "--folder", folder, "--servers", "db1\ndb2\ndb3"];
  const { code, all } = await rig.call(script, ...call);
  expect({ code, all }).toMatchObject({
    code: 3,
    all: expect.stringMatching(/DB3351 2 of 3 .*\n {2}db2: .*\n {2}db3: /u),
  });
  expect(readdirSync(folder)).not.toContain("log");
});

test.each([
  ["no host", [""], /DB3006 .*it names no host/u],
  ["a host twice", ["db1", "db1"], /DB3006 .*it names db1 twice/u],
  ["a host that is not bound", ["db1", "db9"], /DB3011 .*"db9"/u],
])("a group with %s is refused before anything is contacted", async (_, names, said) => {
  const given = names.flatMap((host) => ["--servers", host]);
  const { code, stderr } = await rig.call(rig.script(onMany({ atOnce: 2 })), "--folder", "/tmp", ...given);
  expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringMatching(said) });
});

test("a terminal shows a host that is still worked on, and how many others are", async () => {
  const folder = programs();
  const slow = ["wait-db1", "wait-db2"];
  put(folder, ...slow);
  const three = servers.slice(0, 6);
  const terminal = await rig.onTerminal(
    { columns: 80 },
    rig.script(onMany({ atOnce: 3 })),
    "--folder",
    folder,
    ...three,
  );
  await eventually(() => readdirSync(folder).includes("made-db3"));
  await terminal.shows(/db3: Act: done/u);
  await terminal.shows(/db[12]: Act\[db[12]\], and on 1 other host\n\d:\d\d/u);
  take(folder, ...slow);
  expect((await terminal.ended).code).toBe(0);
});
