import { constants, existsSync } from "node:fs";
import { appendFile, readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { Ledger, LedgerEntry } from "../../../runner/drill/world.ts";

// A write never brings back a file that a disaster has taken.
const existing = constants.O_WRONLY | constants.O_APPEND;

/** Writes numbered lines into the world's rows for as long as the farm is open to writers. */
export function folderLedger(srv: string): Ledger {
  const rows = join(srv, "data", "rows");
  const acknowledged: LedgerEntry[] = [];
  let writing: Promise<void> | undefined;
  let stopped = false;
  const surviving = async (): Promise<readonly LedgerEntry[]> => {
    const text = existsSync(rows) ? await readFile(rows, "utf8") : "";
    return text.split("\n").flatMap((line) => {
      const [number, at] = line.split(" ");
      return number && at ? [{ number: Number(number), at }] : [];
    });
  };
  const write = async (): Promise<void> => {
    for (let number = ((await surviving()).at(-1)?.number ?? 0) + 1; !stopped; await pause(2)) {
      if (!existsSync(rows) || !existsSync(join(srv, "data", "open"))) continue;
      const entry = { number, at: new Date().toISOString() };
      try {
        await appendFile(rows, `${entry.number} ${entry.at}\n`, { flag: existing });
      } catch {
        continue;
      }
      acknowledged.push(entry);
      number += 1;
    }
  };
  return {
    start: async () => {
      stopped = false;
      writing = write();
    },
    stop: async () => {
      stopped = true;
      await writing;
    },
    acknowledged: async () => acknowledged,
    surviving,
  };
}
