import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { operatorOf, vaultFarm, type ForkedFarm, type VaultFarm } from "../../support/vault-farm.ts";

let farm: VaultFarm;
let fork: ForkedFarm;
let folder: string;
let operator: ReturnType<typeof operatorOf>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "escrow-"));
  farm = await vaultFarm();
  fork = await farm.fork();
  operator = operatorOf(fork);
});
afterAll(async () => {
  await fork?.[Symbol.asyncDispose]();
  await farm?.[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

/** A key of the escrow, or a strange one, in a file. */
async function keyFile(name: string): Promise<string> {
  const text = await (name === "strange"
    ? fork.root("hongkong", "age-keygen 2> /dev/null")
    : fork.root("bastion", `cat /var/lib/farm-client/escrow/${name}.key`));
  await writeFile(join(folder, name), text, { mode: 0o600 });
  return join(folder, name);
}

test("the authority comes back with nothing but the escrow's key, and gives no number out twice", async () => {
  const recover = (key: string) =>
    operator(
      "recover-authority.mjs",
      "--server=hongkong",
      `--secret=age-key=${key}`,
      "--answer=put-this-authority-in-its-place=yes",
      "--answer=put-the-authority-in-its-place=hongkong certificate-authority",
    );
  // Issued after the newest set was made: its number must not come again.
  await fork.root(
    "hongkong",
    "koji-ca issue late > /dev/null 2>&1; cp /etc/pki/koji/late.pem /root; rm -rf /etc/pki/koji",
  );

  const refused = await recover(await keyFile("strange"));
  expect(refused).toMatchObject({ code: 1, said: expect.stringContaining("no identity matched") });
  expect(await fork.root("hongkong", "ls /etc/pki")).not.toContain("koji\n");

  const recovered = await recover(await keyFile("escrow"));
  expect(recovered, recovered.said).toMatchObject({ code: 0 });
  const numbers = await fork.root(
    "hongkong",
    `koji-ca issue fresh > /dev/null 2>&1
    cd /etc/pki/koji
    for certificate in kojiadmin.pem fresh.pem /root/late.pem; do
      openssl verify -CAfile koji_ca_cert.crt "$certificate" > /dev/null
    done
    for certificate in /root/late.pem fresh.pem; do openssl x509 -in "$certificate" -noout -serial; done
    openssl crl -in crl.pem -CAfile koji_ca_cert.crt -noout
    stat -c %a private/koji_ca_cert.key`,
  );
  expect(numbers).toBe("serial=03\nserial=1003\n600\n");
  expect(await fork.root("hongkong", "grep -rl AGE-SECRET-KEY /var/lib/drillbook /etc/pki || true")).toBe("");
});

test("sealed files come back as they were, where their folder is, with either key", async () => {
  const restore = async (below: string, key: string) =>
    operator(
      "restore-secrets.mjs",
      "--server=hongkong",
      `--folder=${below}`,
      `--secret=age-key=${await keyFile(key)}`,
      "--answer=put-these-secrets-in-their-place=yes",
      "--answer=open-it-and-put-each-file-in-its-place=hongkong secrets",
    );
  const state = () =>
    fork.root(
      "hongkong",
      "cd /etc; for file in koji-hub/hub.conf ssh/ssh_host_*_key shadow; do stat -c '%a %U:%G %Y %n' $file; sha256sum $file; done",
    );
  const was = await state();
  const nothing = await restore("/etc/koji", "escrow");
  expect(nothing).toMatchObject({ code: 1, said: expect.stringContaining("nothing below /etc/koji") });

  await fork.root("hongkong", "mv /etc/koji-hub /etc/elsewhere");
  const homeless = await restore("/etc/koji-hub", "escrow");
  expect(homeless).toMatchObject({ code: 1, said: expect.stringContaining("there is no /etc/koji-hub") });

  await fork.root("hongkong", "mv /etc/elsewhere /etc/koji-hub; echo 'DBPass = wrong' > /etc/koji-hub/hub.conf");
  const mended = await restore("/etc/koji-hub", "escrow");
  expect(mended, mended.said).toMatchObject({ code: 0 });
  expect(await state()).toBe(was);
  expect(await fork.root("hongkong", "cat /etc/koji-hub/hub.conf.before-*")).toBe("DBPass = wrong\n");

  // Not without the host's keys: then nobody could log in to bring them back.
  await fork.root("hongkong", "touch /etc/ssh/ssh_host_*_key; chmod 0666 /etc/shadow");
  for (const below of ["/etc/ssh", "/etc/shadow"]) {
    const back = await restore(below, "daily");
    expect(back, back.said).toMatchObject({ code: 0 });
  }
  expect(await state()).toBe(was);
  expect(await fork.root("hongkong", "find /run /var/lib -maxdepth 1 -name 'restore-secrets*'")).toBe("");
});
