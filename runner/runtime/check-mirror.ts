import { readFileSync } from "node:fs";
import { SshTransport } from "../transport/ssh.ts";
import { TransportError } from "../transport/transport.ts";
import { MirrorCopy } from "./mirror-copy.ts";
import { goneOnElsewhere } from "./mirror-errors.ts";
import type { Prepared } from "./prepare.ts";

/**
 * Before anything is recorded: a stopped run whose mirror has more, or other records than this machine, was gone on with
 * elsewhere. A mirror that cannot be reached says nothing, and is no reason not to recover. @throws RunError DB3119
 */
export async function checkMirror(
  { stopped, mirror, binding }: Prepared,
  notice: (text: string) => void,
): Promise<void> {
  if (!stopped || mirror === undefined) return;
  const { folder, journal } = stopped;
  try {
    await using transport = new SshTransport({ binding: binding.binding, run: "mirror", mode: "plan" });
    await using connection = await transport.connect(mirror);
    const whole = readFileSync(folder.journal).subarray(0, journal.bytes);
    const { bytes, same } = await new MirrorCopy(connection, folder.run).compare(whole);
    if (!same || bytes > whole.length) throw goneOnElsewhere(folder.run, mirror);
  } catch (error) {
    if (!(error instanceof TransportError)) throw error;
    notice(`The mirror on ${mirror} cannot be looked at: ${error.message}`);
  }
}
