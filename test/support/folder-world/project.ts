import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import type { Fault } from "./world.ts";

const root = process.cwd();

/** What a test's drill differs in from one that passes. */
export interface Variation {
  readonly faults?: readonly Fault[];
  /** What the disaster takes: what the ledger writes into, or the file that lets writers in. */
  readonly takes?: "rows" | "door";
  /** The blow. */
  readonly strikes?: string;
  /** What the backup does to copy the rows. */
  readonly copies?: string;
  /** What the recovery does to let writers in. */
  readonly opens?: string;
  readonly red?: readonly string[];
  readonly stillGreen?: readonly string[];
  readonly productionBytes?: number;
}

/** A project with one drill in a folder world, and the toolkit's command line in it. */
export interface DrillProject extends AsyncDisposable {
  readonly folder: string;
  drillbook(...args: readonly string[]): Promise<Said>;
  /** The same, and interrupts it when its output, on either stream, has the text. */
  interrupted(at: string, ...args: readonly string[]): Promise<Said>;
  write(variation: Variation): Promise<void>;
}

export interface Said {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export async function drillProject(variation: Variation = {}): Promise<DrillProject> {
  // Inside the repository, so that the packages are found; unseen by git.
  await mkdir(join(root, ".drillbook/test"), { recursive: true });
  const folder = await mkdtemp(join(root, ".drillbook/test/drills-"));
  const write = async (now: Variation): Promise<void> => {
    for (const each of ["fixtures", "runbooks"]) await mkdir(join(folder, each), { recursive: true });
    for (const [file, content] of Object.entries(files(folder, now))) await writeFile(join(folder, file), content);
  };
  await write(variation);
  return {
    folder,
    write,
    drillbook: (...args) => ended(start(folder, args)),
    interrupted(at, ...args) {
      const child = start(folder, args);
      let seen = "";
      const watch = (chunk: string): void => {
        if (seen.includes(at)) return;
        seen += chunk;
        if (seen.includes(at)) child.kill("SIGINT");
      };
      for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", watch);
      return ended(child);
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

function start(folder: string, args: readonly string[]): ChildProcessWithoutNullStreams {
  const child = spawn(process.execPath, [join(root, "runner/cli/main.ts"), ...args], { cwd: folder });
  child.stdin.end();
  return child;
}

async function ended(child: ChildProcessWithoutNullStreams): Promise<Said> {
  const closed = new Promise<number>((resolve) => child.on("close", (status) => resolve(status ?? 1)));
  const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), closed]);
  return { code, stdout, stderr };
}

function files(folder: string, variation: Variation): Readonly<Record<string, string>> {
  return {
    "package.json": JSON.stringify({ type: "module" }),
    "fixtures/index.ts": `export { folderWorld } from ${JSON.stringify(join(import.meta.dirname, "world.ts"))};\n`,
    "runbooks/inventory.ts": inventory,
    "runbooks/copy-rows.ts": copyRows(variation),
    "runbooks/restore-rows.ts": restoreRows(variation),
    "runbooks/lost-rows.drill.ts": lostRows(folder, variation),
  };
}

// Relative, as authors import it: from the runbooks of a project below .drillbook/test.
const language = JSON.stringify("../../../../dsl/index.ts");

const inventory = `
import { host, role } from ${language};
export const server = host("server", role("server", { assets: ["rows", "door"] }));
`;

const copyRows = ({ copies = "cp -- /srv/data/rows /srv/archive/.incoming" }: Variation): string => `
import { runbook, sh } from ${language};
import { server } from "./inventory.ts";

/** Copy the rows. */
export default runbook(
  "copy-rows",
  { backsUp: server.rows, objective: { rto: "1h", rpo: "24h" } },
  ({ change }) => {
    change("Copy the rows", { on: server, effect: "idempotent", run: sh\`${copies}\`, verify: sh\`[ -s /srv/archive/.incoming ]\` });
    change("Give the copy its name", {
      on: server,
      effect: "idempotent",
      run: sh\`if [ -e /srv/archive/.incoming ]; then mv -- /srv/archive/.incoming /srv/archive/rows; fi\`,
      verify: sh\`[ -s /srv/archive/rows ]\`,
    });
  },
);
`;

const restoreRows = ({ takes = "rows", opens = "touch -- /srv/data/open" }: Variation): string => `
import { path, runbook, sh, tools } from ${language};
import { server } from "./inventory.ts";

/** Put the rows back. */
export default runbook(
  "restore-rows",
  { recovers: server.${takes}, objective: { rto: "1h", rpo: "24h" }, needs: [tools(server, "cmp", "cp")] },
  ({ read, change, confirm }) => {
    const copy = read("Newest copy", {
      on: server,
      run: sh\`
        [ -s /srv/archive/rows ] || { echo 'refused: the archive holds no copy' >&2; exit 1; }
        echo /srv/archive/rows
      \`,
      gives: path(),
    });
    confirm("Restore this copy", { evidence: [copy] });
    ${takes === "rows" ? restoring : ""}
    change("Let writers in", { on: server, effect: "idempotent", run: sh\`${opens}\`, verify: sh\`true\` });
  },
);
`;

const restoring = `
    change("Restore the rows", {
      on: server,
      effect: "idempotent",
      run: sh\`mkdir -p /srv/data && cp -- \${copy} /srv/data/rows\`,
      verify: sh\`cmp -s -- \${copy} /srv/data/rows\`,
    });`;

/** Whoever is kept out writes nothing, and what was written stays. */
export const closedDoor: Variation = { takes: "door", strikes: "rm data/open", red: ["writes"], stillGreen: ["reads"] };

function lostRows(folder: string, variation: Variation): string {
  const { faults = [], takes = "rows", strikes = "rm -rf data" } = variation;
  const { red = ["reads", "writes"], stillGreen = ["archive-there"] } = variation;
  const because = (probes: readonly string[]): string =>
    JSON.stringify(Object.fromEntries(probes.map((probe) => [probe, "of the disaster"])));
  return `
import { disaster, drill, sh, strike } from ${language};
import { folderWorld } from "../fixtures/index.ts";
import copyRows from "./copy-rows.ts";
import { server } from "./inventory.ts";
import restoreRows from "./restore-rows.ts";

const copy = { runbook: copyRows } as const;

export default drill("lost-rows", {
  world: folderWorld(${JSON.stringify(join(folder, ".drillbook/world"))}, ${JSON.stringify(faults)}),
  disaster: disaster("rows-lost", {
    title: "The rows are gone.",
    takes: [server.${takes}],
    blows: [strike(server, sh\`${strikes}\`)],
  }),
  backups: [copy],
  every: "24h",
  recovery: { runbook: restoreRows, answers: { "restore-this-copy": "yes" } },
  red: ${because(red)},
  stillGreen: ${because(stillGreen)},
  acceptance: ["reads", "writes"],
  nextCycle: { backups: [copy], restores: ["copy-restores"] },
  ${variation.productionBytes === undefined ? "" : `productionBytes: ${variation.productionBytes},`}
});
`;
}
