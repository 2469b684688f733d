import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, onTestFinished, test } from "vitest";
import type { BoundHost } from "../../../runner/binding.ts";
import { fingerprint } from "../../../runner/transport/ssh-config.ts";
import { sshWords } from "../../../runner/transport/ssh-failure.ts";
import { SshTransport } from "../../../runner/transport/ssh.ts";
import type { Connection } from "../../../runner/transport/transport.ts";
import { startSshd, type Sshd } from "../../support/sshd.ts";

const sshd = await startSshd();
afterAll(() => sshd[Symbol.asyncDispose]());

/** Connects to the target as bound, with folders below the daemon's own. */
async function connect(target: BoundHost, more: Readonly<Record<string, BoundHost>> = {}): Promise<Connection> {
  const folders = { state: join(sshd.folder, "state"), live: join(sshd.folder, "live") };
  const binding = { v: 1, hosts: { target, ...more } } as const;
  const transport = new SshTransport({ binding, run: "run", mode: "run", ...folders });
  onTestFinished(() => transport[Symbol.asyncDispose]());
  const connection = await transport.connect("target");
  onTestFinished(() => connection[Symbol.asyncDispose]());
  return connection;
}

async function echoes(connection: Connection): Promise<string> {
  return Buffer.from((await connection.inline({ text: "echo here", vars: {} }).result).stdout).toString();
}

describe("who answers", () => {
  test("another host key is refused before a byte is sent, with both fingerprints", async () => {
    const other = sshd.key("other").text;
    const refused = connect({ ...sshd.bound, hostKeys: [other] });
    await expect(refused).rejects.toMatchObject({ kind: "pin", code: "DB3202", host: "target" });
    await expect(refused).rejects.toThrow(fingerprint(other));
    await expect(refused).rejects.toThrow(fingerprint(sshd.bound.hostKeys[0] ?? ""));
    expect(existsSync(join(sshd.folder, "live"))).toBe(false);
  });

  test("a host key of another type is refused as well", async () => {
    const refused = connect({ ...sshd.bound, hostKeys: ["ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQ=="] });
    await expect(refused).rejects.toMatchObject({ kind: "pin", host: "target" });
  });

  test("one of several pins is enough", async () => {
    const hostKeys = [sshd.key("retired").text, ...sshd.bound.hostKeys];
    expect(await echoes(await connect({ ...sshd.bound, hostKeys }))).toBe("here\n");
  });

  test("a machine-id is checked where it is bound", async () => {
    const { identity } = await connect(sshd.bound);
    const same = await connect({ ...sshd.bound, machineId: identity.machineId });
    expect(same.identity).toEqual(identity);
    const refused = connect({ ...sshd.bound, machineId: "00000000000000000000000000000000" });
    await expect(refused).rejects.toMatchObject({ kind: "pin", code: "DB3203" });
  });

  test("a jump host leads there, and its own pin is checked by its own name", async () => {
    const target = { ...sshd.bound, jump: "bastion" };
    expect(await echoes(await connect(target, { bastion: sshd.bound }))).toBe("here\n");
    const wrong = { ...sshd.bound, hostKeys: [sshd.key("wrong").text] };
    await expect(connect(target, { bastion: wrong })).rejects.toMatchObject({ kind: "pin", host: "bastion" });
    await expect(connect({ ...wrong, jump: "bastion" }, { bastion: sshd.bound })).rejects.toMatchObject({
      kind: "pin",
      host: "target",
    });
  });
});

describe("who may not come in", () => {
  test("an unknown key is refused as a login", async () => {
    const refused = connect({ ...sshd.bound, identity: sshd.key("stranger").file });
    await expect(refused).rejects.toMatchObject({ kind: "login", code: "DB3204" });
    await expect(refused).rejects.toThrow("Permission denied");
  });

  test("where nobody listens, it is unreachable", async () => {
    const refused = connect({ ...sshd.bound, port: 1 });
    await expect(refused).rejects.toMatchObject({ kind: "unreachable", code: "DB3201" });
    await expect(refused).rejects.toThrow("Connection refused");
  });

  test("a host that the binding lacks is named", async () => {
    const transport = new SshTransport({ binding: { v: 1, hosts: {} }, run: "run", mode: "run" });
    onTestFinished(() => transport[Symbol.asyncDispose]());
    await expect(transport.connect("db1")).rejects.toMatchObject({ kind: "refused", code: "DB3218", host: "db1" });
  });
});

