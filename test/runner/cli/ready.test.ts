import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { projectFolder, type ProjectFolder } from "../../dsl/compile/project-folder.ts";
import type { Statement } from "../../../runner/drill/evidence/statement.ts";
import { startSshd } from "../../support/sshd.ts";
import { startRig } from "../runtime/rig.ts";
import { drillbook } from "./drillbook.ts";

const rig = await startRig();
let project: ProjectFolder;

/** A recovery whose newest backup, and what must hold before its change, are files of the rig's. */
const recovery = (folder: string, tool = "sh"): string => `
import { holds, host, line, role, runbook, sh, tools } from "drillbook";
const db1 = host("db1", role("database-server", { assets: ["data"] }));
/** Get the data back. */
export default runbook("recover-data", {
  recovers: db1.data,
  objective: { rto: "1h", rpo: "24h" },
  needs: [tools(db1, "${tool}", "sort")],
}, ({ read, change }) => {
  read("Newest moment", { on: db1, run: sh\`cat ${folder}/newest\`, gives: line(), newest: true });
  change("Restore", {
    on: db1,
    effect: "idempotent",
    guard: [holds("there is room", sh\`[ -e ${folder}/room ]\`)],
    run: sh\`touch ${folder}/restored\`,
    verify: sh\`[ -e ${folder}/restored ]\`,
  });
});
`;

const put = (file: string, text = ""): void => writeFileSync(join(rig.work, file), text);
const hoursAgo = (hours: number): string => new Date(Date.now() - hours * 3_600_000).toISOString();

beforeAll(async () => {
  project = await projectFolder({ "runbooks/recover-data.ts": recovery(rig.work) });
});
afterAll(async () => {
  await project?.[Symbol.asyncDispose]();
  await rig[Symbol.asyncDispose]();
});

interface Found {
  readonly v: number;
  readonly readiness: string;
  readonly runbooks: readonly {
    readonly params: Readonly<Record<string, string>>;
    readonly findings: readonly { kind: string; state: string; what: string }[];
  }[];
}

async function ask(
  binding = rig.binding,
  ...names: string[]
): Promise<{ readonly code: number | null; readonly found: Found }> {
  const { code, stdout, stderr } = await drillbook(project.root, "ready", ...names, "--binding", binding, "--json");
  expect(stdout, stderr).toMatch(/^\{/u);
  return { code, found: JSON.parse(stdout) as Found };
}

const standing = (found: Found): readonly string[] =>
  found.runbooks.flatMap(({ findings }) =>
    findings.filter(({ state }) => state !== "ok").map(({ kind, state, what }) => `${kind} ${state}: ${what}`),
  );

test("what could be recovered today is ready, and nothing was done to find out", async () => {
  put("newest", `${hoursAgo(2)}\n`);
  put("room");
  const { code, found } = await ask();
  expect(standing(found)).toEqual([]);
  expect({ code, found }).toMatchObject({ code: 0, found: { v: 1, readiness: "ready" } });
  const kinds = found.runbooks.flatMap(({ findings }) => findings.map(({ kind }) => kind));
  expect(kinds).toEqual(["host", "tools", "reads", "guard", "age"]);
  await expect(drillbook(project.root, "ready", "--binding", rig.binding)).resolves.toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^ready {6}recover-data\n\nready; not looked at/u),
  });
});

test.each<[string, () => void, () => void, RegExp]>([
  ["an old backup", () => put("newest", hoursAgo(30)), () => put("newest", hoursAgo(2)), /^age stops: .* 30\.0 h old/u],
  [
    "no room",
    () => rmSync(join(rig.work, "room")),
    () => put("room"),
    /^guard stops: there is room, before "Restore"/u,
  ],
  ["no backup", () => rmSync(join(rig.work, "newest")), () => put("newest", hoursAgo(2)), /^reads stops: .*DB3301/su],
])("%s stops a recovery, and is said so", async (_, spoil, mend, said) => {
  spoil();
  try {
    const { code, found } = await ask();
    expect(standing(found)).toEqual([expect.stringMatching(said)]);
    expect({ code, readiness: found.readiness }).toEqual({ code: 1, readiness: "not ready" });
  } finally {
    mend();
  }
});

test("a moment that cannot be read is not known", async () => {
  put("newest", "yesterday");
  const { code, found } = await ask();
  expect(standing(found)).toEqual(['age unknown: "yesterday" is no moment']);
  expect({ code, readiness: found.readiness }).toEqual({ code: 4, readiness: "not known" });
  put("newest", hoursAgo(2));
});

