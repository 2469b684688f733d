import { execFile, execFileSync } from "node:child_process";
import { existsSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { promisify } from "node:util";
import { SshTransport } from "../../runner/transport/ssh.ts";
import type { Ratio } from "./ratio.ts";
import { startSshd } from "../support/sshd.ts";

const run = promisify(execFile);

/**
 * Changes of one host over a real sshd: each journaled, detached, supervised and verified, against one bare command a
 * change over a connection that ssh shares. Both take turns, so that whatever else the machine does weighs on both; ten
 * steps each, after a pause, so that neither pays for what the other left to be cleaned up.
 */
export async function benchSupervisor(steps = 100): Promise<Ratio> {
  // Without a home, so that no start-up file of the account weighs on the bare commands.
  await using sshd = await startSshd(["SetEnv HOME=/nonexistent"]);
  // In memory, as /run is on a host.
  await using memory = temporary(existsSync("/dev/shm") ? "/dev/shm" : sshd.folder);
  const folders = { state: join(sshd.folder, "state"), live: memory.folder };
  const binding = { v: 1, hosts: { target: sshd.bound } } as const;
  await using transport = new SshTransport({ binding, run: "bench", mode: "run", ...folders });
  await using connection = await transport.connect("target");
  const journal = openSync(join(sshd.folder, "journal"), "a");
  const note = (type: string): void => {
    writeSync(journal, `${JSON.stringify({ v: 1, type, prev: "0".repeat(64), data: "x".repeat(200) })}\n`);
    fdatasyncSync(journal);
  };
  const change = async (step: number): Promise<void> => {
    const vars = { folder: join(sshd.folder, `subject-${step}`) };
    note("intent");
    const { status } = await connection.detached(`step-${step}`, { text: `mkdir -- "$folder"`, vars }).result;
    const verified = await connection.inline({ text: `test -d "$folder"`, vars }).result;
    note("done");
    if (status !== 0 || verified.status !== 0) throw new Error(`step ${step} failed`);
  };
  const shared = share(sshd.folder, sshd.bound);
  const bare = async (step: number): Promise<void> => {
    await run("ssh", [...shared, "target", `mkdir -- ${join(sshd.folder, `against-${step}`)}`]);
  };
  try {
    await change(-1);
    await bare(-1);
    let subject = 0;
    let against = 0;
    for (let first = 0; first < steps; first += 10) {
      const turn = Array.from({ length: Math.min(10, steps - first) }, (_, index) => first + index);
      subject += await milliseconds(turn, change);
      against += await milliseconds(turn, bare);
    }
    return {
      name: `${steps} changes on one host`,
      subject: "detached, supervised, verified, journaled",
      against: "bare multiplexed ssh, one command a change",
      ratio: subject / against,
      subjectMs: subject / steps,
      againstMs: against / steps,
    };
  } finally {
    execFileSync("ssh", [...shared, "-O", "exit", "target"], { stdio: "ignore" });
  }
}

function temporary(parent: string): AsyncDisposable & { readonly folder: string } {
  const folder = mkdtempSync(join(parent, "bench-"));
  return { folder, [Symbol.asyncDispose]: async () => rmSync(folder, { recursive: true, force: true }) };
}

/** A shared connection of ssh itself; the options that use it. */
function share(folder: string, bound: { address: string; port?: number; user?: string; identity?: string }): string[] {
  const config = join(folder, "shared_config");
  const lines = {
    HostName: bound.address,
    Port: bound.port,
    User: bound.user,
    IdentityFile: bound.identity,
    StrictHostKeyChecking: "no",
    UserKnownHostsFile: "/dev/null",
    LogLevel: "ERROR",
    ControlPath: join(folder, "shared"),
  };
  writeFileSync(
    config,
    `Host target\n${Object.entries(lines)
      .map(([key, value]) => `  ${key} ${value}\n`)
      .join("")}`,
  );
  execFileSync("ssh", ["-F", config, "-o", "ControlMaster=yes", "-o", "ControlPersist=yes", "-Nf", "target"], {
    stdio: "ignore",
  });
  return ["-F", config];
}

async function milliseconds(turn: readonly number[], work: (step: number) => Promise<void>): Promise<number> {
  await setTimeout(100);
  const begun = performance.now();
  for (const step of turn) await work(step);
  return performance.now() - begun;
}

if (import.meta.main) console.log(JSON.stringify(await benchSupervisor(), undefined, 2));
