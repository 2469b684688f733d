import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeEach, expect, test } from "vitest";
import { everything, oneChange, oneRead, withSecret } from "./books.ts";
import { startRig } from "./rig.ts";

const rig = await startRig();
afterAll(() => rig[Symbol.asyncDispose]());
beforeEach(() => rig.freshHost());

const script = rig.script(everything);
const newFolder = (): string => join(mkdtempSync(join(rig.work, "run-")), "made");
const answers = ["--answer", "go-on=yes", "--answer", "drop-the-old-one=db1 database"];

test("a script does what its runbook says, and records it", async () => {
  const folder = newFolder();
  const { code, stdout } = await rig.call(script, "--folder", folder, "--before", "2026-03-28T19:44:00Z", ...answers);
  expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringContaining("Complete: 11 steps") });
  expect(readFileSync(join(folder, "notes"), "utf8")).toBe("a\nb c\n'd'\n");
  expect(readFileSync(join(folder, "moment"), "utf8")).toBe("2026-03-28T19:44:00Z");
  const records = rig.records();
  const types = records.map(({ type }) => type);
  expect(types.filter((type) => type === "intent")).toHaveLength(6);
  expect(records.find(({ type }) => type === "confirm")?.data).toMatchObject({ how: "given", answer: "yes" });
  expect(records.at(-1)?.data).toEqual({ verdict: "completed", exitCode: 0 });
  const steps = records.flatMap((record) => (record.type === "done" ? [record.step] : []));
  expect(steps).toEqual(["make-room", "note[a]", "note[b c]", "note['d']", "keep-the-moment", "drop-the-old-one"]);
});

test("events are records, one JSON object a line", async () => {
  const { code, stdout } = await rig.call(script, "--folder", newFolder(), "--json", ...answers);
  expect(code).toBe(0);
  const events = stdout
    .trim()
    .split("\n")
    .map((line): unknown => JSON.parse(line));
  expect(events).toEqual(rig.records());
});

test("without a terminal a confirm stops the run, unless its answer was given by name", async () => {
  const folder = newFolder();
  const { code, stderr, all } = await rig.call(script, "--folder", folder);
  expect(code).toBe(3);
  expect(stderr + all).toContain("--answer go-on=yes\n");
  expect(existsSync(join(folder, "notes"))).toBe(false);
  const wrong = await rig.call(script, "--resume", rig.runs().at(-1) ?? "", "--answer", "go-on=sure");
  expect(wrong).toMatchObject({ code: 3, all: expect.stringContaining('"sure", and it wants yes') });
});

test("what destroys wants the host and the asset typed", async () => {
  const folder = newFolder();
  const { code, all } = await rig.call(
    script,
    "--folder",
    folder,
    "--answer",
    "go-on=yes",
    "--answer",
    "drop-the-old-one=yes",
  );
  expect({ code, all }).toMatchObject({ code: 3, all: expect.stringContaining("it wants db1 database") });
  expect(existsSync(join(folder, "dropped"))).toBe(false);
});

test("a command that fails stops the run, its output shown and kept", async () => {
  const folder = rig.programs({ run: "echo no space >&2; exit 7", verify: "true" });
  const { code, all } = await rig.call(rig.script(oneChange("idempotent")), "--folder", folder);
  expect(code).toBe(1);
  expect(all).toMatch(/Act failed on db1: its command ended with exit status 7[^]*Failed: +Act \(db1\)/u);
  expect(all).toContain("| no space");
  expect(rig.records().find(({ type }) => type === "failed")?.data).toMatchObject({
    what: "run",
    status: 7,
    stderr: { bytes: 9, tail: "no space\n" },
  });
});

test("a postcondition that does not hold is a failure; one that gives no answer leaves the outcome unknown", async () => {
  const book = rig.script(oneChange("idempotent"));
  const no = await rig.call(book, "--folder", rig.programs({ run: "true", verify: "exit 1" }));
  expect(no).toMatchObject({ code: 1, all: expect.stringContaining("its postcondition ended with exit status 1") });
  rig.freshHost();
  const silent = await rig.call(book, "--folder", rig.programs({ run: "true", verify: "exit 2" }));
  expect(silent.code).toBe(4);
  expect(silent.all).toMatch(/outcome of the postcondition of Act on db1 is not known[^]*Not known: Act \(db1\)/u);
});

test("a command that takes longer than its time is cancelled, and its outcome is unknown", async () => {
  const slow = rig.programs({ run: "sleep 300", verify: "true" });
  const { code, all } = await rig.call(rig.script(oneChange("idempotent", "1s")), "--folder", slow);
  expect({ code, all }).toMatchObject({ code: 4, all: expect.stringContaining("longer than 1 s") });
});

test("what a read prints must have its type", async () => {
  const book = rig.script(oneRead);
  const nul = await rig.call(book, "--folder", rig.programs({ look: "printf 'a\\0b\\n'" }));
  expect(nul).toMatchObject({ code: 1, all: expect.stringContaining("it contains NUL") });
  const latin = await rig.call(book, "--folder", rig.programs({ look: "printf '\\344\\n'" }));
  expect(latin).toMatchObject({ code: 1, all: expect.stringContaining("it is not UTF-8") });
});

test("a large output is kept whole beside the journal", async () => {
  const folder = rig.programs({ run: "head -c 300000 /dev/zero | tr '\\0' x", verify: "true" });
  expect(await rig.call(rig.script(oneChange("idempotent")), "--folder", folder)).toMatchObject({ code: 0 });
  const done = rig.records().find(({ type }) => type === "done");
  expect(done?.data).toMatchObject({ stdout: { bytes: 300_000, tail: "x".repeat(4096) } });
  const kept = join(
    rig.state,
    rig.runs().at(-1) ?? "",
    "output",
    `${String(done?.seq).padStart(6, "0")}-act.run.stdout`,
  );
  expect(readFileSync(kept, "utf8")).toBe("x".repeat(300_000));
});

test("a secret goes from its file to the command's stdin, and nowhere else", async () => {
  const book = rig.script(withSecret);
  const folder = rig.programs({});
  const missing = await rig.call(book, "--folder", folder);
  expect(missing).toMatchObject({ code: 2, stderr: expect.stringContaining("--secret pass-phrase=FILE") });
  const file = join(folder, "secret");
  const bytes = Buffer.from("pass \xff\0phrase\n", "latin1");
  writeFileSync(file, bytes);
  const { code, all } = await rig.call(book, "--folder", folder, "--secret", `pass-phrase=${file}`);
  expect({ code, all }).toMatchObject({ code: 0, all: expect.not.stringContaining("phrase\n") });
  expect(readFileSync(join(folder, "got"))).toEqual(bytes);
  const kept = readdirSync(join(rig.state, rig.runs().at(-1) ?? ""), { recursive: true, withFileTypes: true });
  const files = kept.filter((entry) => entry.isFile()).map((entry) => readFileSync(join(entry.parentPath, entry.name)));
  expect(files.some((each) => each.includes("phrase\n"))).toBe(false);
});
