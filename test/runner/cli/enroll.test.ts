import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeEach, expect, test } from "vitest";
import type { Binding } from "../../../runner/binding.ts";
import { enrolledIn } from "../../../runner/runtime/enrolled.ts";
import { fingerprint } from "../../../runner/transport/ssh-config.ts";
import { startRelay } from "../../support/relay.ts";
import { onTerminal } from "../../support/terminal.ts";
import { oneRead } from "../runtime/books.ts";
import { reversible } from "../runtime/reversible.ts";
import { startRig } from "../runtime/rig.ts";
import { drillbook, main, type Answer } from "./drillbook.ts";

const rig = await startRig();
/** The machine that takes its place: the same accounts, another key. */
const fresh = await startRig();
afterAll(async () => {
  await rig[Symbol.asyncDispose]();
  await fresh[Symbol.asyncDispose]();
});
process.env["DRILLBOOK_STATE"] = rig.state;
const [identity = "", freshIdentity = ""] = [rig.bound.identity, fresh.bound.identity];
writeFileSync(join(dirname(freshIdentity), "authorized_keys"), readFileSync(`${identity}.pub`), { flag: "a" });

const another = "0123456789abcdef0123456789abcdef";
const offered = fingerprint(fresh.bound.hostKeys[0] ?? "");
let binding = "";
beforeEach(() => {
  rig.freshHost();
  fresh.freshHost();
  fresh.swap(another);
  binding = rig.bind({ db1: rig.bound });
});

const bound = (): Binding["hosts"][string] | undefined =>
  (JSON.parse(readFileSync(binding, "utf8")) as Binding).hosts["db1"];
const port = String(fresh.bound.port);
const enroll = (...args: readonly string[]): Promise<Answer> =>
  drillbook(rig.folder, "enroll", "db1", "127.0.0.1", "--port", port, "--binding", binding, ...args);

test("a replaced machine is bound by the fingerprint that its console shows, and the former entry is kept", async () => {
  const before = readFileSync(binding, "utf8");
  const unseen = await enroll();
  expect(unseen).toMatchObject({ code: 3, stderr: expect.stringMatching(/^DB3804 /u) });
  expect(unseen.stderr).toContain(offered);
  const wrong = await enroll("--fingerprint", fingerprint(rig.bound.hostKeys[0] ?? ""));
  expect(wrong).toMatchObject({ code: 3, stderr: expect.stringMatching(/^DB3803 /u) });
  expect(readFileSync(binding, "utf8")).toBe(before);
  expect(enrolledIn(binding)).toEqual([]);

  const done = await enroll("--fingerprint", offered);
  expect(done.code, done.stderr).toBe(0);
  expect(bound()).toEqual({ ...rig.bound, port: fresh.bound.port, hostKeys: fresh.bound.hostKeys, machineId: another });
  expect(enrolledIn(binding)).toMatchObject([
    { host: "db1", from: rig.bound, to: { machineId: another }, how: "given", by: expect.stringContaining("@") },
  ]);
}, 60_000);

test("a run that did nothing on the former machine goes on with the new one, and says so on record", async () => {
  const folder = rig.programs({ look: "[ -e ready ] && echo seen", use: "touch used" });
  const script = rig.script(oneRead);
  expect(await rig.call(script, "--binding", binding, "--folder", folder)).toMatchObject({ code: 1 });
  const run = rig.runs().at(-1) ?? "";
  writeFileSync(join(folder, "ready"), "");
  expect((await enroll("--fingerprint", offered)).code).toBe(0);
  const resumed = await rig.call(script, "--resume", run);
  expect(resumed.code, resumed.all).toBe(0);
  expect(rig.records(run).find(({ type }) => type === "rebound")?.data).toMatchObject({
    host: "db1",
    from: fingerprint(rig.bound.hostKeys[0] ?? ""),
    to: offered,
    by: expect.stringContaining("@"),
  });
  expect(existsSync(join(folder, "used"))).toBe(true);
}, 60_000);

