import type { ChildProcess } from "node:child_process";
import { EventEmitter, once } from "node:events";
import { PassThrough } from "node:stream";
import type { Execution } from "../transport/transport.ts";

/**
 * A command on a host, in the shape of a child process: what zx expects of its `spawn`. There is no process here to
 * signal or to write to; the command's stdin went with it.
 */
export function hostProcess(execution: Execution): ChildProcess {
  const streams = { stdin: new PassThrough(), stdout: new PassThrough(), stderr: new PassThrough() };
  const child = Object.assign(new EventEmitter(), streams, { pid: undefined, kill: () => false });
  execution.onOutput((stream, bytes) => void streams[stream].write(bytes));
  const settle = async (status: number | null): Promise<void> => {
    child.emit("exit", status, null);
    const drained = [streams.stdout, streams.stderr].map((stream) => once(stream, "end"));
    streams.stdout.end();
    streams.stderr.end();
    await Promise.all(drained);
    child.emit("close", status, null);
  };
  execution.result.then(
    ({ status }) => settle(status),
    (error: unknown) => {
      child.emit("error", error);
      return settle(null);
    },
  );
  return child as unknown as ChildProcess;
}
