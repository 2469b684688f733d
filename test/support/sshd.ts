import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { aptInstall } from "../../fixtures/engine/install.ts";
import type { BoundHost } from "../../runner/binding.ts";

export interface Sshd extends AsyncDisposable {
  /** How this daemon is bound: the caller's own account, which is root already. */
  readonly bound: BoundHost;
  /** A folder of its own, removed with it. */
  readonly folder: string;
  /** Ends the daemon and every session of its; `start` begins it anew. */
  stop(): Promise<void>;
  start(): Promise<void>;
  /** A new key that it does not know. */
  key(name: string): { readonly file: string; readonly text: string };
}

/**
 * A real sshd on a loopback port, with a configuration and keys of its own, for the account that runs the tests.
 * @param where `many`: it answers on every address of 127.0.0.0/8, so that one can be had for each of many hosts
 */
export async function startSshd(options: readonly string[] = [], where: "one" | "many" = "one"): Promise<Sshd> {
  const program = "/usr/sbin/sshd";
  if (!existsSync(program)) {
    await aptInstall(["openssh-server"], (doing) => process.stderr.write(`sshd: ${doing}\n`));
  }
  const folder = mkdtempSync(join(tmpdir(), "sshd-"));
  const key = (name: string) => {
    const file = join(folder, name);
    execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", name, "-f", file]);
    return { file, text: readFileSync(`${file}.pub`, "utf8").split(" ").slice(0, 2).join(" ") };
  };
  const hostKey = key("host");
  const login = key("login");
  const port = await freePort();
  writeFileSync(join(folder, "authorized_keys"), `${login.text}\n`);
  const config = [
    // One socket: an sshd listens on sixteen at most. Only this machine may log in.
    ...(where === "one" ? ["ListenAddress 127.0.0.1"] : ["ListenAddress 0.0.0.0", "AllowUsers *@127.0.0.0/8"]),
    `Port ${port}`,
    `HostKey ${hostKey.file}`,
    `AuthorizedKeysFile ${join(folder, "authorized_keys")}`,
    "PidFile none",
    "StrictModes no",
    "UsePAM no",
    "PasswordAuthentication no",
    "KbdInteractiveAuthentication no",
    "PermitRootLogin yes",
    "MaxStartups 100",
    // The default one costs a login 75 ms of a processor more. The worlds' machines are at the default.
    "KexAlgorithms curve25519-sha256",
    ...options,
  ];
  writeFileSync(join(folder, "sshd_config"), `${config.join("\n")}\n`);
  mkdirSync("/run/sshd", { recursive: true });
  const begin = async () => {
    const daemon = spawn(program, ["-D", "-e", "-f", join(folder, "sshd_config")], {
      stdio: ["ignore", "ignore", "pipe"],
    });
    await listening(daemon.stderr);
    return daemon;
  };
  let daemon = await begin();
  return {
    bound: {
      role: "test",
      address: "127.0.0.1",
      port,
      user: userInfo().username,
      identity: login.file,
      become: "none",
      hostKeys: [hostKey.text],
    },
    folder,
    key,
    async stop() {
      const sessions = readFileSync(`/proc/${daemon.pid}/task/${daemon.pid}/children`, "utf8").trim().split(" ");
      const gone = once(daemon, "exit");
      daemon.kill("SIGKILL");
      await gone;
      for (const pid of sessions.filter(Boolean)) process.kill(Number(pid), "SIGKILL");
    },
    async start() {
      daemon = await begin();
    },
    async [Symbol.asyncDispose]() {
      if (daemon.exitCode === null && daemon.signalCode === null) {
        const gone = once(daemon, "exit");
        daemon.kill();
        await gone;
      }
      rmSync(folder, { recursive: true });
    },
  };
}

function listening(stderr: NodeJS.ReadableStream): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = "";
    stderr.on("data", (bytes: Buffer) => {
      said += bytes.toString();
      if (said.includes("Server listening")) resolve();
    });
    stderr.once("end", () => reject(new Error(`sshd ended: ${said}`)));
  });
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
