import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { projectFolder, type ProjectFolder } from "../../dsl/compile/project-folder.ts";
import { drillbook } from "./drillbook.ts";

const book = `
import { hostOf, role, runbook, sh } from "drillbook";
/** Copy the settings. */
export default runbook("copy-settings", {
  objective: { rto: "1h", rpo: "24h" },
  params: { server: hostOf(role("web")) },
}, ({ change, params }) => {
  change("Copy", { on: params.server, effect: "idempotent", run: sh\`true\`, verify: sh\`true\` });
});
`;
const nightly = `
import { schedule } from "drillbook";
import copy from "./copy-settings.ts";
export default schedule("nightly", {
  at: ["03:10", "15:10"],
  calls: [{ runbook: copy, params: { server: "web1" } }, { runbook: copy, params: { server: "web2" } }],
});
`;
const bound = {
  role: "web",
  address: "192.0.2.1",
  hostKeys: ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJeKdGFhxnBAxCWBoPQkbV3xSCWwHgqLZfYVJzzR7lEq"],
};
const binding = (...hosts: readonly string[]): string =>
  JSON.stringify({ v: 1, hosts: Object.fromEntries(hosts.map((host) => [host, bound])) });

let project: ProjectFolder;
beforeAll(async () => {
  project = await projectFolder({
    "runbooks/copy-settings.ts": book,
    "runbooks/nightly.schedule.ts": nightly,
    "runbooks/empty.schedule.ts": "export default 1;\n",
    "hosts.json": binding("web1", "web2"),
    "fewer.json": binding("web1"),
  });
});
afterAll(() => project?.[Symbol.asyncDispose]());

const emit = (name: string, ...more: readonly string[]) => drillbook(project.root, "schedule", name, ...more);

test("a schedule becomes a timer, a service for each call, and a kit that they run", async () => {
  const { code, stdout, stderr } = await emit("nightly", "--binding", "hosts.json", "--notify", "tell 'the night'");
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  const units = join(project.root, ".drillbook", "units");
  const names = ["-1-copy-settings.service", "-2-copy-settings.service", ".service", ".timer"];
  expect(await readdir(units)).toEqual(names.map((name) => `drillbook-nightly${name}`));
  for (const name of names) expect(stdout).toContain(`.drillbook/units/drillbook-nightly${name}\n`);
  expect(stdout).toContain("systemctl enable --now drillbook-nightly.timer");

  const timer = await readFile(join(units, "drillbook-nightly.timer"), "utf8");
  expect(timer).toContain("OnCalendar=*-*-* 03:10:00 UTC\nOnCalendar=*-*-* 15:10:00 UTC\nPersistent=true\n");
  const second = await readFile(join(units, "drillbook-nightly-2-copy-settings.service"), "utf8");
  const script = join(project.root, ".drillbook", "kit", "copy-settings.mjs");
  const hosts = join(project.root, "hosts.json");
  expect(second).toContain(
    `ExecStart=/usr/bin/env node ${script} --binding ${hosts} --plain --notify "tell 'the night'" --server web2\n`,
  );
  expect(second).toContain("After=network-online.target drillbook-nightly-1-copy-settings.service\n");
  expect(await readFile(script, "utf8")).toMatch(/^#!/u);
});

test("a schedule is no runbook", async () => {
  expect((await drillbook(project.root, "list")).stdout).toBe("copy-settings  check     Copy the settings.\n");
});

test.each<[string, readonly string[], RegExp]>([
  ["of no such name", ["nightl", "--binding", "hosts.json"], /^DB3905 .*\n {2}Did you mean "nightly"\?/u],
  ["that is none", ["empty", "--binding", "hosts.json"], /^DB3906 .*empty\.schedule\.ts exports no schedule/u],
  [
    "with a host that is not bound",
    ["nightly", "--binding", "fewer.json"],
    /^DB3907 copy-settings .*: web2: it is not bound/u,
  ],
])("a schedule %s is refused", async (_, [name = "", ...args], message) => {
  const { code, stdout, stderr } = await emit(name, ...args);
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toMatch(message);
});
