import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { eventually } from "../../support/eventually.ts";
import { startRelay } from "../../support/relay.ts";
import { oneChange, twoSteps } from "./books.ts";
import { marked, marks } from "./marks.ts";
import { reversible } from "./reversible.ts";
import { startRig, type Running } from "./rig.ts";

const rig = await startRig();
afterAll(() => rig[Symbol.asyncDispose]());
beforeEach(() => rig.freshHost());

const two = rig.script(twoSteps);

/** Lets both steps end. */
function letGo(folder: string): void {
  for (const step of ["first", "second"]) writeFileSync(join(folder, `${step}.go`), "");
}

async function inTheFirstStep(
  ...args: readonly string[]
): Promise<{ readonly running: Running; readonly folder: string }> {
  const folder = rig.programs({});
  const running = rig.start(two, "--folder", folder, ...args);
  await eventually(() => existsSync(join(folder, "first.began")) || running.child.exitCode !== null);
  return { running, folder };
}

const lastRun = (): string => rig.runs().at(-1) ?? "";
const sent = (run: string): number => rig.records(run).filter(({ type }) => type === "intent").length;

test("a terminal that is closed ends the run between two steps, and a resume goes on", async () => {
  const folder = rig.programs({});
  const operator = await rig.onTerminal({ columns: 80 }, two, "--folder", folder);
  await eventually(() => existsSync(join(folder, "first.began")));
  operator.close();
  const run = lastRun();
  letGo(folder);
  await eventually(() => rig.records(run).at(-1)?.type === "end");
  expect(rig.records(run).at(-1)?.data).toMatchObject({ verdict: "interrupted", exitCode: 130 });
  expect([existsSync(join(folder, "first.ended")), existsSync(join(folder, "second.began"))]).toEqual([true, false]);
  expect(await rig.call(two, "--resume", run)).toMatchObject({ code: 0 });
  expect(sent(run)).toBe(2);
});

const drops = 15;

test(`connections that are lost at ${drops} random moments lose no step and repeat none`, async () => {
  const script = rig.script(marks);
  const seed = Number(process.env["DRILLBOOK_SEED"] ?? 1);
  const told: string[] = [];
  // A run may come to its end before so many are lost: then there is another.
  for (let dropped = 0; dropped < drops;) {
    const folder = mkdtempSync(join(rig.work, "marks-"));
    let run = "";
    for (let code: number | null = null; code !== 0; run = lastRun()) {
      const { ended, connections, child } = rig.start(script, ...(run ? ["--resume", run] : ["--folder", folder]));
      while (dropped < drops) {
        await eventually(() => child.exitCode !== null || connections().some((pid) => pid > 0));
        // Multiples of the golden ratio are as good as random.
        await Promise.race([pause(1500 * (((dropped + seed) * 0.618034) % 1)), ended]);
        if (child.exitCode !== null) break;
        for (const pid of connections()) if (pid > 0) process.kill(pid, "SIGKILL");
        dropped += 1;
      }
      const called = await ended;
      ({ code } = called);
      told.push(`${dropped} drops: ${code} ${called.stderr}`);
      // The host could not be worked on, or an outcome is not known: both are to be resumed.
      expect([0, 3, 4], told.join("\n")).toContain(code);
    }
    for (const effect of ["once", "idempotent"])
      expect(marked(folder, effect), told.join("\n")).toEqual(marked.completely);
  }
}, 180_000);

test("a host whose sshd is restarted is waited for, and the outcome is read from it", async () => {
  const { running, folder } = await inTheFirstStep();
  await rig.sshd.stop();
  letGo(folder);
  await eventually(() => existsSync(join(folder, "first.ended")));
  await rig.sshd.start();
  expect(await running.ended).toMatchObject({ code: 0 });
  expect(sent(lastRun())).toBe(2);
});

test("a network that loses every packet both ways is noticed, and the outcome is read over a new connection", async () => {
  await using relay = await startRelay(rig.bound.port ?? 22);
  const folder = rig.programs({});
  const running = rig.start(
    two,
    "--binding",
    rig.bind({ db1: { ...rig.bound, port: relay.port } }),
    "--folder",
    folder,
  );
  await eventually(() => existsSync(join(folder, "first.began")));
  relay.drop();
  letGo(folder);
  expect(await running.ended).toMatchObject({ code: 0 });
  const records = rig.records(lastRun());
  expect(records.filter(({ type }) => type === "host")).toHaveLength(2);
  expect(sent(lastRun())).toBe(2);
}, 120_000);

