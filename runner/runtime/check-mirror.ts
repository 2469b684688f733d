import { readFileSync } from "node:fs";
import { parseJournal } from "../journal/reader.ts";
import { SshTransport } from "../transport/ssh.ts";
import { TransportError } from "../transport/transport.ts";
import { backOf } from "./arguments.ts";
import { MirrorCopy } from "./mirror-copy.ts";
import { goneOnElsewhere } from "./mirror-errors.ts";
import type { Prepared } from "./prepare.ts";
import { notFollowing } from "./two-records.ts";

/**
 * Before anything is recorded: a stopped run whose mirror has more, or other records than this machine, was gone on with
 * elsewhere. A mirror that cannot be reached says nothing, and is no reason not to recover.
 * @throws RunError DB3119, DB3120
 */
export async function checkMirror(
  { stopped, mirror, binding, call }: Prepared,
  notice: (text: string) => void,
): Promise<void> {
  if (!stopped || mirror === undefined) return;
  const { folder, journal } = stopped;
  try {
    await using transport = new SshTransport({ binding: binding.binding, run: "mirror", mode: "plan" });
    await using connection = await transport.connect(mirror);
    const whole = readFileSync(folder.journal).subarray(0, journal.bytes);
    const copy = new MirrorCopy(connection, folder.run);
    const { bytes, same } = await copy.compare(whole);
    if (same && bytes <= whole.length) return;
    const there = parseJournal(await copy.get("journal.jsonl"), `${mirror}:${folder.run}`);
    const mode = stopped.state.undoing ? "--undo" : backOf(call);
    const records = { folder, here: journal, there, host: mirror, mode, binding: binding.path } as const;
    throw notFollowing(records) ?? goneOnElsewhere(folder.run, mirror, mode);
  } catch (error) {
    if (!(error instanceof TransportError)) throw error;
    notice(`The mirror on ${mirror} cannot be looked at: ${error.message}`);
  }
}
