import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { eventually } from "../../support/eventually.ts";
import { parseJournal } from "../../../runner/journal/reader.ts";
import type { Record } from "../../../runner/journal/record.ts";
import { runsIn } from "../../../runner/journal/state.ts";
import { startHost, type CrashHost } from "./host.ts";
import type { Kit } from "./kit.ts";

/** Where somebody dies, and who. */
export interface Kill {
  /** Whose point it is. */
  readonly of: "runner" | "supervisor";
  /** The point, by its name in the list; or of the supervisor's, `=2 …`: what happens there, the second time it does. */
  readonly at: string;
  /**
   * `self`: the process whose point it is; `torn`: the same, in the middle of a write. `host`: every process of the
   * host, which then boots again. `connection`: ssh. `runner`, at a point of the supervisor's; `late` too, and the
   * process whose point it is stands still until it is let go.
   */
  readonly victim: "self" | "torn" | "host" | "connection" | "runner" | "late";
}

/** One operator with one host, in a folder of their own. */
export interface Seat extends AsyncDisposable {
  readonly host: CrashHost;
  /** Where the runbook makes what it makes. */
  readonly work: string;
  /** Where runs are recorded. */
  readonly runs: string;
  /** Forgets every run, here and on the host. */
  forget(): void;
  /** Runs a script to its end or to its killing; goes on with the run, where one is on record. */
  call(script: string, kill?: Kill): Promise<Called>;
  /** Runs a script whose points are listed. */
  points(script: string, of: Kill["of"]): Promise<readonly Point[]>;
  /** Lets processes go that are late, and waits until the host has none but its first. */
  settle(): Promise<void>;
  records(): readonly Record[];
  /** Whether a run is on record as complete. */
  isOver(): boolean;
}

export interface Point {
  readonly name: string;
  /** What happens there, in a word or a command. */
  readonly what: string;
}

export interface Called {
  /** Nothing when it was killed. */
  readonly code: number | null;
  /** What was about to happen at the point of the kill; nothing when the kill did not come about. */
  readonly at: string | undefined;
  readonly said: string;
}

/** What the runbook's secret is. It must show up nowhere. */
export const secret = "correct-horse-battery-staple";

