import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { anyServer, eitherServer, everything, namedAndGiven } from "./books.ts";
import { startRig } from "./rig.ts";

const rig = await startRig();
afterAll(() => rig[Symbol.asyncDispose]());

const script = rig.script(everything);
const server = rig.script(anyServer);
const either = rig.script(eitherServer);
const both = rig.script(namedAndGiven);

test("--help tells what it is, its parameters, their form, the exit codes, and examples", async () => {
  const { code, stdout } = await rig.call(script, "--help");
  expect(code).toBe(0);
  for (const part of [
    "everything",
    "1 h",
    "--folder PATH",
    "an absolute path",
    "one of full, partial",
    "Exit codes",
    "130",
  ]) {
    expect(stdout.toLowerCase()).toContain(part.toLowerCase());
  }
  expect(stdout.split("\n").every((line) => line.length <= 100)).toBe(true);
});

describe("a call that makes no sense is told the nearest name and the allowed form", () => {
  test.each<readonly [string, readonly string[], RegExp]>([
    ["an unknown option", ["--foldr", "/x"], /^DB3002 There is no option --foldr\. The nearest name is --folder\./u],
    ["a missing parameter", [], /^DB3005 --folder is missing: Where everything is made\.\n {2}Write --folder PATH\./u],
    ["a parameter without its value", ["--folder"], /^DB3003 --folder is given without a value\./u],
    ["a parameter given twice", ["--folder", "/x", "--folder", "/y"], /^DB3004 --folder is given twice\./u],
    ["a relative path", ["--folder", "x"], /^DB3006 --folder cannot be "x": it is not an absolute path/u],
    [
      "no choice",
      ["--folder", "/x", "--depth", "ful"],
      /^DB3006 --depth cannot be "ful": it is not one of full, partial/u,
    ],
    ["no instant", ["--folder", "/x", "--before", "today"], /like 2026-03-28T19:44:00Z/u],
    ["a stray word", ["--folder", "/x", "y"], /^DB3007 "y" belongs to no option/u],
    ["an answer without a step", ["--folder", "/x", "--answer", "yes"], /^DB3008 --answer wants NAME=VALUE/u],
    ["two modes at once", ["--folder", "/x", "--plan", "--resume"], /^DB3015 --plan and --resume exclude/u],
    [
      "a host to take over from, and no run",
      ["--folder", "/x", "--from", "keep1"],
      /^DB3005 --resume is missing: --from takes over a run that was begun\./u,
    ],
    ["a plan from elsewhere", ["--folder", "/x", "--plan", "--from", "keep1"], /^DB3005 --resume is missing: --from/u],
    [
      "a reason for nothing",
      ["--folder", "/x", "--why", "so"],
      /^DB3005 --mark is missing: --why says more of a mark/u,
    ],
    ["a value of nothing", ["--resume", "--value", "so"], /^DB3005 --mark is missing: --value says more of a mark/u],
    [
      "a secret that there is not",
      ["--folder", "/x", "--secret", "age-key=/x"],
      /^DB3024 --secret: the runbook has no secret "age-key"\.\n {2}It has none at all/u,
    ],
    ["no such run", ["--resume", "2026"], /^DB310[34] There (?:is|are) no run/u],
  ])("%s", async (_, args, message) => {
    const { code, stderr, stdout } = await rig.call(script, "--binding", rig.binding, ...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(message);
    expect(readdirSync(rig.state)).toEqual([]);
  });
});

test("a place for records that cannot be made is told, also where the system has none to make; a new one is made whole", async () => {
  const file = join(rig.folder, "file");
  writeFileSync(file, "");
  const call = (state: string) => rig.call(server, "--binding", rig.binding, "--server", "db1", "--state", state);
  for (const place of ["/proc/x", "/proc/x/y/z", file, join(file, "below")])
    expect(await call(place)).toMatchObject({
      code: 3,
      stderr: expect.stringMatching(/^DB3102 The journal cannot be written: /u),
    });
  const deep = join(rig.folder, "a", "b", "c");
  expect(await call(deep)).toMatchObject({ code: 0 });
  expect(statSync(join(deep, "..")).mode & 0o777).toBe(0o700);
  rig.freshHost();
});

describe("a binding is held to its form and to the runbook", () => {
  const { bound } = rig;
  test.each<readonly [string, { readonly [host: string]: unknown }, RegExp]>([
    [
      "no such host",
      { db2: bound },
      /^DB3011 The binding has no host "db1"\. The nearest name is db2\.\n {2}Hosts with the role database-server: db2\./u,
    ],
    ["another role", { db1: { ...bound, role: "web" } }, /^DB3012 The host "db1" is bound with the role web/u],
    ["no pin", { db1: { ...bound, hostKeys: [] } }, /^DB3010 .* wrong at hosts\.db1\.hostKeys: \[\] is not a list/u],
    [
      "an unknown member",
      { db1: { ...bound, adress: "x" } },
      /hosts\.db1\.adress: there is no such member; "address" may be meant/u,
    ],
    ["a jump to nowhere", { db1: { ...bound, jump: "gate" } }, /hosts\.db1\.jump: the binding has no host "gate"/u],
    ["jumps in a circle", { db1: { ...bound, jump: "db1" } }, /leads in a circle/u],
    ["a port that is none", { db1: { ...bound, port: "22" } }, /hosts\.db1\.port: "22" is not a port/u],
  ])("%s", async (_, hosts, message) => {
    const { code, stderr } = await rig.call(script, "--folder", "/x", "--binding", rig.bind(hosts));
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(message) });
  });

  test("a host parameter names a host of its role, or is told which there are", async () => {
    const hosts = rig.bind({ db1: bound, db2: bound, web1: { ...bound, role: "web" } });
    const call = (name: string) => rig.call(server, "--binding", hosts, "--server", name);
    expect((await call("bd2")).stderr).toMatch(/no host "bd2"\. The nearest name is db2\.\n.*: db1, db2\./u);
    expect((await call("web1")).stderr).toMatch(/bound with the role web.*\n.*: db1, db2\./u);
    expect(await call("db2")).toMatchObject({ code: 0 });
    rig.freshHost();
  });

  test("a host parameter of several roles names a host of one of them", async () => {
    const hosts = rig.bind({ db1: bound, web1: { ...bound, role: "web" }, mail1: { ...bound, role: "mail" } });
    const call = (name: string) => rig.call(either, "--binding", hosts, "--server", name);
    expect((await call("mail1")).stderr).toMatch(
      /role mail, and the runbook wants database-server or web.*\n.*: db1, web1\./u,
    );
    for (const name of ["db1", "web1"]) {
      expect(await call(name)).toMatchObject({ code: 0 });
      rig.freshHost();
    }
  });

  test.each([
    ["db1", "address", "a b;c"],
    ["db1", "user", "ro ot"],
    ["db1", "jump", "-oProxyCommand=x"],
    ["db1", "identity", '/root/"key'],
    ["web 7", "role", "web"],
  ])("what ssh must not get is refused with the binding: %s's %s %j", async (host, member, value) => {
    const hosts = rig.bind({ db1: bound, [host]: { ...bound, [member]: value } });
    const before = rig.runs();
    for (const mode of [[], ["--plan"]]) {
      const { code, stderr } = await rig.call(script, "--binding", hosts, "--folder", "/x", ...mode);
      expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(/^DB3010 .*hosts\./u) });
    }
    expect(rig.runs()).toEqual(before);
  });

  test("a host that is named and given has to have the role of either", async () => {
    const hosts = rig.bind({ db1: { ...bound, role: "web" } });
    const { code, stderr } = await rig.call(both, "--binding", hosts, "--server", "db1");
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(/role web.* wants database-server\./u) });
  });
});

