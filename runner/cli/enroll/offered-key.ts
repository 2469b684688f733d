import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Binding } from "../../binding.ts";
import { knownHosts, sshConfig } from "../../transport/ssh-config.ts";
import { explainSsh } from "../../transport/ssh-failure.ts";

/**
 * The host key that a machine shows, `type base64`. Nothing is said to it but what a key exchange needs: no login is
 * tried. Jump hosts on the way are held to their pins. @throws TransportError
 */
export async function offeredKey(binding: Binding, host: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "drillbook-"));
  const [pins, config, offered] = ["pins", "config", "offered"].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  try {
    writeFileSync(pins, knownHosts(binding));
    writeFileSync(config, sshConfig(binding, pins));
    const wishes = [
      "StrictHostKeyChecking=accept-new",
      `UserKnownHostsFile="${offered}"`,
      "PreferredAuthentications=none",
    ];
    const args = ["-F", config, ...wishes.flatMap((each) => ["-o", each]), "-T", "--", host, "true"];
    const said = await promisify(execFile)("ssh", args).then(
      () => "",
      (error: { readonly stderr: string }) => error.stderr,
    );
    const [, ...key] = existsSync(offered) ? readFileSync(offered, "utf8").trim().split(" ") : [];
    if (key.length < 2) throw explainSsh(host, binding, said);
    return key.slice(0, 2).join(" ");
  } finally {
    rmSync(folder, { recursive: true });
  }
}
