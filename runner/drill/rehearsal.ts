import type { Call, Drill } from "../../dsl/drill.ts";
import type { Course } from "./course.ts";
import { nextBackupFailed, nextDoesNotRestore, notAccepted, notGreenBefore } from "./errors.ts";
import type { Findings } from "./findings.ts";
import type { DrillKit } from "./kit.ts";
import { ledgerIsStruck } from "./ledger.ts";
import { Operator } from "./operator.ts";
import type { RunOptions } from "./options.ts";
import { makeBackups } from "./phases/backups.ts";
import { expectGreen } from "./phases/green.ts";
import { writeLedger } from "./phases/ledger.ts";
import { measure } from "./phases/measure.ts";
import { recover } from "./phases/recover.ts";
import { expectRed } from "./phases/red.ts";
import { strike } from "./phases/strike.ts";
import { automatedIn, secondsOf, type Performed } from "./records.ts";
import type { World } from "./world.ts";

interface Rehearsing {
  readonly world: World;
  readonly kit: DrillKit;
  readonly recovery: Call;
}

/** What happens in the world of a drill, from the farm that works to the farm that works again. @throws DrillError */
export async function rehearse(
  { options: drill, everySeconds }: Drill,
  { withoutDisaster }: RunOptions,
  course: Course,
  findings: Findings,
  { world, kit, recovery }: Rehearsing,
): Promise<void> {
  const { acceptance, nextCycle, world: kind } = drill;
  const disaster = withoutDisaster ? undefined : drill.disaster;

  await course.phase("see that the farm works", (stage) => expectGreen(world, acceptance, notGreenBefore, stage));
  const before = await course.phase("write to the ledger", (stage) => writeLedger(world, stage));
  const struck = await course.phase("let the disaster strike", (stage) => strike(world, disaster, stage));
  const red = await course.phase("see what turned red", async (stage) => {
    const seen = await expectRed(world, drill, stage);
    await world.ledger.stop();
    return seen;
  });

  const operator = await course.phase("seat the operator", () => Operator.of(world, kit));
  const records = await course.phase("recover", (stage) => recover(operator, recovery, stage));
  note(findings, { runbook: recovery.runbook.plan.id, records });
  const green = await course.phase("see that the farm works again", (stage) =>
    expectGreen(world, acceptance, notAccepted, stage),
  );
  findings.measured = await course.phase("measure", () =>
    measure(world, {
      instants: { struck, red, green },
      records,
      before,
      everySeconds,
      struckLedger: ledgerIsStruck(kind.ledgerIn, drill.disaster.takes),
    }),
  );

  const backups = await course.phase("make the next backup", (stage) =>
    makeBackups(operator, nextCycle.backups, nextBackupFailed, stage),
  );
  for (const backup of backups) note(findings, backup);
  await course.phase("see that it restores", (stage) =>
    expectGreen(world, nextCycle.restores, nextDoesNotRestore, stage),
  );
  await course.phase("note the versions of the tools", async () => {
    for (const call of [recovery, ...nextCycle.backups])
      findings.tools[call.runbook.plan.id] = await operator.versions(call);
  });
}

function note(findings: Findings, performed: Performed): void {
  findings.automated.push(...automatedIn(performed));
  findings.stepSeconds[performed.runbook] = secondsOf(performed);
}
