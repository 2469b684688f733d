import type { Execution } from "../transport/transport.ts";
import type { Mask } from "./mask.ts";

/** A command whose output holds no secret any more when anybody sees it. */
export function masked(execution: Execution, mask: Mask): Execution {
  if (mask.isEmpty) return execution;
  const ends: (() => void)[] = [];
  const result = execution.result.finally(() => {
    for (const end of ends) end();
  });
  return {
    onOutput: (listener) => {
      const [stdout, stderr] = (["stdout", "stderr"] as const).map((name) =>
        mask.stream((piece) => listener(name, piece)),
      );
      if (!stdout || !stderr) return;
      ends.push(
        () => stdout.end(),
        () => stderr.end(),
      );
      execution.onOutput((name, bytes) => (name === "stdout" ? stdout : stderr).write(bytes));
    },
    result: result.then((seen) => ({
      ...seen,
      stdout: mask.bytes(seen.stdout),
      stderr: mask.bytes(seen.stderr),
    })),
  };
}
