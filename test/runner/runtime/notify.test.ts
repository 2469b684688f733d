import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeEach, expect, test } from "vitest";
import { everything, oneChange } from "./books.ts";
import { startRig } from "./rig.ts";

const rig = await startRig();
afterAll(() => rig[Symbol.asyncDispose]());
beforeEach(() => rig.freshHost());

const book = rig.script(oneChange("idempotent"));
const good = { run: "true", verify: "true" };

/** The JSON objects that a command appended to a file. */
function objects(
  file: string,
): readonly { readonly event: string; readonly message: string; readonly exitCode?: number }[] {
  const lines = readFileSync(file, "utf8").trim().split("\n");
  return lines.map((line) => JSON.parse(line) as { event: string; message: string });
}

test("tells of the beginning and the end, as variables and as JSON", async () => {
  const folder = rig.programs(good);
  const told = join(folder, "told");
  const command = `cat >> ${told}; echo "$DRILLBOOK_EVENT $DRILLBOOK_RUNBOOK $DRILLBOOK_EXIT_CODE" > ${folder}/$DRILLBOOK_EVENT`;
  expect(await rig.call(book, "--folder", folder, "--notify", command)).toMatchObject({
    code: 0,
    stderr: expect.not.stringContaining("notification"),
  });
  const run = rig.runs().at(-1);
  expect(new Set(objects(told).map(({ event }) => event))).toEqual(new Set(["begin", "end"]));
  expect(objects(told).find(({ event }) => event === "end")).toMatchObject({
    v: 1,
    run,
    runbook: "one-idempotent",
    exitCode: 0,
  });
  expect(readFileSync(join(folder, "end"), "utf8")).toBe("end one-idempotent 0\n");
});

test("tells of a failure, and what a value says is never a command", async () => {
  const folder = rig.programs({ ...good, run: "exit 1" });
  const owned = join(folder, "owned");
  // The guard's detail, which the message quotes, comes from the host.
  const hostile = rig.programs({
    run: "true",
    verify: `echo '"; touch ${owned}; $(touch ${owned}) \`touch ${owned}\`' >&2; exit 9`,
  });
  for (const at of [folder, hostile]) {
    await rig.call(book, "--folder", at, "--notify", `cat >> ${folder}/told; echo $DRILLBOOK_MESSAGE > /dev/null`);
    rig.freshHost();
  }
  const failures = objects(join(folder, "told")).filter(({ event }) => event === "failed");
  expect(failures.map(({ exitCode }) => exitCode)).toEqual([1, 4]);
  expect(failures[1]?.message).toContain(`$(touch ${owned})`);
  expect(existsSync(owned)).toBe(false);
});

test("a person who is waited for is told of, with the question", async () => {
  const folder = join(rig.programs({}), "made");
  const told = join(rig.work, "waiting");
  const terminal = await rig.onTerminal(
    { columns: 80, env: { DRILLBOOK_NOTIFY: `cat >> ${told}` } },
    rig.script(everything),
    "--folder",
    folder,
  );
  await terminal.shows(/type: yes\n>$/u);
  terminal.type("no\n");
  expect((await terminal.ended).code).toBe(3);
  expect(objects(told).find(({ event }) => event === "waiting")?.message).toContain("Go on? To go on, type: yes");
});

test("a command that fails or hangs does not stop or delay a run beyond its bound, and is told of once", async () => {
  const failing = await rig.call(book, "--folder", rig.programs(good), "--notify", "echo no such channel >&2; exit 7");
  expect(failing.code).toBe(0);
  expect(failing.stderr.match(/The notification command failed \(exit status 7\): no such channel/gu)).toHaveLength(1);
  rig.freshHost();
  // Without the bound, this would take longer than the test may.
  const hanging = await rig.call(book, "--folder", rig.programs(good), "--notify", "sleep 300 & sleep 300");
  expect(hanging).toMatchObject({ code: 0, stderr: expect.stringContaining("it took longer than 5 s") });
});
