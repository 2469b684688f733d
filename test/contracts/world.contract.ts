import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Disaster } from "../../dsl/disaster.ts";
import type { SteadyState, World, WorldKind } from "../../runner/drill/world.ts";
import { ssh } from "../support/ssh.ts";

/** What the suite has to know of one kind of world. */
export interface WorldSubject {
  readonly kind: WorldKind;
  /** Makes the farm's backup, in place of the backup runbooks. */
  backUp(world: World): Promise<void>;
  /** Probes that ask for another kind of backup than that: they must not say yes. */
  readonly unmade: readonly string[];
  /** A disaster that lands on one host, a probe that it turns red and why, and one that it leaves green. */
  readonly struck: {
    readonly disaster: Disaster;
    readonly red: string;
    readonly because: RegExp;
    readonly green: string;
  };
  /** A host that others need, and the probe that says so when it is off the farm's network. */
  readonly needed: { readonly host: string; readonly probe: string };
  /** A disaster that takes a host away altogether. */
  readonly lost: { readonly disaster: Disaster; readonly host: string };
}

const quiet = (): void => undefined;

/** Everything that a drill relies on. Each kind of world runs it. */
export function worldContract({ kind, backUp, unmade, struck, needed, lost }: WorldSubject): void {
  describe(`the world "${kind.name}"`, () => {
    let state: SteadyState;
    let world: World;

    beforeAll(async () => {
      await kind.prepare(quiet);
      state = await kind.steady("contract", backUp, quiet);
      world = await state.fork(quiet);
    });
    afterAll(() => world?.[Symbol.asyncDispose]());

    test("builds a steady state once for a key", async () => {
      const again = await kind.steady("contract", () => expect.fail("it was built again"), quiet);
      expect(again.images).toEqual(state.images);
    });

    test("says which secrets are kept, asked for one that is not", async () => {
      await expect(world.secret("no-such-thing")).rejects.toThrow(/DB4118 .*"no-such-thing"/u);
    });

    test("binds every host with a role, an operator who becomes root, and a pin", async () => {
      const { v, hosts } = await world.binding();
      expect(v).toBe(1);
      for (const host of Object.values(hosts)) {
        expect(host).toMatchObject({
          user: "operator",
          become: "sudo",
          machineId: expect.stringMatching(/^[0-9a-f]{32}$/u),
        });
        expect(host.hostKeys[0]).toMatch(/^ssh-ed25519 AAAA/u);
      }
      const pins = Object.values(hosts).map(({ hostKeys }) => hostKeys[0]);
      expect(new Set(pins).size).toBe(pins.length);
    });

    test("lets plain ssh in to every host, as an operator who can become root", async () => {
      const binding = await world.binding();
      for (const [host, { machineId }] of Object.entries(binding.hosts)) {
        const said = await ssh(binding, host, "id -un; sudo -n id -un; hostname -s; cat /etc/machine-id");
        expect(said).toEqual({ status: 0, stdout: `operator\nroot\n${host}\n${machineId}\n`, stderr: "" });
      }
    });

    test("has pins that another machine does not answer to", async () => {
      const binding = await world.binding();
      const [[one, first], [, second]] = Object.entries(binding.hosts) as [[string, never], [string, never]];
      const swapped = { ...(first as object), hostKeys: (second as { hostKeys: string[] }).hostKeys };
      const said = await ssh({ v: 1, hosts: { ...binding.hosts, [one]: swapped as never } }, one, "true");
      expect(said.status).toBe(255);
      expect(said.stderr).toMatch(/host key verification failed/iu);
    });

    test("answers yes to every probe, with evidence, and to none that asks for a backup that was not made", async () => {
      for (const name of unmade) expect([name, (await world.probe(name)).answer]).not.toEqual([name, "yes"]);
      for (const name of kind.probes.filter((probe) => !unmade.includes(probe))) {
        expect([name, await world.probe(name)]).toEqual([
          name,
          { answer: "yes", evidence: expect.stringMatching(/./u) },
        ]);
      }
    });

    test("refuses a probe it does not have, by naming those it has", async () => {
      await expect(world.probe("is-lucky")).rejects.toThrow(kind.probes[0]);
    });

    test("holds data", async () => {
      expect(await world.dataBytes()).toBeGreaterThan(1_000_000);
    });

    test("keeps a ledger: every acknowledged number once, in order, and all of them survive where nothing strikes", async () => {
      await world.ledger.start();
      await world.ledger.stop();
      const acknowledged = await world.ledger.acknowledged();
      const numbers = acknowledged.map(({ number }) => number);
      expect(numbers.length).toBeGreaterThan(0);
      expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
      expect(acknowledged.at(-1)?.at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/u);
      expect(await world.ledger.surviving()).toEqual(acknowledged);
    });

    test("is reachable after a restart, under the same identity", async () => {
      const before = await world.binding();
      for (const host of Object.keys(before.hosts)) await world.restart(host);
      const after = await world.binding();
      for (const [host, { hostKeys }] of Object.entries(before.hosts)) {
        expect(after.hosts[host]?.hostKeys).toEqual(hostKeys);
        expect(await ssh(after, host, "hostname -s")).toMatchObject({ status: 0, stdout: `${host}\n` });
      }
      expect(await world.probe(needed.probe)).toMatchObject({ answer: "yes" });
    });

    test("gives an operator a seat: the kit's script, the binding of the moment, a state folder kept between runs", async () => {
      const kit = await mkdtemp(join(tmpdir(), "kit-"));
      try {
        await writeFile(join(kit, "ask.mjs"), seatScript);
        const seat = await world.operator(kit);
        const lines: string[] = [];
        const first = await seat.run("ask.mjs", ["a b"], {
          onLine: (line) => lines.push(line),
          env: { ANSWER: "yes" },
        });
        expect(first).toMatchObject({ code: 3, stderr: "to stderr\n" });
        expect(lines.toSorted()).toEqual([...first.stdout.trimEnd().split("\n"), "to stderr"].toSorted());
        const seen = JSON.parse(first.stdout.split("\n")[0] ?? "") as Record<string, unknown>;
        expect(seen).toEqual({ args: ["a b"], binding: await world.binding(), answer: "yes", runs: 1 });
        expect((await seat.run("ask.mjs", [])).stdout).toContain('"runs":2');
        const cut = AbortSignal.timeout(300);
        expect(await seat.run("ask.mjs", ["forever"], { signal: cut })).toMatchObject({ code: 137 });
      } finally {
        await rm(kit, { recursive: true });
      }
    });

    test("leaves another fork alone when it is struck, and says why a probe is red", async () => {
      await using other = await state.fork(quiet);
      await other.strike(struck.disaster);
      const red = await other.probe(struck.red);
      expect(red).toMatchObject({
        answer: "no",
        evidence: expect.any(String),
        meaning: expect.stringMatching(struck.because),
      });
      expect(await other.probe(struck.green)).toMatchObject({ answer: "yes" });
      expect(await world.probe(struck.red)).toMatchObject({ answer: "yes" });
      expect(Object.entries((await other.binding()).hosts).map(([host, { hostKeys }]) => [host, hostKeys])).toEqual(
        Object.entries((await world.binding()).hosts).map(([host, { hostKeys }]) => [host, hostKeys]),
      );
    });

    test("cuts a host off the farm's network, and not off the operator's", async () => {
      await using other = await state.fork(quiet);
      await other.cut(needed.host);
      expect(await other.probe(needed.probe)).toMatchObject({ answer: "no" });
      expect(await ssh(await other.binding(), needed.host, "hostname -s")).toMatchObject({ status: 0 });
    });

    test("keeps a lost host in the binding, and nothing behind it", async () => {
      await using other = await state.fork(quiet);
      await other.strike(lost.disaster);
      const binding = await other.binding();
      expect(binding.hosts[lost.host]).toEqual((await other.binding()).hosts[lost.host]);
      expect(await ssh(binding, lost.host, "true")).toMatchObject({ status: 255 });
      await expect(other.restart(lost.host)).rejects.toThrow(/was lost/u);
    });
  });
}

const seatScript = `
import { appendFileSync, readFileSync } from "node:fs";
const [flag, file, ...args] = process.argv.slice(2);
if (flag !== "--binding") throw new Error("no binding");
if (args[0] === "forever") setInterval(() => undefined, 1000);
else {
  const log = process.env.DRILLBOOK_STATE + "/runs";
  appendFileSync(log, ".");
  const binding = JSON.parse(readFileSync(file, "utf8"));
  const answer = process.env.ANSWER;
  console.log(JSON.stringify({ args, binding, answer, runs: readFileSync(log, "utf8").length }));
  console.error("to stderr");
  process.exitCode = 3;
}
`;
