import { createHash } from "node:crypto";
import { existsSync, lstatSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { eventually } from "../../support/eventually.ts";
import { everything, flow, oneRead } from "./books.ts";
import { startRig } from "./rig.ts";

const rig = await startRig();
afterAll(() => rig[Symbol.asyncDispose]());

const script = rig.script(everything);
const newFolder = (): string => join(mkdtempSync(join(rig.work, "plan-")), "made");

/** Every file below a folder, with its kind, mode, time and digest. */
function listing(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true })
    .map(String)
    .sort()
    .map((name) => {
      const path = join(folder, name);
      const stat = lstatSync(path);
      const digest = stat.isFile() ? createHash("sha256").update(readFileSync(path)).digest("hex") : "";
      return `${name} ${stat.mode} ${stat.mtimeMs} ${digest}`;
    });
}

test("a plan says what would run, where, and what it would destroy", async () => {
  const folder = newFolder();
  const { code, stdout, stderr } = await rig.call(script, "--folder", folder, "--plan");
  expect(code).toBe(0);
  expect(stdout).toContain("look     db1: Account\n         root\n");
  expect(stdout).toMatch(
    /change {3}db1: Make room\n +would run\n +if this machine is db1\n +if \/tmp has 2 times the size free\n +\$ mkdir -p -- "\$folder"/u,
  );
  expect(stdout).toContain('look     db1: Count\n         known after "Make room"');
  expect(stdout).toContain("DESTROYS db1 database");
  expect(stdout).toContain("for each Each name: 3 items");
  expect(stdout).toMatch(
    /^everything: what a run would do now\. WARNING: this exact script has never passed a drill\./u,
  );
  expect(stdout).toMatch(/Drop the old one\n +POINT OF NO RETURN\n +DESTROYS db1 database\n/u);
  expect(stderr).toMatch(
    /A run would destroy: db1 database\.\nNo drill says how long it takes\. The objective is 1 h\./u,
  );
  expect(stderr).toContain("Nothing was changed.");
});

test("a plan changes nothing: not on the host, not here", async () => {
  const folder = newFolder();
  // A first connection makes the folders that a supervisor keeps under /run.
  await rig.call(script, "--folder", folder, "--plan");
  const before = [listing(rig.work), listing(rig.hostState), listing(rig.state)];
  const { code } = await rig.call(script, "--folder", folder, "--plan");
  expect(code).toBe(0);
  expect([listing(rig.work), listing(rig.hostState), listing(rig.state)]).toEqual(before);
  expect(existsSync(folder)).toBe(false);
});

test("what is in effect already is said to be", async () => {
  const folder = newFolder();
  const answers = ["--answer", "go-on=yes", "--answer", "drop-the-old-one=db1 database"];
  expect(await rig.call(script, "--folder", folder, ...answers)).toMatchObject({ code: 0 });
  const { stdout, stderr } = await rig.call(script, "--folder", folder, "--plan", "--json");
  // A new run makes them all once more, and destroys once more.
  expect(stderr).toContain("A run would make 5 changes; 5 of them are in effect already, and would be made once more.");
  expect(stderr).toContain("A run would destroy: db1 database.");
  expect(stdout).toMatch(/"id":"drop-the-old-one".*"pointOfNoReturn":true/u);
  const { stdout: words } = await rig.call(script, "--folder", folder, "--plan");
  expect(words).toMatch(/DESTROYS db1 database\n +in effect already; a new run destroys once more/u);
  const lines = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as { readonly planned: string; readonly id: string; readonly state?: string });
  const changes = lines.filter(({ planned }) => planned === "change");
  expect(changes.map(({ id, state }) => [id, state])).toEqual([
    ["make-room", "in effect already"],
    ["note", "in effect already"],
    ["note", "in effect already"],
    ["note", "in effect already"],
    ["drop-the-old-one", "in effect already"],
  ]);
});

test("a branch on what is not known yet is shown both ways, and one that is known is shown alone", async () => {
  const folder = rig.programs({});
  const unknown = await rig.call(rig.script(flow), "--folder", folder, "--plan");
  expect(unknown.code).toBe(0);
  expect(unknown.stdout).toMatch(
    /when {5}Ready: depends on \$is_it_ready, known after "Prepare"\nif yes:\n {2}change {3}db1: Use it[^]*\nif no:\n {2}change {3}db1: Mend it/u,
  );
  expect(unknown.stdout).toContain('for each Each part: known after "Prepare"');
  writeFileSync(join(folder, "ready"), "");
  const known = await rig.call(rig.script(flow), "--folder", folder, "--plan");
  expect(known.stdout).toMatch(/when {5}Ready: yes\n {2}change {3}db1: Use it/u);
  expect(known.stdout).not.toContain("Mend it");
});

test("a read that fails ends the plan where a run would stop", async () => {
  const { code, stderr } = await rig.call(rig.script(flow), "--folder", "/nowhere", "--plan");
  expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringContaining("Look failed on db1") });
});

test("Ctrl-C ends a plan, which leaves nothing to be resumed", async () => {
  const folder = rig.programs({ look: "touch began; while [ ! -e go ]; do sleep 0.05; done; echo seen", use: "true" });
  const running = rig.start(rig.script(oneRead), "--folder", folder, "--plan");
  await eventually(() => existsSync(join(folder, "began")));
  running.child.kill("SIGINT");
  await eventually(() => running.said().includes("Stopping."));
  writeFileSync(join(folder, "go"), "");
  const { code, stderr } = await running.ended;
  expect({ code, stderr }).toMatchObject({
    code: 130,
    stderr: expect.stringMatching(
      /^DB3321 The plan was left before its end, as you asked\.\n {2}Nothing was changed/mu,
    ),
  });
  expect(stderr).not.toContain("Resume");
});