describe("a changed byte is refused before anything is contacted", () => {
  const nowhere = rig.bind({ db1: { ...rig.bound, address: "192.0.2.1" } });
  const kit = join(rig.folder, "changed");
  mkdirSync(kit);
  const copy = join(kit, basename(script));
  const runtime = join(kit, rig.runtime.fileName);
  const bytes = readFileSync(script);
  const place = (changed: Uint8Array, of: Uint8Array = rig.runtime.bytes): void => {
    writeFileSync(copy, changed);
    writeFileSync(runtime, of);
  };
  const call = () => rig.call(copy, "--binding", nowhere, "--folder", "/x");
  const flipped = (of: Uint8Array, at: number): Buffer => {
    const other = Buffer.from(of);
    other[at] = (other[at] ?? 0) ^ 1;
    return other;
  };
  const at = (text: string): number => bytes.indexOf(text) + text.length - 1;

  test.each([
    ["the first line", at("env")],
    ["the word of the second line", at("drillbook-scr")],
    ["the digest", at("sha256:0") === -1 ? at("sha256:") + 1 : at("sha256:")],
    ["a comment", at("Generated fr")],
    ["the head", at("rtoSeconds: 3")],
    ["a title", at("Make ro")],
    ["a command", at("mkdir -")],
    ["a command's value", at("[ -d ")],
    ["a guard", at("isHost(") - 8],
    ["the last byte", bytes.length - 1],
  ])("in the script: %s", async (_, position) => {
    place(flipped(bytes, position));
    const { code, stderr } = await call();
    // What is no JavaScript any more is refused by Node itself, with 1.
    expect([1, 3]).toContain(code);
    if (code === 3) expect(stderr).toMatch(/^DB3001 .*everything\.mjs is not what was compiled and drilled/u);
    else expect(stderr).toMatch(/SyntaxError|ReferenceError/u);
  });

  test("in the script: a command, whole words of it, by code 3", async () => {
    place(Buffer.from(bytes.toString().replace("touch dropped", "touch drapped")));
    expect(await call()).toMatchObject({ code: 3, stderr: expect.stringMatching(/^DB3001/u) });
  });

  test("in the runtime, anywhere in its text", async () => {
    const text = Buffer.from(rig.runtime.bytes).toString();
    for (const part of ["drillbook supervisor", "does not hold", "The runtime of Drillbook"]) {
      expect(text).toContain(part);
      const position = Buffer.from(text.slice(0, text.indexOf(part))).length + 5;
      place(bytes, flipped(rig.runtime.bytes, position));
      expect(await call()).toMatchObject({ code: 3, stderr: expect.stringMatching(/^DB3001 .*drillbook-runtime-/u) });
    }
  });

  test("a byte more, or one less", async () => {
    place(Buffer.concat([bytes, Buffer.from("\n")]));
    expect(await call()).toMatchObject({ code: 3 });
    place(bytes.subarray(0, -1));
    expect(await call()).toMatchObject({ code: 3 });
    place(bytes, Buffer.concat([rig.runtime.bytes, Buffer.from("\n")]));
    expect(await call()).toMatchObject({ code: 3 });
  });

  test("a runtime under another name", async () => {
    const other = "drillbook-runtime-000000000000.mjs";
    place(bytes);
    renameSync(runtime, join(dirname(runtime), other));
    const renamed = bytes.toString().replace(rig.runtime.fileName, other);
    writeFileSync(copy, renamed);
    expect(await call()).toMatchObject({ code: 3 });
  });
});

test("--help starts without what only a run needs", () => {
  const watch = `process.on("exit", () => process.stderr.write(process.moduleLoadList.join("\\n")))`;
  const preload = ["--import", `data:text/javascript,${encodeURIComponent(watch)}`];
  const loaded = spawnSync(process.execPath, [...preload, script, "--help"], { encoding: "utf8" }).stderr.split("\n");
  expect(loaded).toContain("NativeModule util");
  for (const heavy of ["crypto", "child_process", "readline"]) expect(loaded).not.toContain(`NativeModule ${heavy}`);
});
