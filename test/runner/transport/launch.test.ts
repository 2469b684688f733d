import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { launcher, launchOnHost } from "../../../runner/transport/launch.ts";
import { LocalTransport } from "../../../runner/transport/local.ts";
import { open } from "../../../runner/transport/open.ts";

const opening = { run: "run", mode: "run" } as const;

test("the launcher has nothing in it that a login shell would not hand on within single quotes", () => {
  expect(launcher(launchOnHost)).not.toMatch(/['\\!\n]/u);
});

test("what a host lacks is named before anything is sent to it", async () => {
  // A file system view of its own, in which two programs cannot be run.
  const hide = "for each in setsid flock; do mount --bind /dev/null $(command -v $each); done";
  const child = spawn("unshare", ["--mount", "sh", "-c", `${hide}; exec sh -c "$1"`, "sh", launcher(launchOnHost)]);
  const refused = open("db1", child, opening);
  await expect(refused).rejects.toMatchObject({ kind: "tools", code: "DB3206", host: "db1" });
  await expect(refused).rejects.toThrow("no setsid, no flock");
});

test("a program that cannot be started is told as such", async () => {
  const refused = open("db1", spawn("/no/such/program"), opening);
  await expect(refused).rejects.toMatchObject({ kind: "unreachable" });
  await expect(refused).rejects.toThrow("ENOENT");
});

test("a name of a run that would leave its folder is refused", async () => {
  const transport = new LocalTransport({ run: "../../etc", mode: "run" });
  await expect(transport.connect("here")).rejects.toMatchObject({ kind: "refused", code: "DB3214" });
});

test("a conversation that ends in the middle of a request starts nothing", async () => {
  const folder = mkdtempSync(join(tmpdir(), "torn-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const program = launcher({ shell: "sh", state: join(folder, "state"), live: join(folder, "live") });
  const { supervisorText } = await import("../../../runner/transport/supervisor-text.ts");
  const payload = `:>${folder}/torn\\0000`.replaceAll(" ", "\\0040");
  for (const request of [`exec 2 detached a own - 0 ${payload}`, `exec 2 detached a own - 9 ${payload}\nhalf`]) {
    const input = `${supervisorText}hello 1 1 run run\n${request}`;
    const { stdout } = spawnSync("sh", ["-c", program], { input, encoding: "utf8" });
    expect(stdout).toMatch(/^\ndrillbook supervisor ready\nhello 1 1 /u);
    expect(existsSync(join(folder, "state", "runs", "run"))).toBe(false);
  }
});
