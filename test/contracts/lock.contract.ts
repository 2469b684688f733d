import { mkdirSync, readdirSync, utimesSync, writeFileSync } from "node:fs";
import { describe, expect, onTestFinished, test } from "vitest";
import type { Site } from "../runner/transport/sites.ts";
import { eventually } from "../support/eventually.ts";

/** What the lock of a host is worth. */
export function lockContract(name: string, make: () => Promise<Site>): void {
  describe(`${name}, lock`, () => {
    const fresh = async (): Promise<Site> => {
      const site = await make();
      onTestFinished(() => site[Symbol.asyncDispose]());
      return site;
    };
    const mine = { run: "mine", who: "ann@laptop", since: "2026-03-28T19:44:00Z", runbook: "recover-postgres" };
    const theirs = { run: "theirs", who: "bö b@desk", since: "2026-03-28T20:00:00Z", runbook: "back-up-postgres" };

    test("one run holds a host; another hears who, and that it lives", async () => {
      const site = await fresh();
      const first = await site.connect({ run: "mine" });
      const second = await site.connect({ run: "theirs" });
      expect(await first.lock(mine)).toEqual({ locked: true });
      expect(await second.lock(theirs)).toEqual({ locked: false, holder: mine, alive: true });
      await expect(second.unlock("mine")).rejects.toMatchObject({ kind: "refused", code: "DB3215" });
      await first.unlock("mine");
      expect(await second.lock(theirs)).toEqual({ locked: true });
      expect(await first.lock(mine)).toEqual({ locked: false, holder: theirs, alive: true });
    });

    test("what a run left behind is told, and given back only by its name", async () => {
      const site = await fresh();
      const first = await site.connect({ run: "theirs" });
      await first.lock(theirs);
      await first[Symbol.asyncDispose]();
      const second = await site.connect({ run: "mine" });
      expect(await second.lock(mine)).toEqual({ locked: false, holder: theirs, alive: false });
      await expect(second.unlock("mine")).rejects.toMatchObject({ kind: "refused" });
      await second.unlock("theirs");
      expect(await second.lock(mine)).toEqual({ locked: true });
    });

    test("the claim of a run survives its supervisor, and the run takes it up again", async () => {
      const site = await fresh();
      await (await site.connect({ run: "mine" })).lock(mine);
      for (const pid of site.supervisors()) process.kill(pid, "SIGKILL");
      const again = await site.connect({ run: "mine" });
      expect(await again.lock(mine)).toEqual({ locked: true });
    });

    test("a run takes over from a supervisor of its own that has not noticed the end of its connection", async () => {
      const site = await fresh();
      const first = await site.connect({ run: "mine" });
      await first.lock(mine);
      const again = await site.connect({ run: "mine" });
      expect(await again.lock(mine)).toEqual({ locked: true });
      const elsewhere = await site.connect({ run: "mine" });
      expect(await elsewhere.lock({ ...mine, who: "ann@desk" })).toEqual({ locked: false, holder: mine, alive: true });
    });

    test("a detached command that goes on does not hold the lock", async () => {
      const site = await fresh();
      const first = await site.connect({ run: "mine" });
      await first.lock(mine);
      const { result } = first.detached("long", { text: "sleep 1000", vars: {} });
      result.catch(() => undefined);
      await first.unlock("mine");
      await first[Symbol.asyncDispose]();
      const second = await site.connect({ run: "theirs" });
      expect(await second.lock(theirs)).toEqual({ locked: true });
      const last = await site.connect({ run: "mine" });
      await last.cancel("long");
    });

    test("giving back twice is giving back", async () => {
      const connection = await (await fresh()).connect({ run: "mine" });
      await connection.lock(mine);
      await connection.unlock("mine");
      await connection.unlock("mine");
      expect(await connection.lock(mine)).toEqual({ locked: true });
    });

    test("what finished runs left is removed when it is old or twenty newer ones are there", async () => {
      const site = await fresh();
      const connection = await site.connect({ run: "mine" });
      await connection.detached("step", { text: "true", vars: {} }).result;
      for (let day = 1; day <= 25; day++) {
        for (const run of [`finished-${day}`, `left-${day}`]) mkdirSync(`${site.state}/runs/${run}`);
        const ended = `${site.state}/runs/finished-${day}/ended`;
        writeFileSync(ended, "");
        const then = new Date(Date.now() - day * 2 * 24 * 3600 * 1000);
        utimesSync(ended, then, then);
      }
      await connection.lock(mine);
      const left = Array.from({ length: 25 }, (_, day) => `left-${day + 1}`);
      // Fourteen ended within thirty days.
      const recent = Array.from({ length: 14 }, (_, day) => `finished-${day + 1}`);
      const runs = () => readdirSync(`${site.state}/runs`).toSorted();
      await eventually(() => runs().length <= 40);
      expect(runs()).toEqual([...left, ...recent, "mine"].toSorted());
      for (let hour = 1; hour <= 10; hour++) {
        mkdirSync(`${site.state}/runs/new-${hour}`);
        writeFileSync(`${site.state}/runs/new-${hour}/ended`, "");
      }
      await connection.unlock("mine");
      await connection.lock(mine);
      await eventually(() => runs().length <= 46);
      expect(runs().filter((run) => /^(?:finished|new)/u.test(run))).toHaveLength(20);
      expect(runs()).toContain("finished-10");
    });
  });
}
