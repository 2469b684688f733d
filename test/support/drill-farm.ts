import { fileURLToPath } from "node:url";
import type { Drill } from "../../dsl/drill.ts";
import type { Runbook } from "../../dsl/index.ts";
import type { Stage } from "../../runner/drill/course.ts";
import { compileKit, type DrillKit } from "../../runner/drill/kit.ts";
import { bringUpSteadyState } from "../../runner/drill/phases/steady.ts";
import type { OperatorResult, OperatorRun, SteadyState, World, WorldKind } from "../../runner/drill/world.ts";
import { loadProject } from "../../runner/project.ts";
import { ssh } from "./ssh.ts";

/** The steady state of a drill, and the kit it was backed up with: what an operator of that farm would have. */
export interface DrillFarm extends AsyncDisposable {
  readonly kit: DrillKit;
  fork(): Promise<ForkedFarm>;
}

/** One fork, with an operator at their seat. */
export interface ForkedFarm extends AsyncDisposable {
  readonly world: World;
  /** Runs a script of the kit as the operator would. */
  run(script: string, args: readonly string[], options?: OperatorRun): Promise<OperatorResult>;
  /** Runs a bash text as root on a host, over plain ssh. @throws Error unless it exits 0 */
  root(host: string, text: string): Promise<string>;
}

const quiet: Stage = {
  phase: "bring up the steady state",
  emit: () => undefined,
  progress: () => undefined,
  signal: new AbortController().signal,
  patience: 30,
};

/** How the farm of a drill is to differ. */
interface DrillFarmOptions {
  /** Another world of the same hosts. */
  readonly kind?: WorldKind;
  /** Runbooks whose scripts the kit is to have beside the drill's own. */
  readonly also?: readonly Runbook[];
}

/** Brings the farm of a drill, or one like it, to its steady state, or finds it there. */
export async function drillFarm(
  drill: Drill,
  { kind = drill.options.world as WorldKind, also = [] }: DrillFarmOptions = {},
): Promise<DrillFarm> {
  const project = await loadProject(fileURLToPath(new URL("../..", import.meta.url)));
  const kit = await compileKit(withScripts(drill, also), { project });
  await kind.prepare(quiet.progress);
  const steady = await bringUpSteadyState(kind, drill.options.backups, kit, quiet);
  return {
    kit,
    fork: () => forkOf(steady, kit),
    [Symbol.asyncDispose]: () => kit[Symbol.asyncDispose](),
  };
}

function withScripts(drill: Drill, also: readonly Runbook[]): Drill {
  const { nextCycle } = drill.options;
  const [first, ...others] = nextCycle.backups;
  const backups = [first, ...others, ...also.map((runbook) => ({ runbook }))] as const;
  return { ...drill, options: { ...drill.options, nextCycle: { ...nextCycle, backups } } };
}

async function forkOf(steady: SteadyState, kit: DrillKit): Promise<ForkedFarm> {
  const world = await steady.fork(quiet.progress);
  const seat = await world.operator(kit.folder);
  return {
    world,
    run: (script, args, options) => seat.run(script, args, options),
    async root(host, text) {
      const said = await ssh(await world.binding(), host, "sudo -n bash -euo pipefail -s", text);
      if (said.status !== 0)
        throw new Error(`${host}: exit status ${said.status}: ${said.stderr}${said.stdout}\n${text}`);
      return said.stdout;
    },
    [Symbol.asyncDispose]: () => world[Symbol.asyncDispose](),
  };
}

/** What the operator of a drill types to recover, after the script's name. */
export function recoveryOf({ options: { recovery } }: Drill): readonly string[] {
  return [
    ...Object.entries(recovery.params ?? {}).map(([name, value]) => `--${name}=${value}`),
    ...Object.entries(recovery.answers ?? {}).map(([step, answer]) => `--answer=${step}=${answer}`),
  ];
}
