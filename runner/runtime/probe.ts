import type { Answer } from "../journal/record.ts";
import { TransportError, type Result } from "../transport/transport.ts";
import type { At, HostCommands } from "./host-commands.ts";
import type { ShellCall } from "./script-api.ts";

/** A probe's answer and what was seen: its exit status says 0 yes, 1 no; anything else is unknown. */
export interface Probed {
  readonly answer: Answer;
  /** What it printed, or why nothing could be observed. */
  readonly detail: string;
  /** Absent when the observation was lost. */
  readonly result?: Result;
}

/** Asks a probe on a host. @throws Abandoned */
export async function probe(commands: HostCommands, at: At, call: ShellCall): Promise<Probed> {
  try {
    const result = await commands.inline(at, call);
    return { answer: answerOf(result.status), detail: detailOf(result), result };
  } catch (error) {
    if (error instanceof TransportError) return { answer: "unknown", detail: error.message };
    throw error;
  }
}

function answerOf(status: number): Answer {
  return status === 0 ? "yes" : status === 1 ? "no" : "unknown";
}

function detailOf({ status, stdout, stderr }: Result): string {
  const said = new TextDecoder().decode(stderr.length > 0 ? stderr : stdout).trim();
  return [status > 1 ? `exit status ${status}` : "", said.slice(-1000)].filter(Boolean).join(": ");
}
