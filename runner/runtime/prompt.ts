import { once } from "node:events";
import { createInterface } from "node:readline/promises";
import { setImmediate as turn, setTimeout as pause } from "node:timers/promises";
import { stoppedAtQuestion } from "./call-errors.ts";

/** The terminal a person sits at. */
export interface Prompt {
  /** Whether there is one. */
  readonly there: boolean;
  /**
   * Asks for one line; what was typed before the question is no answer to it. Undefined when the input has ended.
   * @throws RunError DB3029
   */
  ask(question: string): Promise<string | undefined>;
  /** Asks for one line without showing it. @throws RunError DB3029 */
  askHidden(question: string): Promise<string>;
}

/** The terminal of this process. A question ends, unanswered, when `stop` is aborted. */
export function terminal(stop: AbortSignal): Prompt {
  return {
    there: process.stdin.isTTY,
    ask: async (question) => {
      await dropTypedAhead();
      if (process.stdin.readableEnded) return undefined;
      // Without `terminal`, so that Ctrl-C stays a signal and the tty edits the line.
      const lines = createInterface({ input: process.stdin, output: process.stderr, terminal: false });
      try {
        const ended = once(lines, "close").then(() => undefined);
        return await Promise.race([lines.question(question, { signal: stop }), ended]);
      } catch (error) {
        // The question's line stays as it is.
        process.stderr.write("\n");
        throw stop.aborted ? stoppedAtQuestion() : error;
      } finally {
        lines.close();
      }
    },
    askHidden: async (question) => {
      process.stderr.write(question);
      process.stdin.setRawMode(true);
      try {
        return await hiddenLine(stop);
      } finally {
        process.stdin.setRawMode(false);
        process.stdin.pause();
        process.stderr.write("\n");
      }
    },
  };
}

/** A prompt that lets something happen around each question. */
export function around(
  { there, ask, askHidden }: Prompt,
  wrap: <R>(question: string, asked: () => Promise<R>) => Promise<R>,
): Prompt {
  return {
    there,
    ask: (question) => wrap(question, () => ask(question)),
    askHidden: (question) => wrap(question, () => askHidden(question)),
  };
}

/** For how long nothing may come, in milliseconds, until all is read that was typed before there was a question. */
const quiet = 20;

/** An Enter pressed in impatience must not answer a question that nobody had seen. */
async function dropTypedAhead(): Promise<void> {
  let dropped = true;
  const drop = (): void => void (dropped = true);
  // A stream that was paused before is not set going by a listener.
  process.stdin.on("data", drop).resume();
  while (dropped && !process.stdin.readableEnded) {
    dropped = false;
    await pause(quiet);
    // On a busy machine the time is over before anything was read: only these two turns are sure to look.
    await turn();
    await turn();
  }
  process.stdin.off("data", drop);
  process.stdin.pause();
}

function hiddenLine(stop: AbortSignal): Promise<string> {
  const { stdin } = process;
  return new Promise((resolve, reject) => {
    let line = "";
    const leave = (settle: () => void): void => {
      stdin.off("data", take).off("end", end);
      stop.removeEventListener("abort", stopped);
      settle();
    };
    const end = (): void => leave(() => resolve(line));
    const stopped = (): void => leave(() => reject(stoppedAtQuestion()));
    const take = (chunk: Buffer): void => {
      for (const key of String(chunk)) {
        // Enter, or Ctrl-D.
        if (key === "\r" || key === "\n" || key === "\u0004") return end();
        if (key === "\u0003") process.kill(process.pid, "SIGINT");
        else line = key === "\u007f" ? line.slice(0, -1) : line + key;
      }
    };
    stop.addEventListener("abort", stopped);
    stdin.on("data", take).on("end", end).resume();
    if (stop.aborted) stopped();
  });
}
