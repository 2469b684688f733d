import { existsSync, readFileSync } from "node:fs";
import { hostname, userInfo } from "node:os";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Connection, Execution, Job } from "../../runner/transport/transport.ts";
import type { Site } from "../runner/transport/sites.ts";
import { eventually } from "../support/eventually.ts";

/** What every way to reach a host holds. */
export function transportContract(name: string, make: () => Promise<Site>): void {
  describe(name, () => {
    let site: Site;
    let connection: Connection;
    beforeAll(async () => {
      site = await make();
      connection = await site.connect();
    });
    afterAll(() => site[Symbol.asyncDispose]());

    const run = (text: string, more: Partial<Job> = {}) => seen(connection.inline({ text, vars: {}, ...more }));

    test("a host says who it is", async () => {
      expect(connection.identity.hostname).toBe(hostname());
      expect(connection.identity.bootId).toMatch(/^[0-9a-f-]{36}$/u);
      expect(await connection.identify()).toEqual(connection.identity);
      expect(connection.degraded).toBeUndefined();
    });

    test.each([
      ["true", 0],
      ["exit 3", 3],
      ["exit 255", 255],
      ["kill -KILL $$", 137],
      ["kill -TERM $$", 143],
      ["false | true", 1],
      ["echo $unset_value", 1],
      ["false; true", 1],
      ["no-such-program", 127],
    ])("the status of %j is %i", async (text, status) => {
      expect((await run(text)).status).toBe(status);
    });

    test("a line is told by its number in the command's own text", async () => {
      expect(await run("true\n\nno-such-program")).toMatchObject({
        stderr: "drillbook: line 3: no-such-program: command not found\n",
      });
    });

    test("a command sees a clean environment, /, the usual umask and closed stdin", async () => {
      const { stdout } = await run("env; pwd; umask; cat; trap; echo $# $-");
      const account = userInfo();
      expect(stdout.split("\n").toSorted()).toEqual(
        [
          "",
          "/",
          "0 ehuBc",
          "0022",
          `HOME=${account.homedir}`,
          "LANG=C.UTF-8",
          "LC_ALL=C.UTF-8",
          `LOGNAME=${account.username}`,
          "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
          "PWD=/",
          "SHELL=/bin/bash",
          "SHLVL=1",
          `USER=${account.username}`,
          "_=/usr/bin/env",
        ].toSorted(),
      );
    });

    test("a forked shell and one of its own look the same from within", async () => {
      const look =
        "compgen -A variable; compgen -A function || true; printenv; shopt || true; set -o; echo $# $- $0; trap; umask; jobs";
      const vars = { given: "value" };
      const own = await run(`${look}; : $$`, { vars });
      expect(own).toEqual({ ...(await run(look, { vars })), stdout: own.stdout });
      const plain = (text: string) =>
        text
          .replaceAll(/^BASH_EXECUTION_STRING\n/gmu, "")
          .split("\n")
          .toSorted();
      expect(plain((await run(look, { vars })).stdout)).toEqual(plain(own.stdout));
    });

    test("a command that asks for its process gets one of its own", async () => {
      const all = await Promise.all([run("echo $$; sleep 0.1"), run("echo $$; sleep 0.1"), run("echo $BASHPID $$")]);
      const [first, second, third] = all.map(({ stdout }) => stdout.trim().split(" "));
      expect(first).not.toEqual(second);
      expect(third?.[0]).toBe(third?.[1]);
    });

    test("no file of the supervisor is open in a command, and no signal is ignored", async () => {
      const { stdout } = await run("ls /proc/self/fd | grep -x [0-9]; grep SigIgn /proc/self/status");
      // 3 is the folder that ls reads; what is above 9 came from whoever runs the tests.
      expect(stdout).toBe("0\n1\n2\n3\nSigIgn:\t0000000000000000\n");
    });

    test("values are variables, and not exported", async () => {
      const vars = { newest_dump: "/archive/a b; id", empty: "" };
      const { stdout } = await run(`printf '[%s]' "$newest_dump" "$empty"; env | grep -c archive || true`, { vars });
      expect(stdout).toBe("[/archive/a b; id][]0\n");
    });

    test("another user's command sees its values, its home, and may open its own stderr", async () => {
      const text = `printf '%s %s %s' "$value" "$(id -un)" "$HOME"; echo heard >/dev/stderr`;
      expect(await run(text, { as: "nobody", vars: { value: "kept" } })).toEqual({
        status: 0,
        stdout: "kept nobody /nonexistent",
        stderr: "heard\n",
      });
    });

    test("a user that is not there is refused", async () => {
      await expect(run("id", { as: "no-such-user" })).rejects.toMatchObject({ kind: "refused", code: "DB3216" });
    });

    test("stdin arrives byte for byte", async () => {
      const stdin = everyByte(1024 * 1024);
      const { result } = connection.inline({ text: "cat", vars: {}, stdin });
      expect(Buffer.compare((await result).stdout, stdin)).toBe(0);
    });

    test("an empty stdin is an end of file", async () => {
      expect(await run("cat; echo end", { stdin: new Uint8Array() })).toMatchObject({ stdout: "end\n" });
    });

    test("nothing of stdin stays on the host", async () => {
      await run("cat >/dev/null", { stdin: Buffer.from("swordfish") });
      const { stdout } = await run(`grep -rl swordfish "$where" || true`, { vars: { where: site.live } });
      // Only the payload of the grep itself.
      expect(stdout).not.toContain(".stdin");
    });

    test.each([1, 2249, 2250, 2251, 4500, 900_000, 1024 * 1024])("%i bytes of output come back", async (bytes) => {
      const text = `head -c "$bytes"; head -c "$bytes" /dev/zero >&2`;
      const stdin = everyByte(bytes);
      const { result } = connection.inline({ text, vars: { bytes: String(bytes) }, stdin });
      const { stdout, stderr } = await result;
      expect(Buffer.compare(stdout, stdin)).toBe(0);
      expect(Buffer.compare(stderr, Buffer.alloc(bytes))).toBe(0);
    });

    test("more output than is held is refused by name, with the status", async () => {
      const { result } = connection.inline({ text: "head -c 52428800 /dev/zero; exit 4", vars: {} });
      await expect(result).rejects.toMatchObject({ kind: "output", code: "DB3211" });
      await expect(result).rejects.toThrow("status 4");
    });

    test("output is heard while the command runs", async () => {
      const gate = `${site.live}/gate`;
      const text = `printf one; until [ -e "$gate" ]; do sleep 0.01; done; printf two`;
      const execution = connection.inline({ text, vars: { gate } });
      let heard = "";
      execution.onOutput((_, bytes) => {
        heard += Buffer.from(bytes).toString();
      });
      await eventually(() => heard === "one");
      await run(`: >"$gate"`, { vars: { gate } });
      expect((await seen(execution)).stdout).toBe("onetwo");
      expect(heard).toBe("onetwo");
    });

    test("twenty commands at once do not mix", async () => {
      const numbers = Array.from({ length: 20 }, (_, index) => String(index));
      const text = `for i in {1..2000}; do echo "out $number $i"; echo "err $number $i" >&2; done`;
      const all = await Promise.all(numbers.map((number) => run(text, { vars: { number } })));
      all.forEach(({ stdout, stderr }, index) => {
        const lines = (stream: string) =>
          Array.from({ length: 2000 }, (_, i) => `${stream} ${index} ${i + 1}\n`).join("");
        expect(stdout).toBe(lines("out"));
        expect(stderr).toBe(lines("err"));
      });
    });

    test("a command that takes too long is ended with all that it started", async () => {
      const pids = `${site.live}/pids`;
      const text = `trap '' TERM; sleep 1000 & sleep 1001 | sleep 1002 & pgrep -g 0 >"$pids"; wait`;
      const { result } = connection.inline({ text, vars: { pids }, timeoutSeconds: 1 });
      await expect(result).rejects.toMatchObject({ kind: "timeout", code: "DB3210" });
      expect(readFileSync(pids, "utf8").trim().split("\n")).toHaveLength(4);
      const { stdout } = await run(
        `for pid in $(cat "$pids"); do grep -s 'State:.*[DRS] ' "/proc/$pid/status" || true; done`,
        {
          vars: { pids },
        },
      );
      expect(stdout).toBe("");
    });

    test.each([
      ["NUL", "a\0b", "DB3213"],
      ["131072 bytes", "x".repeat(131_072), "DB3213"],
      ["half of a surrogate pair", "\ud800", "DB3213"],
    ])("a value with %s is refused by its name", async (_, value, code) => {
      const refused = run(`echo "$wanted"`, { vars: { wanted: value } });
      await expect(refused).rejects.toMatchObject({ kind: "refused", code });
      await expect(refused).rejects.toThrow("$wanted");
    });

    test.each(["a b", "../up", "", "x".repeat(201), "line\nbreak"])("the token %j is refused", async (token) => {
      const { result } = connection.detached(token, { text: "true", vars: {} });
      await expect(result).rejects.toMatchObject({ kind: "refused", code: "DB3214" });
    });

    test("commands without number leave few files", async () => {
      for (let i = 0; i < 130; i++) await run("true");
      const { stdout } = await run(`ls "$live"/session.*/ | wc -l`, { vars: { live: site.live } });
      expect(Number(stdout)).toBeLessThan(100 * 4);
    });

    test("a plan writes nothing that stays, and starts nothing detached", async () => {
      await using other = await make();
      const plan = await other.connect({ mode: "plan" });
      expect(await seen(plan.inline({ text: "echo looked", vars: {} }))).toMatchObject({ stdout: "looked\n" });
      const { result } = plan.detached("change", { text: "true", vars: {} });
      await expect(result).rejects.toMatchObject({ kind: "refused" });
      await expect(plan.lock({ run: "run", who: "w", since: "s", runbook: "r" })).rejects.toMatchObject({
        kind: "refused",
      });
      expect(existsSync(other.state)).toBe(false);
    });

    test("a conversation that was ended says so to whoever asks on", async () => {
      await using other = await make();
      const ended = await other.connect();
      await ended[Symbol.asyncDispose]();
      expect(await ended.closed).toBe("it was closed");
      await expect(ended.status("x")).rejects.toMatchObject({ kind: "lost" });
    });
  });
}

/** A result as text. */
export async function seen(execution: Execution): Promise<{ status: number; stdout: string; stderr: string }> {
  const { status, stdout, stderr } = await execution.result;
  return { status, stdout: Buffer.from(stdout).toString(), stderr: Buffer.from(stderr).toString() };
}

function everyByte(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => (index * 167 + (index >> 8)) & 0xff);
}
