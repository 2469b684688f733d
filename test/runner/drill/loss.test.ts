import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { parseStatement } from "../../../runner/drill/evidence/validate.ts";
import { closedDoor, drillProject } from "../../support/folder-world/project.ts";
import { rehearse, rehearsed } from "../../support/folder-world/rehearse.ts";

// A whole drill each, with compiling.
vi.setConfig({ testTimeout: 120_000 });

test.concurrent(
  "where nothing was struck that the ledger writes into, no loss is claimed, nor that there was none",
  async () => {
    await using project = await drillProject(closedDoor);
    const { result } = await rehearsed(project);
    expect(result).toMatchObject({ verdict: "passed", reasons: {} });
    expect(result.measured).toMatchObject({ rtaSeconds: expect.any(Number) as number });
    expect(result.measured).not.toHaveProperty("rpaSeconds");
    expect(result.objective.rpo).toMatchObject({ shown: "not shown", why: "the drill's writes lie elsewhere" });
    const file = join(project.folder, result.evidence ?? "");
    const { predicate } = parseStatement(await readFile(file, "utf8"), file);
    expect(Object.keys(predicate.drill.measured ?? {})).toEqual([
      "rtaSeconds",
      "split",
      "scheduleSeconds",
      "dataBytes",
    ]);
  },
);

test.concurrent("what a recovery loses of that which the disaster had left is counted all the same", async () => {
  const { result } = await rehearse({
    ...closedDoor,
    opens: "cp -- /srv/archive/rows /srv/data/rows; touch -- /srv/data/open",
  });
  expect(result.measured?.loss?.lost).toBeGreaterThanOrEqual(20);
  expect(result.measured?.rpaSeconds).toBeGreaterThan(0);
});