export async function takeSeat(kit: Kit, folder: string): Promise<Seat> {
  const [work, runs, points, phrase, binding] = ["work", "runs", "points", "phrase", "hosts.json"].map((name) =>
    join(folder, name),
  ) as [string, string, string, string, string];
  mkdirSync(points, { recursive: true });
  // A pipe that nothing is ever written to: who waits at it waits. A file would be at its end at once.
  execFileSync("mkfifo", [join(points, "never")]);
  const host = await startHost(folder);
  const db1 = { role: "database-server", address: "db1.invalid", become: "none", hostKeys: ["ssh-rsa AAAA"] };
  writeFileSync(binding, JSON.stringify({ v: 1, hosts: { db1 } }));
  writeFileSync(phrase, `${secret}\n`);
  const forget = (): void => {
    host.forget();
    for (const path of [work, runs]) rmSync(path, { recursive: true, force: true });
    for (const path of [work, runs]) mkdirSync(path);
    clear(/^(?:wanted|granted|released)/u);
  };
  const clear = (which: RegExp): void => {
    for (const name of readdirSync(points).filter((each) => which.test(each))) rmSync(join(points, name));
  };
  let calls = 0;
  /**
   * What each side is told of its points: nothing lets it list them. The number of the call is in the file's name: a
   * process of an earlier call finds its own one gone, and goes on.
   */
  const tell = (told: { readonly [of in Kill["of"]]?: string }): void => {
    clear(/^(?:(?:runner|supervisor)\.|happened$|times$|listed$)/u);
    calls += 1;
    for (const [of, text] of Object.entries(told)) writeFileSync(join(points, `${of}.${calls}`), text);
  };
  const run = async (script: string): Promise<Omit<Called, "at">> => {
    const begun = runsIn(runs).length > 0;
    const call = begun ? ["--resume"] : ["--binding", binding, "--folder", work, "--moment", "2026-03-28T19:44:00Z"];
    const answers = ["go-on=yes", "drop-the-old-one=db1 database", `publish.tell=${toldIn(work) ? "done" : "run"}`];
    const given = [...call, "--secret", `pass-phrase=${phrase}`, ...answers.flatMap((each) => ["--answer", each])];
    const path = `${host.bin}:${process.env["PATH"]}`;
    const child = spawn(kit.node, ["--import", kit.runnerPoints, script, ...given], {
      env: { ...process.env, PATH: path, DRILLBOOK_STATE: runs, DRILLBOOK_POINTS: points },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let said = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => (said += text));
    }
    const closed = once(child, "close") as Promise<[number | null]>;
    await grant(points, closed, async (wish) => {
      if (wish === "host") await host.crash();
      else child.kill("SIGKILL");
    });
    const [code] = await closed;
    return { code, said };
  };
  const records = (): readonly Record[] => {
    const run = runsIn(runs).at(-1);
    if (run === undefined) return [];
    const file = join(runs, run, "journal.jsonl");
    return parseJournal(readFileSync(file), file).records;
  };
  forget();
  return {
    host,
    work,
    runs,
    forget,
    async call(script, kill) {
      tell({ runner: "", supervisor: "", ...(kill && { [kill.of]: `${kill.victim}\n${kill.at}\n` }) });
      const called = await run(script);
      const happened = join(points, "happened");
      return { ...called, at: existsSync(happened) ? readFileSync(happened, "utf8").trim() : undefined };
    },
    async points(script, of) {
      tell({ [of === "runner" ? "supervisor" : "runner"]: "" });
      const { code, said } = await run(script);
      if (code !== 0) throw new Error(`nobody was killed, and it ended with ${code}: ${said}`);
      const lines = readFileSync(join(points, "listed"), "utf8").trimEnd().split("\n");
      return lines.map((line) => ({ name: line.split(" ")[0] ?? "", what: line.slice(line.indexOf(" ") + 1) }));
    },
    settle: () =>
      eventually(() => {
        release(points);
        return host.isIdle();
      }),
    records,
    isOver: () => {
      const end = records().at(-1);
      return end?.type === "end" && end.data.verdict === "completed";
    },
    [Symbol.asyncDispose]: () => host[Symbol.asyncDispose](),
  };
}

/** What a person finds who looks whether the step that only a person can tell of took effect. */
function toldIn(work: string): boolean {
  const log = join(work, "log");
  return existsSync(log) && readFileSync(log, "utf8").includes("effect tell");
}

/** A process that is late and keeps a run waiting is let go after so many milliseconds: the run may wait for its end. */
const latestMs = 15_000;

/** Lets every process go that stands still. */
function release(points: string): void {
  const waiting = readdirSync(points).filter((name) => name.startsWith("wanted."));
  for (const name of waiting) writeFileSync(join(points, name.replace("wanted", "released")), "");
}

/**
 * Does what points want done that they cannot do themselves, until the script has ended. Where two processes came to one
 * point at the same moment, the first one's wish counts.
 */
async function grant(points: string, closed: Promise<unknown>, act: (wish: string) => Promise<void>): Promise<void> {
  const began = performance.now();
  const over = closed.then(() => true);
  let acted = false;
  while (!(await Promise.race([over, pause(25, false)]))) {
    const names = new Set(readdirSync(points));
    for (const name of names) {
      const [what, id] = [name.slice(0, name.indexOf(".")), name.slice(name.indexOf("."))];
      const wish =
        what === "wanted" && !names.has(`granted${id}`) ? readFileSync(join(points, name), "utf8").trim() : "";
      if (wish === "") continue;
      if (!acted) await act(wish);
      acted = true;
      writeFileSync(join(points, `granted${id}`), "");
    }
    if (performance.now() - began > latestMs) release(points);
  }
}
