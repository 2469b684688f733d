import type { Call } from "../../../dsl/drill.ts";
import { canonical } from "../../../dsl/plan/canonical.ts";
import type { Stage } from "../course.ts";
import { sha256 } from "../../journal/line.ts";
import { backupFailed } from "../errors.ts";
import type { DrillKit } from "../kit.ts";
import { Operator } from "../operator.ts";
import type { SteadyState, World, WorldKind } from "../world.ts";
import { makeBackups } from "./backups.ts";
import { ledgerWrites, writeLedger } from "./ledger.ts";

/**
 * The steady state that a drill forks: lived in, and backed up through the scripts of the kit by an operator, while the
 * ledger writes. Found again as long as neither the world nor those scripts have changed.
 */
export function bringUpSteadyState(
  kind: WorldKind,
  backups: readonly Call[],
  kit: DrillKit,
  stage: Stage,
): Promise<SteadyState> {
  const live = async (world: World): Promise<void> => {
    try {
      await writeLedger(world, stage);
      await makeBackups(await Operator.of(world, kit), backups, backupFailed, stage);
    } finally {
      await world.ledger.stop();
    }
  };
  return kind.steady(steadyKey(backups, kit), live, stage.progress);
}

/** The hash of what goes into a steady state beside the world itself. */
function steadyKey(backups: readonly Call[], kit: DrillKit): string {
  const calls = backups.map(({ runbook, params, answers }) => {
    const { script } = kit.of(runbook.plan.id);
    return { script: script.sha256, params, answers };
  });
  return sha256(canonical({ calls, runtime: kit.runtime.sha256, ledgerWrites }));
}