/** The same account, whose login shell starts in a home and with a PATH of its own. */
async function account(bashrc: string, sudo?: string): Promise<Sshd> {
  const home = join(sshd.folder, `home-${++homes}`);
  mkdirSync(join(home, "bin"), { recursive: true });
  writeFileSync(join(home, ".bashrc"), bashrc);
  if (sudo !== undefined) writeFileSync(join(home, "bin", "sudo"), `#!/bin/sh\n${sudo}\n`, { mode: 0o755 });
  const daemon = await startSshd([`SetEnv HOME=${home} PATH=${join(home, "bin")}`]);
  onTestFinished(() => daemon[Symbol.asyncDispose]());
  return daemon;
}
let homes = 0;

describe("what the account brings along", () => {
  test.each([
    ["prints", "echo hello; echo oops >&2; printf 'no line break'"],
    ["prints what looks like frames", "echo 'hello 1 1 x x x root -'; echo 'exit 2 0'; printf 'data 3 stdout AAAA'"],
    ["prints a megabyte in one line", "/usr/bin/head -c 1000000 /dev/zero | /usr/bin/tr '\\0' x"],
    ["reads its stdin", "read -r -t 0.2 line; /usr/bin/timeout 0.2 /usr/bin/cat >/dev/null"],
    [
      "changes the shell",
      "set -u; IFS=/; umask 077; cd /tmp; export LC_ALL=tr_TR.UTF-8 BASH_ENV=/etc/passwd; ulimit -c 0",
    ],
    [
      "defines functions",
      "env() { echo env; }; printf() { echo printf; }; head() { echo head; }; export -f env printf head",
    ],
    ["fails", "false; no-such-program; return 3"],
  ])("a ~/.bashrc that %s does no harm", async (_, bashrc) => {
    const { bound } = await account(bashrc);
    const connection = await connect(bound);
    expect(await echoes(connection)).toBe("here\n");
    const { stdout } = await connection.inline({ text: "umask; pwd; echo $LC_ALL $HOME", vars: {} }).result;
    expect(Buffer.from(stdout).toString()).toBe("0022\n/\nC.UTF-8 /root\n");
  });

  test("sudo that wants a password is told as such", async () => {
    const { bound } = await account("", "echo 'sudo: a password is required' >&2; exit 1");
    const refused = connect({ ...bound, become: "sudo" });
    await expect(refused).rejects.toMatchObject({ kind: "become", code: "DB3205" });
    await expect(refused).rejects.toThrow("a password is required");
  });

  test("no sudo at all is told as such", async () => {
    const { bound } = await account("");
    await expect(connect({ ...bound, become: "sudo" })).rejects.toMatchObject({ kind: "become" });
  });

  test("what sudo makes root of is the supervisor", async () => {
    const { bound } = await account("", `[ "$1" = -n ] && shift && exec "$@"`);
    expect(await echoes(await connect({ ...bound, become: "sudo" }))).toBe("here\n");
  });

  test("an account that is not root is not taken for it", async () => {
    const { bound } = await account("", `shift; exec /usr/bin/setpriv --reuid=nobody --clear-groups "$@"`);
    const refused = connect({ ...bound, become: "sudo" });
    await expect(refused).rejects.toMatchObject({ kind: "become", code: "DB3205" });
    await expect(refused).rejects.toThrow("it is nobody");
  });
});

test("what the far end says is told without what ssh tells of its own progress, on one line or on several", () => {
  const said =
    "debug1: Sending env\nexec: debug1: client_input_channel_req: channel 0\r\nsudo: not found\nOpenSSH_9.2p1 Debian\n";
  expect(sshWords(said)).toBe("exec: sudo: not found");
});
