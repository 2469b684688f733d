import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeEach, expect, test } from "vitest";
import { host, name, path, runbook, sh, text, type Runbook } from "../../../dsl/index.ts";
import { projectFolder } from "../../dsl/compile/project-folder.ts";
import { drillbook } from "../cli/drillbook.ts";
import { databaseServer, db1, objective } from "./books.ts";
import { startRig, type Called } from "./rig.ts";

const rig = await startRig(2);
const db2 = host("db2", databaseServer);
process.env["DRILLBOOK_STATE"] = rig.state;
let folder: string;
beforeEach(() => {
  rig.freshHost();
  folder = mkdtempSync(join(rig.work, "adopt-"));
});
afterAll(() => rig[Symbol.asyncDispose]());

/** A step of a runbook as its author has it at the moment; its command is in `$f`, the folder. */
interface Written {
  readonly title: string;
  readonly on?: typeof db1 | typeof db2;
  readonly reads?: true;
  readonly run: string;
  readonly verify?: string;
  readonly effect?: "once";
  readonly timeout?: "2m";
}

/** The script of a runbook of these steps. */
function book(steps: readonly Written[], more: { readonly reason?: true } = {}): string {
  const params = { folder: path("Where all is made"), ...(more.reason && { reason: text("Why").optional() }) };
  const written: Runbook = runbook("mended", { objective, needs: [db1, db2], params }, ({ read, change, params }) => {
    const command = (said: string) => sh(pieces("f=", `; cd -- "$f"; ${said}`), params.folder);
    for (const { title, on = db1, reads, run, verify = "true", effect, timeout = "60s" } of steps) {
      const common = { on, timeout, run: command(run) } as const;
      const verified = command(verify);
      if (reads) read(title, { ...common, gives: name() });
      else if (effect) change(title, { ...common, effect, verify: verified, done: command("false") });
      else change(title, { ...common, effect: "idempotent", verify: verified });
    }
  });
  return rig.script(written);
}

const pieces = (...raw: readonly string[]): TemplateStringsArray => Object.assign([...raw], { raw });

const owner: Written = { title: "Owner", reads: true, run: "id -un" };
const note = (title: string): Written => ({ title, run: `echo ${title} >> log`, verify: `grep -qx ${title} log` });
const first = note("First");
const failing: Written = { ...note("Second"), run: "echo tried >> log; false" };
const begun = [owner, first, failing, note("Third")];
const mended = [owner, first, note("Second"), note("Third")];

const log = (): string => readFileSync(join(folder, "log"), "utf8");
const adopt = (script: string, run: string, ...args: readonly string[]): Promise<Called> =>
  rig.call(script, "--resume", run, "--adopt", "--answer", "adopt=yes", ...args);

/** Runs what fails at its second change. Gives the run. */
async function stopped(): Promise<string> {
  const failed = await rig.call(book(begun), "--folder", folder);
  expect(failed.code, failed.all).toBe(1);
  expect(log()).toBe("First\ntried\n");
  return rig.runs().at(-1) ?? "";
}

test("a mended script goes on where the run stopped: it says what differs, asks, and the decision is on record", async () => {
  const run = await stopped();
  const before = rig.records(run)[0];
  const script = book([owner, { ...first, timeout: "2m" }, note("Room"), note("Second"), note("Third")]);

  const plainly = await rig.call(script, "--resume", run);
  expect(plainly).toMatchObject({ code: 3, stderr: expect.stringMatching(/^DB3312 [^]*--adopt/u) });
  const unasked = await rig.call(script, "--resume", run, "--adopt");
  expect(unasked).toMatchObject({
    code: 3,
    stderr: expect.stringContaining(`--resume ${run} --adopt --answer adopt=yes`),
  });
  expect(log()).toBe("First\ntried\n");
  expect(rig.records(run).filter(({ type }) => type === "adopted")).toEqual([]);

  const adopted = await adopt(script, run);
  expect(adopted.code, adopted.all).toBe(0);
  expect(log()).toBe("First\ntried\nRoom\nSecond\nThird\n");
  expect(rig.records(run).find(({ type }) => type === "adopted")?.data).toMatchObject({
    from: { script: before?.type === "begin" ? before.data.script : "" },
    difference: { added: ["room"], removed: [], moved: [], changed: { first: ["timeout"], second: ["command"] } },
    by: expect.stringContaining("@"),
    how: "given",
  });
  // The script that it began with stays with the record, and the timeline tells of the other one.
  const kept = readdirSync(join(rig.state, run, "kit")).filter((file) => /^mended-[0-9a-f]{12}\.mjs$/u.test(file));
  expect(kept).toHaveLength(1);
  const told = await drillbook(rig.folder, "journal", "show", run);
  expect(told.stdout).toMatch(/added room; changed first, second; given by/u);
});

test("once adopted, the mended script is the run's own", async () => {
  const run = await stopped();
  const waiting: Written = { ...failing, run: "echo mended >> log; [ -e go ]; echo Second >> log" };
  expect(await adopt(book([owner, first, waiting, note("Third")]), run)).toMatchObject({ code: 1 });
  writeFileSync(join(folder, "go"), "");
  // Adopting what is adopted already is a resume.
  const own = join(rig.state, run, "kit", "mended.mjs");
  const resumed = await rig.call(own, "--resume", run, "--adopt");
  expect(resumed.code, resumed.all).toBe(0);
  expect(log()).toBe("First\ntried\nmended\nmended\nSecond\nThird\n");
});