test("a clock that jumps changes no duration, and stops nothing", async () => {
  const clock = join(rig.folder, "clock");
  const day = 86_400_000;
  process.env["NODE_OPTIONS"] = `--import ${fileURLToPath(new URL("clock.mjs", import.meta.url))}`;
  process.env["DRILLBOOK_CLOCK"] = clock;
  try {
    const { running, folder } = await inTheFirstStep();
    writeFileSync(clock, String(-400 * day));
    writeFileSync(join(folder, "first.go"), "");
    await eventually(() => existsSync(join(folder, "second.began")));
    writeFileSync(clock, String(400 * day));
    letGo(folder);
    // By the wall's clock it would be past its objective, an hour.
    expect(await running.ended).toMatchObject({
      code: 0,
      all: expect.stringMatching(/^Complete: \d+ steps in [\d.]+ s\.$/mu),
    });
    const records = rig.records(lastRun());
    const done = records.flatMap((record) => (record.type === "done" ? [record.data.seconds] : []));
    expect(done).toHaveLength(2);
    for (const seconds of done) expect(seconds).toBeLessThan(60);
    const years = new Set(records.map(({ at }) => at.slice(0, 4)));
    expect(years.size).toBe(3);
  } finally {
    delete process.env["NODE_OPTIONS"];
    delete process.env["DRILLBOOK_CLOCK"];
  }
});

/** A small file system in place of a folder, and a file that fills it. */
class SmallDisk implements Disposable {
  readonly folder: string;

  constructor(folder: string, size: string) {
    this.folder = folder;
    mkdirSync(folder, { recursive: true });
    execFileSync("mount", ["-t", "tmpfs", "-o", `size=${size}`, "small", folder]);
  }

  fill(): void {
    for (let bytes = 4096; ;) {
      try {
        writeFileSync(join(this.folder, "filler"), Buffer.alloc(bytes), { flag: "a" });
      } catch {
        return;
      }
    }
  }

  makeRoom(): void {
    rmSync(join(this.folder, "filler"));
  }

  remount(how: "ro" | "rw"): void {
    execFileSync("mount", ["-o", `remount,${how}`, this.folder]);
  }

  [Symbol.dispose](): void {
    execFileSync("umount", ["--lazy", this.folder]);
  }
}

test("a full disk under the journal stops the run before anything that is not on record; with room, a resume goes on", async () => {
  using disk = new SmallDisk(join(rig.folder, "small"), "2m");
  const { running, folder } = await inTheFirstStep("--state", disk.folder);
  disk.fill();
  letGo(folder);
  const full = await running.ended;
  expect(full.code).toBe(4);
  expect(full.all.match(/DB3102/gu)).toHaveLength(1);
  expect([existsSync(join(folder, "first.ended")), existsSync(join(folder, "second.began"))]).toEqual([true, false]);
  disk.makeRoom();
  const [run = ""] = readdirSync(disk.folder);
  expect(await rig.call(two, "--resume", run, "--state", disk.folder)).toMatchObject({ code: 0 });
});

test("a journal that takes no more is told once, by the path that it has", async () => {
  const { running, folder } = await inTheFirstStep();
  const journal = join(rig.state, lastRun(), "journal.jsonl");
  execFileSync("prlimit", ["--pid", String(running.child.pid), `--fsize=${statSync(journal).size}`]);
  letGo(folder);
  const full = await running.ended;
  expect(full.code).toBe(4);
  const told = full.all.split("\n").filter((line) => line.includes("DB3102"));
  expect(told).toEqual([expect.stringContaining(`EFBIG: file too large, write. (${journal})`)]);
  expect(await rig.call(two, "--resume", lastRun())).toMatchObject({ code: 0 });
});

test("a disk that is full before a run has begun is told by the place of the runs, and is no run to resume", async () => {
  using disk = new SmallDisk(join(rig.folder, "tiny"), "64k");
  const full = await rig.call(two, "--folder", rig.programs({}), "--state", disk.folder);
  expect(full).toMatchObject({ code: 3, all: expect.stringMatching(/^DB3102 .*ENOSPC/mu) });
  expect(full.all).toContain(`(${disk.folder})\n`);
  expect(full.all).toContain("begin anew where no run had begun");
  // What was begun of it does not take the room that is missing.
  expect(readdirSync(disk.folder)).toEqual([]);
  expect(await rig.call(two, "--resume", "--state", disk.folder)).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/^DB3314 /u),
  });
});

