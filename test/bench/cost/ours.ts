import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { emitScript } from "../../../dsl/compile/emit/script.ts";
import { host, hostsOf, role, runbook, sh, type Runbook } from "../../../dsl/index.ts";
import { buildRuntime, placeRuntime } from "../../../runner/build/runtime.ts";
import type { Hosts } from "./hosts.ts";
import { timed } from "./timed.ts";

const server = role("server");
const h1 = host("h1", server);
const objective = { rto: "1h", rpo: "1d" } as const;

/** So many changes on one host, each with its postcondition. */
function inARow(steps: number, made: string): Runbook {
  return runbook(`row-${steps}`, { objective, needs: [h1] }, ({ change }) => {
    for (let step = 1; step <= steps; step += 1)
      change(`Step ${step}`, {
        on: h1,
        effect: "idempotent",
        run: constant(`mkdir -p ${made}`),
        verify: constant(`test -d ${made}`),
      });
  });
}

/** One change on several hosts, fifty at a time. */
function onAll(made: string): Runbook {
  const params = { servers: hostsOf(server, "The servers") };
  return runbook("on-all", { objective, params }, ({ onEach, change, params: { servers } }) =>
    onEach(
      "Every server",
      servers,
      (on) => {
        change("Step", {
          on,
          effect: "idempotent",
          run: constant(`mkdir -p ${made}`),
          verify: constant(`test -d ${made}`),
        });
      },
      { atOnce: 50 },
    ),
  );
}

const constant = (text: string) => sh(Object.assign([text], { raw: [text] }));

/** Scripts of ours, standing alone in a kit, and how long a whole run of one takes. */
export interface Ours {
  /** Milliseconds of a run of so many steps on one host. */
  row(steps: number): Promise<number>;
  /** … of one step on so many hosts. */
  all(count: number): Promise<number>;
  /** … of a plan of one step. */
  plan(): Promise<number>;
  /** What the runner takes in such a run. */
  memoryOfRow(steps: number): Promise<Held>;
  memoryOfAll(count: number): Promise<Held>;
}

/** The memory of a runner, each of two runs of its own, because looking at the second changes the first. */
export interface Held {
  /** Of the machine, at its most: much of it is what Node has not collected yet. */
  readonly peakBytes: number;
  /** In use at the most, with everything collected four times a second. */
  readonly usedBytes: number;
}

const noteOf = (file: string, bytes: string): string =>
  `import { writeFileSync } from "node:fs"; process.on("exit", () => writeFileSync(${JSON.stringify(file)}, String(${bytes})));`;

const used = (file: string): string => `${noteOf(file, "most")} let most = 0; setInterval(() => {
  gc();
  const { heapUsed, external } = process.memoryUsage();
  most = Math.max(most, heapUsed + external);
}, 250).unref();`;

export async function ours(hosts: Hosts): Promise<Ours> {
  const kit = join(hosts.folder, "kit");
  const made = join(hosts.folder, "made");
  mkdirSync(kit);
  const runtime = await buildRuntime();
  await placeRuntime(kit, runtime);
  const script = ({ plan }: Runbook): string => {
    const file = join(kit, `${plan.id}.mjs`);
    writeFileSync(file, emitScript(plan, runtime));
    return file;
  };
  const run = (words: readonly string[], node: readonly string[] = []): Promise<number> =>
    timed(process.execPath, [...node, ...words, "--binding", hosts.binding, "--state", join(hosts.folder, "state")]);
  const row = (steps: number): readonly string[] => [script(inARow(steps, made))];
  const all = (count: number): readonly string[] => [
    script(onAll(made)),
    ...hosts.names(count).flatMap((name) => ["--servers", name]),
  ];
  const noted = join(hosts.folder, "noted");
  const memory = async (words: readonly string[]): Promise<Held> => {
    const note = async (text: string): Promise<number> => {
      await run(words, ["--expose-gc", "--import", `data:text/javascript,${encodeURIComponent(text)}`]);
      return Number(readFileSync(noted, "utf8"));
    };
    return {
      peakBytes: await note(noteOf(noted, "process.resourceUsage().maxRSS * 1024")),
      usedBytes: await note(used(noted)),
    };
  };
  return {
    row: (steps) => run(row(steps)),
    all: (count) => run(all(count)),
    plan: () => run([script(inARow(1, made)), "--plan"]),
    memoryOfRow: (steps) => memory(row(steps)),
    memoryOfAll: (count) => memory(all(count)),
  };
}
