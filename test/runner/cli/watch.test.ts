import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { projectFolder, type ProjectFolder } from "../../dsl/compile/project-folder.ts";
import { startRig } from "../runtime/rig.ts";
import { drillbook } from "./drillbook.ts";

const rig = await startRig();
let project: ProjectFolder;

/** A check of the copies that one of the rig's hosts keeps, which are lines of a file there; it ends with no where one is wrong. */
const check = `
import { hostOf, name, role, runbook, sh, text } from "drillbook";
/** Look at the copies. */
export default runbook("check-copies", {
  objective: { rto: "1h", rpo: "24h" },
  params: { holder: hostOf(role("database-server")), of: name() },
}, ({ read, params: { holder, of } }) => {
  const copies = read("Copies", { on: holder, run: sh\`cd ${rig.work}; cat -- \${of}\`, gives: text(), copies: true });
  read("Whether all is well", {
    on: holder,
    run: sh\`
      copies=\${copies}
      if grep -v '^fresh ' <<< "$copies" >&2; then exit 1; fi
      echo yes
    \`,
    gives: text(),
  });
});
`;
const nightly = `
import { schedule } from "drillbook";
import check from "./check-copies.ts";
const call = (of: string) => ({ runbook: check, params: { holder: "db1", of } });
export default schedule("nightly", { at: ["03:10"], calls: [call("shop"), call("mail"), call("mail")] });
`;

const put = (file: string, ...lines: string[]): void => writeFileSync(join(rig.work, file), `${lines.join("\n")}\n`);
const sound = "fresh etc 2026-03-28T03:10:00Z 1200";

beforeAll(async () => {
  project = await projectFolder({ "runbooks/check-copies.ts": check, "runbooks/nightly.schedule.ts": nightly });
});
afterAll(async () => {
  await project?.[Symbol.asyncDispose]();
  await rig[Symbol.asyncDispose]();
});
beforeEach(() => {
  put("shop", sound, "fresh pgdump 2026-03-28T03:11:00Z 90 the data ends there");
  put("mail", sound);
});

const watch = (...args: readonly string[]) => drillbook(project.root, "watch", "--binding", rig.binding, ...args);
/** An alarm that leaves what it was told in the rig's folder. */
const pager = `cat > ${rig.work}/told; printf %s "$DRILLBOOK_EVENT: $DRILLBOOK_MESSAGE" > ${rig.work}/message`;
const told = (): string => readFileSync(join(rig.work, "message"), "utf8");

test("copies that are sound are told of, each check asked once, and nobody is woken", async () => {
  rmSync(join(rig.work, "message"), { force: true });
  const { code, stdout } = await watch("--json", "--alarm", pager);
  const found = JSON.parse(stdout) as { copies: readonly { set: string }[] };
  expect({ code, found }).toMatchObject({ code: 0, found: { v: 1, verdict: "sound", unanswered: [] } });
  expect(found.copies.map(({ set }) => set)).toEqual(["etc", "pgdump", "etc"]);
  expect(found.copies[1]).toMatchObject({
    host: "db1",
    bytes: 90,
    moment: "2026-03-28T03:11:00Z",
    why: "the data ends there",
  });
  expect(told).toThrow("ENOENT");
  expect((await watch()).stdout).toMatch(
    /^fresh {6}check-copies db1 shop: etc 2026-03-28T03:10Z, pgdump 2026-03-28T03:11Z\n/u,
  );
});