test("a full disk that keeps an outcome from being written down leaves it unknown, and a resume reads it", async () => {
  using disk = new SmallDisk(join(rig.folder, "smaller"), "600k");
  const folder = rig.programs({
    run: "echo ran >> runs; head -c 600000 /dev/zero | tr '\\0' x",
    verify: "true",
    done: "false",
  });
  const book = rig.script(oneChange("once"));
  const full = await rig.call(book, "--folder", folder, "--state", disk.folder);
  expect(full).toMatchObject({ code: 4, all: expect.stringMatching(/^DB3355 act was sent, [^]*DB3102/mu) });
  execFileSync("mount", ["-o", "remount,size=4m", disk.folder]);
  const [run = ""] = readdirSync(disk.folder);
  expect(await rig.call(book, "--resume", run, "--state", disk.folder)).toMatchObject({ code: 0 });
  expect(readFileSync(join(folder, "runs"), "utf8")).toBe("ran\n");
});

test("a full disk that keeps the outcome of an undo from being written down leaves it unknown too", async () => {
  using disk = new SmallDisk(join(rig.folder, "smallest"), "600k");
  const folder = rig.programs({ run: "exit 1", drop: "true", undo: "head -c 600000 /dev/zero | tr '\\0' x" });
  const book = rig.script(reversible);
  expect(await rig.call(book, "--folder", folder, "--state", disk.folder)).toMatchObject({ code: 1 });
  const [run = ""] = readdirSync(disk.folder);
  const full = await rig.call(book, "--undo", run, "--state", disk.folder, "--answer", "undo=yes");
  expect(full).toMatchObject({ code: 4, all: expect.stringMatching(/^DB3355 first was sent, [^]*DB3102/mu) });
  execFileSync("mount", ["-o", "remount,size=4m", disk.folder]);
  const again = await rig.call(book, "--undo", run, "--state", disk.folder);
  expect(again).toMatchObject({ code: 3, all: expect.stringContaining("Partly undone") });
});

describe("a host without room for its records", () => {
  const memoryOnly = "keeps claims and outcomes in memory only";

  /** Kills the runner, lets its step end unseen, and expects a resume that does not send it again. */
  async function expectOutcomeFound(running: Running, folder: string): Promise<void> {
    running.child.kill("SIGKILL");
    await running.ended;
    letGo(folder);
    await eventually(() => existsSync(join(folder, "first.ended")));
    expect(await rig.call(two, "--resume", lastRun())).toMatchObject({ code: 0 });
    expect(sent(lastRun())).toBe(2);
  }

  test("that is full works under /run, and says so", async () => {
    using disk = new SmallDisk(rig.hostState, "64k");
    disk.fill();
    const folder = rig.programs({});
    letGo(folder);
    const called = await rig.call(two, "--folder", folder);
    expect(called).toMatchObject({ code: 0, all: expect.stringContaining(memoryOnly) });
  });

  test("that is read-only works under /run, and a resume finds the outcome there", async () => {
    using disk = new SmallDisk(rig.hostState, "64k");
    disk.remount("ro");
    const { running, folder } = await inTheFirstStep();
    expect(running.said()).toContain(memoryOnly);
    await expectOutcomeFound(running, folder);
  });

  test("that fills up while a command runs keeps its outcome under /run", async () => {
    using disk = new SmallDisk(rig.hostState, "64k");
    const { running, folder } = await inTheFirstStep();
    disk.fill();
    await expectOutcomeFound(running, folder);
  });

  test("whose records are lost while a command runs tells its end all the same, and that the next are in memory", async () => {
    const { running, folder } = await inTheFirstStep();
    rmSync(join(rig.hostState, "runs"), { recursive: true });
    expect(running.said()).not.toContain(memoryOnly);
    letGo(folder);
    expect(await running.ended).toMatchObject({ code: 0, all: expect.stringContaining(memoryOnly) });
    expect(sent(lastRun())).toBe(2);
  });
});
