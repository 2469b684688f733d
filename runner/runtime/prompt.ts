import { once } from "node:events";
import { createInterface } from "node:readline/promises";

/** The terminal a person sits at. */
export interface Prompt {
  /** Whether there is one. */
  readonly there: boolean;
  /** Asks for one line. */
  ask(question: string): Promise<string>;
  /** Asks for one line without showing it. */
  askHidden(question: string): Promise<string>;
}

/** The terminal of this process. A question ends, unanswered, when `stop` is aborted. */
export function terminal(stop: AbortSignal): Prompt {
  return {
    there: process.stdin.isTTY,
    ask: async (question) => {
      // Without `terminal`, so that Ctrl-C stays a signal and the tty edits the line.
      const lines = createInterface({ input: process.stdin, output: process.stderr, terminal: false });
      try {
        // The end of the terminal's input (Ctrl-D) is an empty answer.
        const ended = once(lines, "close").then(() => "");
        return await Promise.race([lines.question(question, { signal: stop }), ended]);
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

async function hiddenLine(stop: AbortSignal): Promise<string> {
  let line = "";
  for await (const chunk of process.stdin.iterator({ destroyOnReturn: false })) {
    for (const key of String(chunk)) {
      if (key === "\r" || key === "\n") return line;
      if (key === "\u0003") process.kill(process.pid, "SIGINT");
      stop.throwIfAborted();
      line = key === "\u007f" ? line.slice(0, -1) : line + key;
    }
  }
  return line;
}