test.each<[string, unknown, RegExp]>([
  [
    "another host key",
    { hostKeys: ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJeKdGFhxnBAxCWBoPQkbV3xSCWwHgqLZfYVJzzR7lEq"] },
    /^host stops: DB3202/u,
  ],
  ["no sshd", { port: 1 }, /^host stops: DB3201/u],
  ["another role", { role: "store" }, /^binding stops: it is bound as store/u],
  ["another machine-id", { machineId: "0".repeat(32) }, /^host stops: DB3203/u],
])("a host with %s stops a recovery", async (_, other, said) => {
  const { code, found } = await ask(rig.bind({ db1: { ...rig.bound, ...(other as object) } }));
  expect(standing(found)).toEqual([expect.stringMatching(said)]);
  expect(code).toBe(1);
});

test("a program that is missing stops a recovery", async () => {
  await project.write({ "runbooks/recover-data.ts": recovery(rig.work, "no-such-program") });
  const { code, found } = await ask();
  expect(standing(found)).toEqual(["tools stops: it has no no-such-program"]);
  expect(code).toBe(1);
});

test("a runbook for hosts of several roles is asked of each that is bound", async () => {
  onTestFinished(() => rmSync(join(project.root, "runbooks/look-around.ts")));
  await project.write({
    "runbooks/look-around.ts": `
import { hostOf, line, role, runbook, sh } from "drillbook";
/** Look around. */
export default runbook("look-around", {
  objective: { rto: "1h", rpo: "24h" },
  params: { server: hostOf([role("database-server"), role("web")]) },
}, ({ read, params }) => {
  read("Look", { on: params.server, run: sh\`id -un\`, gives: line() });
});
`,
  });
  const binding = rig.bind({
    db1: rig.bound,
    web1: { ...rig.bound, role: "web" },
    store1: { ...rig.bound, role: "store" },
  });
  const { found } = await ask(binding, "look-around");
  expect(found.runbooks.map(({ params }) => params)).toEqual([{ server: "db1" }, { server: "web1" }]);
  expect(standing(found)).toEqual([]);
  const none = await ask(rig.bind({ store1: { ...rig.bound, role: "store" } }), "look-around");
  expect(standing(none.found)).toEqual(["binding stops: no host of role database-server or web is bound"]);
});

test("an account that cannot become root stops a recovery", async () => {
  const bin = join(rig.folder, "no-sudo");
  mkdirSync(bin);
  writeFileSync(join(bin, "sudo"), "#!/bin/sh\necho 'sudo: a password is required' >&2\nexit 1\n", { mode: 0o755 });
  const daemon = await startSshd([`SetEnv HOME=/nonexistent PATH=${bin}`]);
  onTestFinished(() => daemon[Symbol.asyncDispose]());
  const bound = { ...daemon.bound, role: "database-server", become: "sudo" };
  const { code, found } = await ask(rig.bind({ db1: bound }));
  expect(standing(found)).toEqual([expect.stringMatching(/^host stops: DB3205 .*a password is required/u)]);
  expect(code).toBe(1);
});

test("a parameter that was not given is not known, until it is given", async () => {
  const asking = recovery(rig.work)
    .replace("needs:", 'params: { reason: line("Why") },\n  needs:')
    .replace("{ read, change }", "{ read, change, params }")
    .replace(`touch ${rig.work}/restored`, `printf '%s' \${params.reason} > ${rig.work}/restored`);
  await project.write({ "runbooks/recover-data.ts": asking });
  const { code, found } = await ask();
  expect(standing(found)).toEqual(["call unknown: its parameter reason was not given: --with reason=VALUE"]);
  expect({ code, readiness: found.readiness }).toEqual({ code: 4, readiness: "not known" });
  const given = await drillbook(project.root, "ready", "--binding", rig.binding, "--with", "reason=a drill");
  expect(given).toMatchObject({ code: 0 });
});

/** Evidence of a drill that this runbook passed, whose hosts had this to say of sort. */
async function drilledWith(sort: string): Promise<void> {
  const stored = new URL("../../../docs/evidence/lost-data-directory.json", import.meta.url);
  const text = readFileSync(stored, "utf8").replaceAll("recover-postgres", "recover-data");
  const { predicate, ...rest } = JSON.parse(text) as Statement;
  const tools = { "recover-data": { "database-server": { sort } } };
  const statement = { ...rest, predicate: { ...predicate, drill: { ...predicate.drill, tools } } };
  await project.write({ ".drillbook/evidence/lost-data.json": JSON.stringify(statement) });
}

test("a program of another version than the drill's is not known to work; other digits behind it are told", async () => {
  const said = execFileSync("sort", ["--version"], { encoding: "utf8" }).split("\n")[0] ?? "";
  const [, major = "0", minor = "0"] = / (\d+)\.(\d+)/u.exec(said) ?? [];
  await project.write({ "runbooks/recover-data.ts": recovery(rig.work) });
  const drift = async (): Promise<readonly string[]> => {
    const { found } = await ask();
    const findings = found.runbooks.flatMap((each) => each.findings).filter(({ kind }) => kind === "drift");
    return findings.map(({ state, what }) => `${state}: ${what}`);
  };
  await drilledWith(said);
  expect(await drift()).toEqual([]);
  await drilledWith(`sort (GNU coreutils) ${major}.${Number(minor) + 1}`);
  expect(await drift()).toEqual([
    expect.stringMatching(/^ok: sort is .*, and was .* in the drill lost-data-directory of/u),
  ]);
  await drilledWith(`sort (GNU coreutils) ${Number(major) + 1}.1`);
  expect(await drift()).toEqual([expect.stringMatching(/^unknown: sort is /u)]);
  expect(await drillbook(project.root, "ready", "--binding", rig.binding)).toMatchObject({
    code: 4,
    stdout: expect.stringMatching(/^not known {2}recover-data\n +drift\?: db1: sort is /u),
  });
});
