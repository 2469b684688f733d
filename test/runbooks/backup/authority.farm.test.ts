import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { operatorOf, vaultFarm, type ForkedFarm, type VaultFarm } from "../../support/vault-farm.ts";

let farm: VaultFarm;
let fork: ForkedFarm;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "escrow-"));
  farm = await vaultFarm();
  fork = await farm.fork();
});
afterAll(async () => {
  await fork?.[Symbol.asyncDispose]();
  await farm?.[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

test("the authority comes back with nothing but the escrow's key, and gives no number out twice", async () => {
  const operator = operatorOf(fork);
  const keyFile = async (name: string, text: string): Promise<string> => {
    await writeFile(join(folder, name), text, { mode: 0o600 });
    return join(folder, name);
  };
  const recover = (key: string) =>
    operator(
      "recover-authority.mjs",
      "--server=hongkong",
      `--secret=age-key=${key}`,
      "--answer=put-this-authority-in-its-place=yes",
      "--answer=put-the-authority-in-its-place=hongkong certificate-authority",
    );
  const escrow = await keyFile("escrow", await fork.root("bastion", "cat /var/lib/farm-client/escrow/escrow.key"));
  const strange = await keyFile("strange", await fork.root("hongkong", "age-keygen 2> /dev/null"));

  // Issued after the newest set was made: its number must not come again.
  await fork.root(
    "hongkong",
    "koji-ca issue late > /dev/null 2>&1; cp /etc/pki/koji/late.pem /root; rm -rf /etc/pki/koji",
  );

  const refused = await recover(strange);
  expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining("no identity matched") });
  expect(await fork.root("hongkong", "ls /etc/pki")).not.toContain("koji\n");

  const recovered = await recover(escrow);
  expect(recovered, recovered.stderr).toMatchObject({ code: 0 });
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
