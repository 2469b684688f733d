import { afterAll, beforeAll, expect, test } from "vitest";
import { prepareEngine } from "../../../fixtures/engine/index.ts";
import { startHost, type LoneHost } from "../../../fixtures/host/host.ts";
import { unitsOf } from "../../../runner/cli/schedule/units.ts";

let host: LoneHost;
beforeAll(async () => {
  await prepareEngine(() => undefined);
  host = await startHost("timekeeper");
});
afterAll(() => host?.[Symbol.asyncDispose]());

/** Words that a command line of systemd could take for something else. */
const hostile = ["a b", "$HOME", "${HOME}", "100%h", "%%", "\"q\" 'r'", "back\\slash", "two\nlines", ";", "é", ""];

const units = unitsOf({
  id: "nightly",
  at: ["03:10"],
  calls: [
    { runbook: "first", words: ["/kit/first.mjs", ...hostile] },
    { runbook: "second", words: ["/kit/second.mjs"] },
    { runbook: "third", words: ["/kit/third.mjs"] },
  ],
});

/** What the timer's service came to, when it has ended once more. It is inactive as well while its calls go before it. */
const ended = () =>
  host.machine.run(`
    while systemctl list-jobs --no-legend | grep drillbook-nightly >/dev/null; do sleep 0.05; done
    systemctl show -P Result drillbook-nightly.service`);

test("a timer that was off for three days makes its calls at once, all of them, in order, and fails as one of them did", async () => {
  const { machine } = host;
  // Says what it was called with, and fails as it is told to.
  const node = `#!/bin/bash\nprintf '%s\\0' "$@" >> /var/tmp/said\n[ "$1" != "$(cat /var/tmp/failing)" ]\n`;
  await machine.put("/usr/local/bin", [{ path: "node", bytes: Buffer.from(node), executable: true }]);
  await machine.put(
    "/etc/systemd/system",
    [...units].map(([path, text]) => ({ path, bytes: Buffer.from(text), executable: false })),
  );
  expect(await machine.run("systemd-analyze verify /etc/systemd/system/drillbook-nightly* 2>&1")).toBe("");
  await machine.run(`
    echo /kit/second.mjs > /var/tmp/failing
    mkdir -p /var/lib/systemd/timers
    touch -d '3 days ago' /var/lib/systemd/timers/stamp-drillbook-nightly.timer
    systemctl daemon-reload
    systemctl enable --now drillbook-nightly.timer
    until [ -e /var/tmp/said ]; do sleep 0.05; done`);
  expect(await ended()).toBe("exit-code\n");
  const said = ["/kit/first.mjs", ...hostile, "/kit/second.mjs", "/kit/third.mjs"].map((word) => `${word}\0`).join("");
  expect(await machine.run("cat /var/tmp/said")).toBe(said);
  expect(await machine.run("systemctl --failed --plain --no-legend | cut -d ' ' -f 1")).toBe(
    "drillbook-nightly-2-second.service\ndrillbook-nightly.service\n",
  );

  // The next night, when all goes well: what failed yesterday is run again, and is not held against it.
  await machine.run("rm /var/tmp/said; : > /var/tmp/failing; systemctl start drillbook-nightly.service");
  expect(await ended()).toBe("success\n");
  expect(await machine.run("cat /var/tmp/said")).toBe(said);
});
