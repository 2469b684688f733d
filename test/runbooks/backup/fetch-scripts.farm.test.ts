import { afterAll, beforeAll, expect, test } from "vitest";
import { operatorOf, vaultFarm, type ForkedFarm, type VaultFarm } from "../../support/vault-farm.ts";

let farm: VaultFarm;
let fork: ForkedFarm;

beforeAll(async () => {
  farm = await vaultFarm();
  fork = await farm.fork();
});
afterAll(async () => {
  await fork?.[Symbol.asyncDispose]();
  await farm?.[Symbol.asyncDispose]();
});

test("a script that is replaced while it runs goes on as it was", async () => {
  const operator = operatorOf(fork);
  const script = (word: string): string =>
    `#!/bin/bash\necho ${word} 1 >> /run/said\nuntil [ -e /run/go-on ]; do sleep 0.05; done\necho ${word} 2 >> /run/said\ntouch /run/ended\n`;
  const publish = async (word: string) => {
    await fork.root("iraq", `cat > /usr/local/bin/long <<'END'\n${script(word)}END\nchmod 0755 /usr/local/bin/long`);
    return operator("fetch-scripts.mjs", "--server=hongkong");
  };
  expect(await publish("before")).toMatchObject({ code: 0 });
  await fork.root(
    "hongkong",
    "systemd-run --quiet --unit=long /usr/local/bin/long; until [ -e /run/said ]; do sleep 0.05; done",
  );
  expect(await publish("afterwards")).toMatchObject({ code: 0 });
  await fork.root("hongkong", "touch /run/go-on; timeout 20 bash -c 'until [ -e /run/ended ]; do sleep 0.05; done'");
  expect(await fork.root("hongkong", "cat /run/said; grep -c afterwards /usr/local/bin/long")).toBe(
    "before 1\nbefore 2\n2\n",
  );
});
