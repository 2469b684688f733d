import { once } from "node:events";
import { existsSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo, type Socket } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeEach, expect, test } from "vitest";
import { eventually } from "../../support/eventually.ts";
import { onTerminal } from "../../support/terminal.ts";
import { twoSteps } from "./books.ts";
import { startRig, type Running } from "./rig.ts";

const rig = await startRig();
afterAll(() => rig[Symbol.asyncDispose]());
beforeEach(() => rig.freshHost());

const two = rig.script(twoSteps);

/** Lets both steps end. */
function letGo(folder: string): void {
  for (const step of ["first", "second"]) writeFileSync(join(folder, `${step}.go`), "");
}

async function inTheFirstStep(): Promise<{ readonly running: Running; readonly folder: string; readonly run: string }> {
  const folder = rig.programs({});
  const running = rig.start(two, "--folder", folder);
  await eventually(() => existsSync(join(folder, "first.began")));
  return { running, folder, run: rig.runs().at(-1) ?? "" };
}

/** What Ctrl-C does in a terminal: the signal goes to the script and to every process that it started. */
const interrupt = ({ child }: Running): boolean => child.pid !== undefined && process.kill(-child.pid, "SIGINT");

/** Until it is taken for another wish: what comes at once belongs to the first. */
const pressedAgain = (running: Running): Promise<void> =>
  eventually(() => running.said().includes("the operator left") || !interrupt(running));

test("Ctrl-C lets the step at hand finish, and stops before the next", async () => {
  const { running, folder, run } = await inTheFirstStep();
  interrupt(running);
  await eventually(() => running.said().includes("Stopping after this step"));
  letGo(folder);
  expect(await running.ended).toMatchObject({ code: 130, all: expect.stringContaining("Stopped between two steps") });
  expect([existsSync(join(folder, "first.ended")), existsSync(join(folder, "second.began"))]).toEqual([true, false]);
  expect(rig.records(run).at(-1)?.data).toMatchObject({ verdict: "interrupted", exitCode: 130 });
  expect(await rig.call(two, "--resume", run)).toMatchObject({ code: 0 });
});

test("Ctrl-C twice leaves at once: the outcome is unknown, says so, and is read on resume", async () => {
  const { running, folder, run } = await inTheFirstStep();
  interrupt(running);
  await eventually(() => running.said().includes("Stopping after this step"));
  await pressedAgain(running);
  expect(await running.ended).toMatchObject({
    code: 4,
    all: expect.stringContaining("the operator left while it ran"),
  });
  letGo(folder);
  expect(await rig.call(two, "--resume", run)).toMatchObject({ code: 0 });
  const starts = rig.records(run).filter(({ type }) => type === "intent");
  expect(starts).toHaveLength(2);
});

/** A port that takes connections and never says a word. */
async function silentPort(): Promise<AsyncDisposable & { readonly port: number; readonly open: ReadonlySet<Socket> }> {
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.on("error", () => undefined).on("close", () => void open.delete(socket));
    socket.resume();
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    open,
    async [Symbol.asyncDispose]() {
      for (const each of open) each.destroy();
      server.close();
      await once(server, "close");
    },
  };
}

test.each(["a host", "a jump host"])(
  "Ctrl-C twice while %s does not answer ends the process at once, and its ssh with it",
  async (which) => {
    await using silent = await silentPort();
    const mute = { ...rig.bound, port: silent.port };
    const binding = which === "a host" ? { db1: mute } : { db1: { ...rig.bound, jump: "gate" }, gate: mute };
    const running = rig.start(two, "--folder", rig.programs({}), "--binding", rig.bind(binding));
    await eventually(() => silent.open.size > 0);
    const ssh = running.connections();
    interrupt(running);
    await eventually(() => running.said().includes("Stopping after this step"));
    const heard = performance.now();
    await eventually(() => performance.now() - heard > 400);
    interrupt(running);
    expect(await running.ended).toMatchObject({ code: 130, all: expect.stringContaining("DB3310 ") });
    // Left alone, ssh gives such a port up ten seconds after it came to it.
    expect(performance.now() - heard).toBeLessThan(5000);
    expect(ssh.filter((pid) => existsSync(`/proc/${pid}`))).toEqual([]);
    await eventually(() => silent.open.size === 0);
    expect(performance.now() - heard).toBeLessThan(5000);
  },
);

test("Ctrl-C twice while a lost host is waited for ends the process at once", async () => {
  const { running, folder } = await inTheFirstStep();
  await rig.sshd.stop();
  try {
    for (const pid of running.connections()) process.kill(pid, "SIGKILL");
    interrupt(running);
    await eventually(() => running.said().includes("Stopping after this step"));
    // Of the attempts to reach it again, the one after these is four seconds away.
    const heard = performance.now();
    await eventually(() => performance.now() - heard > 4500);
    interrupt(running);
    const left = performance.now();
    expect(await running.ended).toMatchObject({ code: 4 });
    expect(performance.now() - left).toBeLessThan(2500);
  } finally {
    letGo(folder);
    await rig.sshd.start();
  }
});

test("a connection that is lost in the middle of a command loses nothing: the outcome is read from the host", async () => {
  const { running, folder, run } = await inTheFirstStep();
  for (const pid of running.connections()) process.kill(pid, "SIGKILL");
  letGo(folder);
  expect(await running.ended).toMatchObject({ code: 0 });
  const records = rig.records(run);
  expect(records.filter(({ type }) => type === "host")).toHaveLength(2);
  expect(records.filter(({ type }) => type === "intent")).toHaveLength(2);
});

test("a signal that comes twice at once, as from what ends a whole group and passes it on besides, is one wish", async () => {
  const { running, folder } = await inTheFirstStep();
  interrupt(running);
  interrupt(running);
  await eventually(() => running.said().includes("Stopping after this step"));
  interrupt(running);
  letGo(folder);
  expect(await running.ended).toMatchObject({ code: 130 });
});

test("one Ctrl-C counts as one for a script that the command line runs", async () => {
  const { running, folder, run } = await inTheFirstStep();
  running.child.kill("SIGKILL");
  await running.ended;
  const main = fileURLToPath(new URL("../../../runner/cli/main.ts", import.meta.url));
  const resumed = await onTerminal([process.execPath, main, "resume", run], {
    columns: 80,
    env: { DRILLBOOK_STATE: rig.state },
  });
  await resumed.shows("Act[first]");
  resumed.type("\u0003");
  await resumed.shows("Stopping after this step");
  // Long enough for what would be passed on to have arrived, and to count.
  const heard = performance.now();
  await eventually(() => performance.now() - heard > 400);
  letGo(folder);
  await resumed.ended;
  expect(resumed.said()).toContain("DB3310 Stopped between two steps");
}, 30_000);
