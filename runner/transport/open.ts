import type { ChildProcessWithoutNullStreams } from "node:child_process";
import { Client } from "./client.ts";
import { otherVersion, toolsMissing, unreachable } from "./errors.ts";
import { Exchange } from "./exchange.ts";
import { checkRun } from "./job.ts";
import { greeted } from "./launch.ts";
import { Lines } from "./lines.ts";
import { protocolVersion, request, type Machine, type Mode } from "./protocol.ts";
import { TransportError, type Connection } from "./transport.ts";

export interface Opening {
  readonly run: string;
  readonly mode: Mode;
  /** Refuses a machine that is not the bound one, before any command is sent to it. */
  readonly check?: (machine: Machine) => TransportError | undefined;
  /** What the end of the process before its greeting means, from its stderr. */
  readonly explain?: (stderr: string) => TransportError;
  /** What of its stderr is worth telling a person. */
  readonly words?: (stderr: string) => string;
}

const greetingMs = 60_000;
const keptStderr = 16 * 1024;

/** Turns a process, at whose end a supervisor is started, into a connection. @throws TransportError */
export async function open(host: string, child: ChildProcessWithoutNullStreams, opening: Opening): Promise<Connection> {
  const { words = (stderr: string) => stderr.trim() } = opening;
  const lines = new Lines(child.stdout);
  const stderr = tail(child);
  // No process at all: its `close` follows, and is what is waited for.
  child.once("error", (error) => stderr.add(error.message));
  const hurry = setTimeout(() => {
    stderr.add(`no greeting within ${greetingMs / 1000} s`);
    child.kill();
  }, greetingMs);
  try {
    checkRun(host, opening.run);
    const missing = await greeted(child, lines);
    if (missing.length > 0) throw toolsMissing(host, missing);
    const exchange = new Exchange(host, child, lines, () => words(stderr.text()) || "the far end closed it");
    const hello = await exchange.ask(request.hello(opening.mode, opening.run));
    if (hello.answer !== "hello") throw unreachable(host, `it greeted with ${hello.answer}`);
    if (hello.version !== protocolVersion) throw otherVersion(host, hello.version, protocolVersion);
    const refusal = opening.check?.(hello);
    if (refusal) {
      await exchange.end();
      throw refusal;
    }
    return new Client(exchange, hello);
  } catch (error) {
    child.kill();
    if (error instanceof TransportError) throw error;
    throw opening.explain?.(stderr.text()) ?? unreachable(host, words(stderr.text()) || String(error));
  } finally {
    clearTimeout(hurry);
  }
}

/** The end of what a process writes to its stderr. */
function tail(child: ChildProcessWithoutNullStreams): { add(text: string): void; text(): string } {
  let kept = "";
  const add = (text: string): void => {
    kept = (kept + text).slice(-keptStderr);
  };
  child.stderr.setEncoding("utf8").on("data", add);
  return { add, text: () => kept };
}
