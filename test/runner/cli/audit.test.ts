import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Audited } from "../../../runner/cli/audit/rules.ts";
import { projectFolder, type ProjectFolder } from "../../dsl/compile/project-folder.ts";
import { drillbook } from "./drillbook.ts";

/** A farm that keeps the rule: a nightly copy on two other hosts and on a drive that is carried away. */
const files = {
  "package.json": '{ "type": "module", "drillbook": { "inventory": "runbooks/inventory.ts" } }',
  "runbooks/inventory.ts": `
import { backedUpWith, holdsCopies, host, medium, notBackedUp, role } from "drillbook";
export const server = role("server", { assets: ["data", "keys", "cache"] });
export const keeper = role("keeper", { assets: ["archive"] });
export const db1 = host("db1", server);
export const [k1, k2] = [host("k1", keeper), host("k2", keeper)];
export const archives = [holdsCopies(k1.archive), holdsCopies(k2.archive)];
export const drive = medium("drive", { on: "removable-disk", site: "the bank", offline: true, kit: true });
export const safe = medium("safe", { on: "paper", site: "the lawyer's", offline: true });
export const ride = backedUpWith(db1.keys, db1.data);
export const anew = notBackedUp(db1.cache, "it fills by itself");
`,
  "runbooks/back-up.ts": `
import { hostOf, runbook, sh } from "drillbook";
import { keeper, safe, server } from "./inventory.ts";
/** Copy the data. */
export default runbook("back-up", {
  backsUp: ({ of }) => of.data,
  keeps: ({ to }) => [to],
  opens: safe,
  objective: { rto: "1h", rpo: "24h" },
  params: { of: hostOf(server), to: hostOf(keeper) },
}, ({ change, params }) => {
  change("Copy", { on: params.of, effect: "idempotent", run: sh\`echo \${params.to}\`, verify: sh\`true\` });
});
`,
  "runbooks/carry.ts": `
import { hostOf, runbook, sh } from "drillbook";
import { drive, keeper } from "./inventory.ts";
/** Write the archive to the drive. */
export default runbook("carry", {
  backsUp: ({ keeper: of }) => of.archive,
  keeps: [drive],
  objective: { rto: "1h", rpo: "168h" },
  params: { keeper: hostOf(keeper) },
}, ({ change, params }) => {
  change("Copy", { on: params.keeper, effect: "idempotent", run: sh\`true\`, verify: sh\`true\` });
});
`,
  "runbooks/weekly.schedule.ts": `
import { schedule } from "drillbook";
import carry from "./carry.ts";
export default schedule("weekly", { on: ["Sat"], at: ["06:00"], calls: [{ runbook: carry, params: { keeper: "k1" } }] });
`,
  "runbooks/recover.ts": `
import { hostOf, runbook, sh } from "drillbook";
import { server } from "./inventory.ts";
/** Bring the data back. */
export default runbook("recover", {
  recovers: ({ of }) => of.data,
  objective: { rto: "1h", rpo: "24h" },
  params: { of: hostOf(server) },
}, ({ change, params }) => {
  change("Copy back", { on: params.of, effect: "idempotent", run: sh\`true\`, verify: sh\`true\` });
});
`,
  "runbooks/nightly.schedule.ts": `
import { schedule } from "drillbook";
import backUp from "./back-up.ts";
const to = (keeper: string) => ({ runbook: backUp, params: { of: "db1", to: keeper } });
export default schedule("nightly", { at: ["03:10"], calls: [to("k1"), to("k2")] });
`,
  "runbooks/lost.drill.ts": `
import { disaster, drill, strike, sh } from "drillbook";
import backUp from "./back-up.ts";
import { db1 } from "./inventory.ts";
import recover from "./recover.ts";
const backups = [{ runbook: backUp }] as const;
export default drill("lost", {
  world: { name: "none", probes: ["works"], ledgerIn: [] },
  disaster: disaster("gone", { title: "Gone.", takes: [db1.data], blows: [strike(db1, sh\`true\`)] }),
  backups,
  every: "24h",
  recovery: { runbook: recover },
  red: { works: "it is gone" },
  stillGreen: {},
  acceptance: ["works"],
  nextCycle: { backups, restores: ["works"] },
});
`,
};
type File = keyof typeof files;

let project: ProjectFolder;
beforeAll(async () => {
  project = await projectFolder(files);
});
afterAll(() => project?.[Symbol.asyncDispose]());

