import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Connection } from "../../runner/transport/transport.ts";
import type { Site } from "../runner/transport/sites.ts";
import { eventually } from "../support/eventually.ts";
import { seen } from "./transport.contract.ts";

/** What becomes of a detached command when its connection, its supervisor, or it itself does not last. */
export function detachedContract(name: string, make: () => Promise<Site>): void {
  describe(`${name}, detached`, () => {
    let site: Site;
    let connection: Connection;
    let number = 0;
    let token: string;
    let gate: string;
    beforeAll(async () => {
      site = await make();
    });
    beforeEach(async () => {
      connection = await site.connect();
      token = `change-${++number}[item]`;
      gate = `${site.live}/gate-${number}`;
    });
    afterAll(() => site[Symbol.asyncDispose]());

    /** A command that waits to be let go, and says that it began. */
    const gated = () => ({
      text: `echo began; : >"$gate.began"; until [ -e "$gate" ]; do sleep 0.01; done; echo ended; echo err >&2; exit 7`,
      vars: { gate },
    });
    const begun = () => eventually(() => existsSync(`${gate}.began`));
    const letGo = () => writeFileSync(gate, "");
    const outcome = { status: 7, stdout: "began\nended\n", stderr: "err\n" };

    test("its outcome comes back, and stays to be read", async () => {
      letGo();
      expect(await seen(connection.detached(token, gated()))).toEqual(outcome);
      expect(await connection.status(token)).toEqual({ state: "exited", status: 7 });
      expect(await seen(connection.attach(token))).toEqual(outcome);
    });

    test("a token is started once, however often and at once it is asked for", async () => {
      const log = `${gate}.log`;
      const job = { text: `echo once >>"$log"; cat "$log"`, vars: { log } };
      const all = await Promise.all(Array.from({ length: 5 }, () => seen(connection.detached(token, job))));
      await using other = await site.connect();
      all.push(await seen(other.detached(token, job)));
      expect(all).toEqual(all.map(() => ({ status: 0, stdout: "once\n", stderr: "" })));
      expect(readFileSync(log, "utf8")).toBe("once\n");
    });

    test("one that was never started is absent, and there is nothing to attach to", async () => {
      expect(await connection.status(token)).toEqual({ state: "absent" });
      await expect(connection.attach(token).result).rejects.toMatchObject({ kind: "refused", code: "DB3212" });
    });

    test("it outlives a cut connection, is attached to, and its output comes from the beginning", async () => {
      const { result } = connection.detached(token, gated());
      const lost = expect(result).rejects.toMatchObject({ kind: "lost" });
      await begun();
      site.cut();
      await lost;
      const again = await site.connect();
      expect(await again.status(token)).toEqual({ state: "running" });
      const attached = again.attach(token);
      let heard = "";
      attached.onOutput((_, bytes) => {
        heard += Buffer.from(bytes).toString();
      });
      await eventually(() => heard === "began\n");
      letGo();
      expect(await seen(attached)).toEqual(outcome);
    });

    test("its outcome is readable after a connection that was cut while it ran", async () => {
      connection.detached(token, gated());
      await begun();
      site.cut();
      letGo();
      const again = await site.connect();
      await eventually(async () => (await again.status(token)).state === "exited");
      expect(await seen(again.attach(token))).toEqual(outcome);
    });

    test("it outlives its supervisor", async () => {
      connection.detached(token, gated());
      await begun();
      for (const pid of site.supervisors()) process.kill(pid, "SIGKILL");
      const again = await site.connect();
      expect(await again.status(token)).toEqual({ state: "running" });
      letGo();
      expect(await seen(again.attach(token))).toEqual(outcome);
    });

    test("it goes on when the conversation is ended, while an inline command does not", async () => {
      const inline = connection.inline({ text: `echo $$ >"$gate.pid"; sleep 1000`, vars: { gate } });
      const ended = expect(inline.result).rejects.toMatchObject({ kind: "lost" });
      connection.detached(token, gated());
      await begun();
      await eventually(() => existsSync(`${gate}.pid`) && readFileSync(`${gate}.pid`, "utf8").endsWith("\n"));
      await connection[Symbol.asyncDispose]();
      await ended;
      const pid = readFileSync(`${gate}.pid`, "utf8").trim();
      await eventually(() => !existsSync(`/proc/${pid}`) || /\) Z /u.test(readFileSync(`/proc/${pid}/stat`, "utf8")));
      letGo();
      const again = await site.connect();
      expect(await seen(again.attach(token))).toEqual(outcome);
    });

    test("an inline command whose connection is cut is ended", async () => {
      connection.inline({ text: `echo $$ >"$gate.pid"; sleep 1000`, vars: { gate } });
      await eventually(() => existsSync(`${gate}.pid`) && readFileSync(`${gate}.pid`, "utf8").endsWith("\n"));
      const pid = readFileSync(`${gate}.pid`, "utf8").trim();
      site.cut();
      // Where the near end is the supervisor itself, the next one ends what it left.
      await site.connect();
      await eventually(() => !existsSync(`/proc/${pid}`) || /\) Z /u.test(readFileSync(`/proc/${pid}/stat`, "utf8")));
    });

    test("killed, its status is the signal's", async () => {
      const { result } = connection.detached(token, { text: "kill -KILL $$", vars: {} });
      expect((await result).status).toBe(137);
      expect(await connection.status(token)).toEqual({ state: "exited", status: 137 });
    });

    test("killed with its keeper, its outcome is lost, and it is not started again", async () => {
      connection.detached(token, gated());
      await begun();
      const record = () => readFileSync(`${site.state}/runs/run/${token}.record`, "utf8");
      await eventually(() => /^running .*\n/mu.test(record()));
      const [, child, keeper] = /^running (\d+) \d+ (\d+)/mu.exec(record()) ?? [];
      process.kill(Number(keeper), "SIGKILL");
      expect(await connection.status(token)).toEqual({ state: "running" });
      process.kill(-Number(child), "SIGKILL");
      const again = await site.connect();
      await eventually(async () => (await again.status(token)).state === "lost");
      await expect(again.attach(token).result).rejects.toMatchObject({ kind: "lost", code: "DB3209" });
      await expect(again.detached(token, gated()).result).rejects.toMatchObject({ kind: "lost", code: "DB3209" });
    });

    test("cancelled, it has an outcome", async () => {
      const { result } = connection.detached(token, gated());
      await begun();
      await connection.cancel(token);
      expect((await result).status).toBe(143);
      await connection.cancel(token);
    });

    test("an outcome that was only half written does not count", async () => {
      letGo();
      await connection.detached(token, gated()).result;
      const record = `${site.state}/runs/run/${token}.record`;
      writeFileSync(record, readFileSync(record, "utf8").replace("exited 7 .", "exited 7"));
      await eventually(async () => (await connection.status(token)).state === "lost");
    });

    test("after another boot, a token without a claim may have been lost", async () => {
      letGo();
      await connection.detached(token, gated()).result;
      writeFileSync(`${site.state}/runs/run/boot`, "00000000-0000-0000-0000-000000000000\n");
      const again = await site.connect();
      expect(await again.status("never-heard-of")).toEqual({ state: "lost" });
      expect(await again.status(token)).toEqual({ state: "exited", status: 7 });
      await again.detached(`${token}-next`, { text: "true", vars: {} }).result;
      expect(await again.status("never-heard-of")).toEqual({ state: "absent" });
    });

    test("a host whose state folder takes no data says so, and keeps outcomes under /run", async () => {
      await using other = await make();
      // A folder below a file can be made by nobody, root included.
      const state = "/etc/hostname/drillbook";
      const degraded = await other.connect({ state });
      expect(degraded.degraded).toContain("/etc/hostname");
      await degraded.detached(token, { text: "exit 5", vars: {} }).result;
      const again = await other.connect({ state });
      expect(await again.status(token)).toEqual({ state: "exited", status: 5 });
      expect(await again.lock({ run: "run", who: "w", since: "s", runbook: "r" })).toEqual({ locked: true });
    });
  });
}
