import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeEach, expect, test } from "vitest";
import { name, path, runbook, secret, sh } from "../../../dsl/index.ts";
import { eventually } from "../../support/eventually.ts";
import { db1 } from "./books.ts";
import { startRig } from "./rig.ts";

const rig = await startRig();
afterAll(() => rig[Symbol.asyncDispose]());
beforeEach(() => rig.freshHost());

const objective = { rto: "1h", rpo: "24h" } as const;
const canary = 'canary "Ä/+b-4711 🔥';
const forms = (text: string): readonly string[] => [
  text,
  Buffer.from(text).toString("base64").replace(/=+$/u, ""),
  Buffer.from(text).toString("hex"),
  encodeURIComponent(text),
  JSON.stringify(text).slice(1, -1),
];

/** A command that prints the secret it was given in every form, in two writes, and then fails for want of a file. */
const leaky = runbook("leaky", { objective, params: { folder: path() } }, ({ change, params }) => {
  change("Log in", {
    on: db1,
    effect: "idempotent",
    stdin: secret("pass-phrase"),
    run: sh`
      cd -- ${params.folder}
      cat > got
      touch began
      while [ ! -e go ]; do sleep 0.05; done
      for file in got forms; do
        head -c 9 "$file"
        sleep 0.3
        tail -c +10 "$file"
        echo
        cat "$file" >&2
      done
      [ -e mended ]
    `,
    verify: sh`
      cd -- ${params.folder}
      cat got
      [ -e mended ]
    `,
  });
});
const script = rig.script(leaky);

/** Files below a folder that hold the canary in any form. */
function leaks(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => {
    const bytes = readFileSyncOrNothing(join(folder, name));
    return forms(canary).some((form) => bytes.includes(form));
  });
}

function readFileSyncOrNothing(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch {
    return Buffer.alloc(0);
  }
}

/** Processes whose command line or environment holds the canary. */
function shown(but: number | undefined): readonly string[] {
  const pids = readdirSync("/proc").filter((each) => /^\d+$/u.test(each) && Number(each) !== but);
  return pids.flatMap((pid) =>
    ["cmdline", "environ"].filter((what) => readFileSyncOrNothing(`/proc/${pid}/${what}`).includes(canary)),
  );
}

test.each(["file", "env", "cmd"])(
  "a secret from a %s shows nowhere, in no form",
  async (kind) => {
    const folder = rig.programs({});
    writeFileSync(join(folder, "forms"), forms(canary).join("\n"));
    const file = join(folder, "secret");
    writeFileSync(file, canary);
    const source = { file, env: "env:CANARY", cmd: `cmd:cat '${file}'; echo` }[kind] ?? "";
    // The script's own environment is the caller's doing; what it starts must not inherit it.
    const given = ["--secret", `pass-phrase=${source}`];
    process.env["CANARY"] = kind === "env" ? canary : "";
    const running = rig.start(script, "--folder", folder, "--verbose", ...given);
    process.env["CANARY"] = "";
    await eventually(() => existsSync(join(folder, "began")));
    expect(shown(running.child.pid)).toEqual([]);
    writeFileSync(join(folder, "go"), "");
    const failed = await running.ended;
    expect(failed.code).toBe(1);
    expect(readFileSync(join(folder, "got"), "utf8")).toBe(canary);
    expect(failed.stdout).toContain("[secret]");
    for (const form of forms(canary)) expect(failed.all).not.toContain(form);
    expect(leaks(rig.state)).toEqual([]);
    // The host keeps what commands print, in a folder that only root reads; the pass phrase itself it does not keep.
    expect(leaks(rig.hostState).filter((each) => !/\.(?:out|err)$/u.test(each))).toEqual([]);
  },
  120_000,
);

test("Ctrl-C at the question for a secret stops at once, and Ctrl-D is no character of it", async () => {
  const folder = rig.programs({});
  const before = rig.runs();
  const asked = await rig.onTerminal({ columns: 80 }, script, "--folder", folder);
  await asked.shows("pass-phrase:");
  asked.type("\u0003");
  await asked.ended;
  expect(asked.said()).toContain("DB3029 Stopped at the question");
  const ended = await rig.onTerminal({ columns: 80 }, script, "--folder", folder);
  await ended.shows("pass-phrase:");
  ended.type("\u0004");
  expect((await ended.ended).code, ended.said()).toBe(2);
  expect(ended.said()).toContain("DB3014");
  expect(rig.runs()).toEqual(before);
});

test("a value that holds a secret is refused, for it would go on record", async () => {
  const telling = runbook("telling", { objective, params: { folder: path() } }, ({ read, change, params }) => {
    const seen = read("Look", { on: db1, run: sh`cat -- ${params.folder}`, gives: name() });
    change("Log in", {
      on: db1,
      effect: "idempotent",
      stdin: secret("pass-phrase"),
      run: sh`echo ${seen}`,
      verify: sh`true`,
    });
  });
  const folder = rig.programs({});
  const file = join(folder, "secret");
  writeFileSync(file, "hunter2000\n");
  const { code, all } = await rig.call(rig.script(telling), "--folder", file, "--secret", `pass-phrase=${file}`);
  expect({ code, all }).toMatchObject({ code: 1, all: expect.stringMatching(/DB3302 .*it holds a secret/u) });
  expect(all).not.toContain("hunter2000");
});

test.each([
  ["env:NOT_SET_ANYWHERE", "it is not set"],
  ["cmd:exit 3", "it ended with exit status 3"],
  ["cmd:true", "it is empty"],
  ["/no/such/file", "ENOENT"],
])("a secret from %s is refused by name, and nothing is contacted", async (source, why) => {
  const { code, stderr } = await rig.call(script, "--folder", "/tmp", "--secret", `pass-phrase=${source}`);
  expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringContaining(why) });
  expect(stderr).toMatch(/^DB3014 The secret "pass-phrase"/u);
});

test("a secret that the runbook has not is told the nearest name", async () => {
  const { code, stderr } = await rig.call(script, "--folder", "/tmp", "--secret", "pass-prase=/dev/null");
  expect({ code, stderr }).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(
      /^DB3024 .* no secret "pass-prase"\. The nearest name is pass-phrase\.\n.*: pass-phrase\./u,
    ),
  });
});
