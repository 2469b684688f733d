import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import type { BoundHost } from "../../../runner/binding.ts";
import { knownHosts, sshConfig } from "../../../runner/transport/ssh-config.ts";
import { TransportError } from "../../../runner/transport/transport.ts";

const folder = mkdtempSync(join(tmpdir(), "ssh-config-"));
afterAll(() => rmSync(folder, { recursive: true }));

const hostKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJeKdGFhxnBAxCWBoPQkbV3xSCWwHgqLZfYVJzzR7lEq";
const bound: BoundHost = { role: "r", address: "10.0.0.5", hostKeys: [hostKey] };

/** What ssh itself makes of the configuration, by option. */
function understood(hosts: Readonly<Record<string, BoundHost>>, host: string): Readonly<Record<string, string>> {
  const file = join(folder, "config");
  writeFileSync(file, sshConfig({ v: 1, hosts }, join(folder, "known hosts")));
  const said = execFileSync("ssh", ["-G", "-F", file, "--", host], { encoding: "utf8" });
  return Object.fromEntries(
    said.split("\n").map((line) => [line.slice(0, line.indexOf(" ")), line.slice(line.indexOf(" ") + 1)]),
  );
}

test("ssh is told where the host is and what to insist on, and nothing from the operator's own files", () => {
  const bastion = { ...bound, address: "203.0.113.9", user: "hop", port: 2222 };
  const db1 = { ...bound, user: "admin", port: 22022, identity: "/keys/of the operator", jump: "bastion" };
  const options = understood({ bastion, db1 }, "db1");
  expect(options).toMatchObject({
    hostname: "10.0.0.5",
    hostkeyalias: "db1",
    user: "admin",
    port: "22022",
    proxyjump: "bastion",
    identityfile: "/keys/of the operator",
    identitiesonly: "yes",
    stricthostkeychecking: "true",
    batchmode: "yes",
    forwardagent: "no",
    forwardx11: "no",
    permitlocalcommand: "no",
    clearallforwardings: "yes",
    controlmaster: "false",
    updatehostkeys: "false",
    globalknownhostsfile: "none",
    serveraliveinterval: "5",
    serveralivecountmax: "3",
  });
  expect(understood({ bastion, db1 }, "bastion")).toMatchObject({ hostname: "203.0.113.9", user: "hop", port: "2222" });
});

test("every pin stands under the host's logical name", () => {
  expect(knownHosts({ v: 1, hosts: { db1: { ...bound, hostKeys: [hostKey, "ssh-rsa AAAAB3Nz"] } } })).toBe(
    `db1 ${hostKey}\ndb1 ssh-rsa AAAAB3Nz\n`,
  );
});

const hostile = fc.oneof(
  fc.string({ unit: "binary", maxLength: 30 }),
  fc.constantFrom(
    "-oProxyCommand=id",
    "a b",
    "a\nProxyCommand id",
    'a"b',
    "%h",
    "${HOME}",
    "~/key",
    "a#b",
    "a=b",
    "a\\b",
    "*",
    "!a",
    "none",
    "",
    "fe80::1",
    "host_1.example",
  ),
);

test.each(["address", "user", "identity"] as const)("whatever the %s is, it means itself or is refused", (member) => {
  const plain = understood({ db1: { ...bound, [member]: "plain" } }, "db1");
  const option = { address: "hostname", user: "user", identity: "identityfile" }[member];
  fc.assert(
    fc.property(hostile, (given) => {
      let options: Readonly<Record<string, string>>;
      try {
        options = understood({ db1: { ...bound, [member]: given } }, "db1");
      } catch (error) {
        expect(error).toBeInstanceOf(TransportError);
        expect(error).toMatchObject({ kind: "refused", code: "DB3217", host: "db1" });
        return;
      }
      const { [option]: was, ...others } = plain;
      expect(was).toBe("plain");
      const { [option]: is, ...same } = options;
      const meant = is?.replaceAll("%%", "%");
      expect(member === "address" ? meant?.toLowerCase() : meant).toBe(
        member === "address" ? given.toLowerCase() : given,
      );
      expect(same).toEqual(others);
    }),
    { numRuns: 60 },
  );
});

test.each([
  ["a name", { "db 1": bound }],
  ["a jump host", { db1: { ...bound, jump: "-J" } }],
  ["a host key", { db1: { ...bound, hostKeys: ["ssh-ed25519 AAAA\nother ssh-ed25519 AAAA"] } }],
])("%s that would say something else is refused", (_, hosts) => {
  expect(() => sshConfig({ v: 1, hosts }, "/k") + knownHosts({ v: 1, hosts })).toThrow("DB3217");
});
