import { expect, test } from "vitest";
import { worlds } from "../../fixtures/index.ts";
import * as koji from "../../runbooks/koji/inventory.ts";
import * as postgres from "../../runbooks/postgres/inventory.ts";
import { ledgerIsStruck } from "../../runner/drill/ledger.ts";
import { loadDrill } from "../../runner/drill/load.ts";
import { loadProject } from "../../runner/project.ts";

const hosts = [...Object.values(koji), ...Object.values(postgres)].flatMap((each) =>
  "kind" in each && each.kind === "host" ? [each] : [],
);

test.each(Object.values(worlds))("the ledger of the world $name lies in assets of the inventory", ({ ledgerIn }) => {
  const known = hosts.flatMap(({ ref: of, role }) => role.assets.map((asset) => ({ of, asset })));
  expect(ledgerIn.length).toBeGreaterThan(0);
  expect(known).toEqual(expect.arrayContaining([...ledgerIn]));
});

test("only a drill whose disaster takes what its ledger writes into counts what was lost", async () => {
  const drills = await Promise.all((await (await loadProject(process.cwd())).drills()).map(loadDrill));
  const uncounted = drills.filter(
    ({ options: { world, disaster } }) => !ledgerIsStruck(world.ledgerIn, disaster.takes),
  );
  expect(uncounted.map(({ id }) => id)).toEqual(["lost-archive", "lost-authority", "lost-secrets"]);
});
