import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterAll, beforeEach, expect, test } from "vitest";
import { holdRun, refuseHeld, type Holder } from "../../../runner/journal/hold.ts";
import { runFolder } from "../../../runner/journal/state.ts";

const root = mkdtempSync(join(tmpdir(), "hold-"));
afterAll(() => rmSync(root, { recursive: true }));

let number = 0;
let folder = runFolder(root, "run");
beforeEach(() => {
  folder = runFolder(root, `run-${++number}`);
  mkdirSync(folder.path);
});

function starter() {
  const program = fileURLToPath(new URL("holder.ts", import.meta.url));
  const child = spawn(process.execPath, [program, folder.path], { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  return { child, says: async () => String((await lines.next()).value) };
}

test("of many that take a run at once, one gets it; when it is killed, one of the next", async () => {
  for (let round = 0; round < 2; round += 1) {
    const starters = Array.from({ length: 6 }, starter);
    for (const { says } of starters) expect(await says()).toBe("ready");
    for (const { child } of starters) child.stdin.write("go\n");
    const answers = await Promise.all(starters.map(({ says }) => says()));
    const winners = starters.filter((_, index) => answers[index] === "held");
    expect(winners).toHaveLength(1);
    const pid = winners[0]?.child.pid;
    const told = new RegExp(`^DB3106 .* in the hands of process ${pid} of .*@${hostname()}, since `, "u");
    for (const answer of answers) if (answer !== "held") expect(answer).toMatch(told);
    for (const { child } of starters) {
      const gone = once(child, "exit");
      child.kill("SIGKILL");
      await gone;
    }
  }
  expect(readdirSync(folder.path)).toEqual(["hold.1"]);
}, 120_000);

const held = (change: Partial<Holder>): void => {
  const file = join(folder.path, "hold.0");
  const holder = JSON.parse(readFileSync(file, "utf8")) as Holder;
  writeFileSync(file, JSON.stringify({ ...holder, ...change }));
};

test.each([
  ["whose number is another process's by now", { began: "1" }],
  ["that a reboot has ended", { boot: "an earlier one" }],
])("a holder %s keeps nobody out", (_, change) => {
  holdRun(folder);
  held(change);
  expect(() => refuseHeld(folder)).not.toThrow();
});

test.each([
  ["of another machine", { host: "elsewhere", boot: "another" }],
  ["in another container", { namespace: "pid:[1]" }],
])("a holder %s is not taken for dead, and the way out is named", (_, change) => {
  holdRun(folder);
  held(change);
  expect(() => holdRun(folder)).toThrow(/cannot be seen from here\.\n.*remove .*hold\.0 and resume/u);
});

test("half of a holder's file, where its maker was killed, keeps nobody out", () => {
  writeFileSync(join(folder.path, "hold.0"), "");
  holdRun(folder);
  expect(readdirSync(folder.path)).toEqual(["hold.1"]);
});