test("a farm that keeps the rule is told so", async () => {
  const { code, stdout, stderr } = await drillbook(project.root, "audit", "--json");
  const exempt = [
    { asset: "db1.cache", why: "it fills by itself" },
    ...["k1", "k2"].map((keeper) => ({ asset: `${keeper}.archive`, why: "it is copies of others" })),
  ];
  expect({ code, stderr, found: JSON.parse(stdout) as Audited }).toEqual({
    code: 0,
    stderr: "",
    found: { violations: [], exempt },
  });
  expect((await drillbook(project.root, "audit")).stdout).toMatch(
    /db1\.cache\n {2}exempt .* by itself\n.*\n\nno violation\n$/su,
  );
});

/** What the data violates, and with it the keys that ride along. */
const both = (...rules: readonly string[]): readonly string[] =>
  rules.flatMap((rule) => [`db1.data ${rule}`, `db1.keys ${rule}`]);

test.each<[rule: string, change: string, file: File, was: string, is: string, violations: readonly string[]]>([
  [
    "scheduled",
    "calls for another host",
    "runbooks/nightly.schedule.ts",
    '"db1"',
    '"db9"',
    both("scheduled", "whole-site"),
  ],
  [
    "scheduled",
    "a backup that does not say where its copy lies",
    "runbooks/back-up.ts",
    "keeps: ({ to }) => [to],",
    "",
    both("scheduled", "whole-site"),
  ],
  [
    "copies",
    "copies on the host itself",
    "runbooks/back-up.ts",
    "({ to }) => [to]",
    "({ of }) => [of]",
    both("copies", "media", "off-site", "offline", "whole-site"),
  ],
  ["media", "another disk", "runbooks/inventory.ts", "removable-disk", "disk", both("media")],
  [
    "off-site",
    "copies of which none leaves the house",
    "runbooks/weekly.schedule.ts",
    '"k1"',
    '"k9"',
    both("media", "off-site", "offline", "whole-site"),
  ],
  [
    "offline",
    "a drive that stays plugged in",
    "runbooks/inventory.ts",
    '"the bank", offline: true',
    '"the bank"',
    both("offline"),
  ],
  ["whole-site", "a drive without the kit", "runbooks/inventory.ts", ", kit: true", "", ["drive whole-site"]],
  [
    "whole-site",
    "an asset that is on no drive",
    "runbooks/inventory.ts",
    "export const anew",
    "const anew",
    ["db1.cache scheduled", "db1.cache whole-site"],
  ],
  ["escrow", "keys beside what they open", "runbooks/inventory.ts", "the lawyer's", "the bank", both("escrow")],
  ["objective", "a recovery that may lose less", "runbooks/recover.ts", '"24h"', '"15m"', ["db1.data objective"]],
  ["proven", "no drill", "runbooks/lost.drill.ts", "{ runbook: backUp }", "{ runbook: recover }", both("proven")],
])("%s is violated by %s, and nothing else is said", async (_, __, file, was, is, violations) => {
  const text = files[file];
  expect(text).toContain(was);
  await writeFile(join(project.root, file), text.replaceAll(was, is));
  try {
    const { code, stdout, stderr } = await drillbook(project.root, "audit", "--json");
    expect(stderr).toBe("");
    const found = (JSON.parse(stdout) as Audited).violations.map(({ asset, rule }) => `${asset} ${rule}`);
    expect({ code, found: new Set(found) }).toEqual({ code: 1, found: new Set(violations) });
  } finally {
    await writeFile(join(project.root, file), text);
  }
});

test("a schedule that cannot meet its backup's objective is an error when the project is compiled", async () => {
  const file = join(project.root, "runbooks/back-up.ts");
  await writeFile(file, files["runbooks/back-up.ts"].replace('"24h"', '"15m"'));
  const { code, stderr } = await drillbook(project.root, "compile", "--check");
  expect({ code, stderr }).toEqual({
    code: 1,
    stderr: expect.stringContaining('DB1026 Schedule "nightly" makes back-up up to 24 h apart'),
  });
  await writeFile(
    file,
    files["runbooks/back-up.ts"].replace('"24h"', '"15m"').replace("opens", "continuous: true,\n  opens"),
  );
  // A copying that goes on by itself is no matter of how often it is set up.
  expect((await drillbook(project.root, "compile", "--check")).stderr).not.toContain("DB1026");
  await writeFile(file, files["runbooks/back-up.ts"]);
});

test("a project that names no inventory is told how to", async () => {
  await writeFile(join(project.root, "package.json"), '{ "type": "module" }');
  const { code, stderr } = await drillbook(project.root, "audit");
  expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(/^DB3911 .*"inventory": /su) });
});