test("what was done on the former machine is not on the new one: refused; the same machine with other keys is not", async () => {
  const folder = rig.programs({ run: "exit 1" });
  const script = rig.script(reversible);
  const failed = await rig.call(script, "--binding", binding, "--folder", folder);
  expect(failed.code, failed.all).toBe(1);
  const run = rig.runs().at(-1) ?? "";
  expect((await enroll("--fingerprint", offered)).code).toBe(0);
  const refused = await rig.call(script, "--resume", run, "--mark", "act=done", "--why", "by hand");
  expect(refused).toMatchObject({
    code: 3,
    stderr: expect.stringMatching(/^DB3125 db1 .*: first, note, second, act\./u),
  });

  // An enrollment of the machine that it was all the time.
  writeFileSync(join(fresh.folder, "machine-id"), readFileSync("/etc/machine-id"));
  expect((await enroll("--fingerprint", offered)).code).toBe(0);
  expect(await rig.call(script, "--resume", run, "--mark", "act=done", "--why", "by hand")).toMatchObject({ code: 0 });
}, 60_000);

test("pins that differ without an enrollment stay refused", async () => {
  const folder = rig.programs({ look: "exit 1", use: "true" });
  const script = rig.script(oneRead);
  expect(await rig.call(script, "--binding", binding, "--folder", folder)).toMatchObject({ code: 1 });
  const other = rig.bind({ db1: { ...fresh.bound, identity } });
  const refused = await rig.call(script, "--resume", rig.runs().at(-1) ?? "", "--binding", other);
  expect(refused).toMatchObject({ code: 3, stderr: expect.stringMatching(/^DB3312 [^]*drillbook enroll/u) });
}, 60_000);

test("a person compares: another fingerprint is refused, the one of the console is bound", async () => {
  const words = [process.execPath, main, "enroll", "db1", "--port", port, "--binding", binding];
  for (const [typed, code] of [
    ["SHA256:somethingelse", 3],
    ["no", 3],
    [offered, 0],
  ] as const) {
    const person = await onTerminal(words, { columns: 120 });
    await person.shows("or yes if it is the same");
    expect(person.screen().text).toContain(offered);
    expect(bound()?.machineId).toBeUndefined();
    person.type(`${typed}\r`);
    expect(await person.ended).toMatchObject({ code });
  }
  expect(bound()?.machineId).toBe(another);
  expect(enrolledIn(binding)).toMatchObject([{ how: "typed" }]);
}, 60_000);

test("the key of another host, and a host that is not bound, are refused by name", async () => {
  binding = rig.bind({ db1: rig.bound, db2: { ...fresh.bound, identity } });
  expect(await enroll("--fingerprint", offered)).toMatchObject({
    code: 3,
    stderr: expect.stringMatching(/^DB3805 .* the key that db2 is bound to/u),
  });
  expect(await drillbook(rig.folder, "enroll", "db3", "--binding", binding)).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/^DB3807 .*The nearest name is db\d/u),
  });
}, 60_000);

test("an address that ssh must not be given is a call to correct on the command line", async () => {
  const before = readFileSync(binding, "utf8");
  const wrong = await drillbook(rig.folder, "enroll", "db1", "a b", "--binding", binding);
  expect(wrong).toMatchObject({ code: 2, stderr: expect.stringMatching(/^DB3809 The address "a b" /u) });
  expect(wrong.stderr).not.toContain("in the binding");
  expect(readFileSync(binding, "utf8")).toBe(before);
});

test("a machine that cannot be reached, and one that lets nobody in, are refused: nothing was written", async () => {
  await using nobody = await startRelay(1);
  const asGiven = ["--port", String(nobody.port), "--binding", binding];
  const unreachable = await drillbook(rig.folder, "enroll", "db1", "127.0.0.1", ...asGiven);
  expect(unreachable).toMatchObject({
    code: 3,
    stderr: expect.stringMatching(/^DB3810 db1 was not enrolled: DB3201 db1 cannot be reached: /u),
  });
  expect(unreachable.stderr).toContain("Check the address and the port that were given");

  binding = rig.bind({ db1: { ...rig.bound, port: nobody.port } });
  const asBound = await drillbook(rig.folder, "enroll", "db1", "--binding", binding);
  expect(asBound).toMatchObject({
    code: 3,
    stderr: expect.stringMatching(/^DB3810 [^]*port and jump host in the binding/u),
  });

  binding = rig.bind({ db1: { ...rig.bound, user: "nobody-at-all" } });
  const refused = await enroll("--fingerprint", offered);
  expect(refused).toMatchObject({
    code: 3,
    stderr: expect.stringMatching(/^DB3810 db1 was not enrolled: DB3204 [^]*the user and the identity/u),
  });
  expect(bound()).toMatchObject({ port: rig.bound.port, hostKeys: rig.bound.hostKeys });
  expect(enrolledIn(binding)).toEqual([]);
}, 60_000);