test("a script that the record would not be true of is refused, by step", async () => {
  const run = await stopped();
  const count = rig.records(run).length;
  const refusals: readonly (readonly [readonly Written[], RegExp])[] = [
    [[owner, { ...first, run: "echo another >> log" }, failing], /first is done, and its command changed/u],
    [[owner, { ...first, on: db2 }, failing], /first is done, and its host changed/u],
    [[owner, { ...first, verify: "[ -e log ]" }, failing], /first is done, and its postcondition changed/u],
    [[{ ...owner, run: "id -gn" }, first, failing], /owner was read, and its command changed/u],
    [[owner, failing], /first is done, and is not in it any more/u],
    [[owner, first, note("Third")], /second was begun, and is not in it any more/u],
    [[owner, first, { ...failing, on: db2 }], /second was begun, and its host changed/u],
    [[owner, note("Earlier"), first, failing], /first is done, and earlier comes before it/u],
    [[first, owner, failing], /first stood elsewhere among the finished steps/u],
  ];
  for (const [steps, why] of refusals) {
    const refused = await adopt(book(steps), run);
    expect(refused).toMatchObject({ code: 3, stderr: expect.stringMatching(/^DB3123 /u) });
    expect(refused.stderr).toMatch(why);
  }
  expect(rig.records(run)).toHaveLength(count);
  expect(log()).toBe("First\ntried\n");
}, 60_000);

test("under an outcome that is not known, no other command is put; another postcondition may be", async () => {
  const act = (run: string, verify: string): string => book([{ title: "Act", effect: "once", run, verify }]);
  const unknown = await rig.call(act("echo acted >> log", "exit 9"), "--folder", folder);
  expect(unknown.code, unknown.all).toBe(4);
  const run = rig.runs().at(-1) ?? "";
  const refused = await adopt(act("echo else >> log", "true"), run);
  expect(refused.stderr).toMatch(/^DB3123 [^]*act may be in effect, and its command changed/u);
  const adopted = await adopt(act("echo acted >> log", "true"), run);
  expect(adopted.code, adopted.all).toBe(0);
  expect(log()).toBe("acted\n");
});

test("another value of a parameter is refused; a new parameter is not", async () => {
  const run = await stopped();
  const elsewhere = await adopt(book(mended), run, "--folder", "/elsewhere");
  expect(elsewhere.stderr).toMatch(/^DB3312 [^]*parameter folder: /u);
  const adopted = await adopt(book(mended, { reason: true }), run, "--reason", "it is mended");
  expect(adopted.code, adopted.all).toBe(0);
});

test("Ctrl-C at the question ends it, and nothing is adopted", async () => {
  const run = await stopped();
  const script = book([owner, { ...first, timeout: "2m" }, note("Second"), note("Third")]);
  const person = await rig.onTerminal({ columns: 120 }, script, "--resume", run, "--adopt");
  await person.shows("type: yes");
  person.type("\u0003");
  await person.ended;
  expect(person.said()).toContain("DB3029 Stopped at the question");
  expect(rig.records(run).some(({ type }) => type === "adopted")).toBe(false);
});

test("a person on a terminal sees the lines that changed, and no is no", async () => {
  const run = await stopped();
  const script = book([owner, { ...first, timeout: "2m" }, note("Second"), note("Third")]);
  const person = await rig.onTerminal({ columns: 120 }, script, "--resume", run, "--adopt");
  await person.shows("type: yes");
  const { text: shown } = person.screen();
  expect(shown).toContain("changed: first (begun or finished already): timeout");
  expect(shown).toMatch(
    /changed: second .*: command\s+- f="\$folder"; .*echo tried .*\s+\+ f="\$folder"; .*echo Second/u,
  );
  expect(shown).toContain("next is second");
  person.type("no\r");
  expect(await person.ended).toMatchObject({ code: 3 });
  expect(rig.records(run).filter(({ type }) => type === "adopted")).toEqual([]);
  // What it began with is still there, and goes on.
  const own = join(rig.state, run, "kit", "mended.mjs");
  expect(await rig.call(own, "--resume", run)).toMatchObject({ code: 1 });
});

test("drillbook resume --adopt goes on with the runbook as its source is now", async () => {
  const run = await stopped();
  const source = `
import { host, path, runbook, role, sh, name } from "drillbook";
const server = role("database-server", { assets: ["database"] });
const db1 = host("db1", server);
/** A procedure that is mended while it is needed. */
export default runbook("mended", {
  objective: { rto: "1h", rpo: "24h" }, needs: [db1, host("db2", server)], params: { folder: path("Where all is made") },
}, ({ read, change, params }) => {
  const owner = read("Owner", { on: db1, timeout: "60s", run: sh\`f=\${params.folder}; cd -- "$f"; id -un\`, gives: name() });
  change("First", {
    on: db1, effect: "idempotent",
    run: sh\`f=\${params.folder}; cd -- "$f"; echo First >> log\`,
    verify: sh\`f=\${params.folder}; cd -- "$f"; grep -qx First log\`,
  });
  change("Second", {
    on: db1, effect: "idempotent", run: sh\`f=\${params.folder}; cd -- "$f"; echo by \${owner} >> log\`,
    verify: sh\`f=\${params.folder}; cd -- "$f"; grep -q ^by log\`,
  });
});
`;
  await using project = await projectFolder({ "runbooks/mended.ts": source });
  const adopted = await drillbook(project.root, "resume", run, "--adopt", "--answer", "adopt=yes");
  expect(adopted.code, adopted.stderr).toBe(0);
  expect(log()).toMatch(/^First\ntried\nby \w+\n$/u);
  expect(existsSync(join(rig.state, run, "kit", "mended.mjs"))).toBe(true);
}, 60_000);