test("what is wrong is on the exit status, in JSON, in Prometheus' text, and wakes somebody", async () => {
  put("shop", "late etc 2026-03-20T03:10:00Z 1200", "missing ca - - the file is gone");
  const metrics = join(rig.work, "metrics");
  const { code, stdout } = await watch("--json", "--alarm", pager, "--prometheus", metrics);
  expect({ code, verdict: (JSON.parse(stdout) as { verdict: string }).verdict }).toEqual({ code: 1, verdict: "wrong" });
  expect(told()).toBe("alarm: wrong; check-copies db1 shop: etc late; check-copies db1 shop: ca missing");
  expect(JSON.parse(readFileSync(join(rig.work, "told"), "utf8"))).toMatchObject({ event: "alarm", verdict: "wrong" });
  const labels = 'holder="db1",of="shop",runbook="check-copies",host="db1"';
  const lines = readFileSync(metrics, "utf8").split("\n");
  expect(lines).toContain(
    `drillbook_copy_moment_seconds{${labels},set="etc"} ${Date.parse("2026-03-20T03:10:00Z") / 1000}`,
  );
  expect(lines).toContain(`drillbook_copy_wrong{${labels},set="ca",state="missing"} 1`);
  expect(lines.filter((line) => line.includes('set="ca"'))).toHaveLength(1);
  expect(lines.some((line) => /^drillbook_watch_seconds \d{10}$/u.test(line))).toBe(true);
  expect((await watch("--prometheus", "-")).stdout).toMatch(/^# HELP drillbook_copy_moment_seconds /u);
});

test.each<[string, () => void, RegExp]>([
  ["cannot look", () => rmSync(join(rig.work, "shop")), /No such file/u],
  ["says what is no copy", () => put("shop", "etc is fresh"), /no "STATE SET MOMENT BYTES": etc is fresh/u],
])("a check that %s is no good news: it is not known, and that wakes somebody too", async (_, spoil, why) => {
  spoil();
  const { code, stdout } = await watch("--json", "--alarm", pager);
  const found = JSON.parse(stdout) as { verdict: string; unanswered: readonly { why: string }[] };
  expect({ code, verdict: found.verdict }).toEqual({ code: 4, verdict: "not known" });
  expect(found.unanswered.map((each) => each.why)).toEqual([expect.stringMatching(why)]);
  expect(told()).toBe("alarm: not known; check-copies db1 shop: no answer");
});

test("an alarm that does not get out is a failure of the watch, and can be seen before the night", async () => {
  put("shop", "late etc 2026-03-20T03:10:00Z 1200");
  const { code, stderr } = await watch("--alarm", "echo no route >&2; exit 75");
  expect({ code, stderr }).toEqual({
    code: 1,
    stderr: expect.stringContaining("The alarm's command failed (exit status 75): no route. Nobody was told."),
  });
  const rehearse = (command: string) => drillbook(project.root, "watch", "--rehearse-alarm", "--alarm", command);
  await expect(rehearse(pager)).resolves.toMatchObject({ code: 0 });
  expect(told()).toBe("rehearsal: A rehearsal of the alarm: nothing is wrong.");
  await expect(rehearse("exit 1")).resolves.toMatchObject({
    code: 1,
    stderr: expect.stringContaining("Nobody was told"),
  });
});

test("a watch that cannot look wakes somebody, and one that cannot write its metrics has done so before", async () => {
  const elsewhere = ["watch", "--binding", join(rig.work, "no-binding.json"), "--alarm", pager];
  await expect(drillbook(project.root, ...elsewhere)).resolves.toMatchObject({ code: 2 });
  expect(told()).toMatch(/^alarm: not known; the watch itself failed: DB\d+ .*no-binding\.json/u);

  put("shop", "late etc 2026-03-20T03:10:00Z 1200");
  const { code, stdout } = await watch(
    "--json",
    "--alarm",
    pager,
    "--prometheus",
    join(rig.work, "nowhere", "metrics"),
  );
  expect({ code, verdict: (JSON.parse(stdout) as { verdict: string }).verdict }).toEqual({ code: 1, verdict: "wrong" });
  expect(told()).toMatch(/^alarm: wrong; check-copies db1 shop: etc late/u);
});

test.each<[string, readonly string[], string]>([
  ["without a binding", ["watch"], "DB3910"],
  ["of an alarm that is not given", ["watch", "--rehearse-alarm"], "DB3909"],
  ["of no such schedule", ["watch", "nightl", "--binding", rig.binding], "DB3905"],
])("a watch %s makes no sense", async (_, args, error) => {
  const { code, stderr } = await drillbook(project.root, ...args);
  expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(error) });
});
