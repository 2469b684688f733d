import { fileURLToPath } from "node:url";
import { jsonSink } from "../report/json.ts";
import { plainSink } from "../report/plain.ts";
import { RunError, type ExitCode } from "../run-error.ts";
import { exitCode } from "../exit-codes.ts";
import { parseCall } from "./arguments.ts";
import { help } from "./help.ts";
import { verifyKit } from "./kit-identity.ts";
import { prepare } from "./prepare.ts";
import type { ScriptFunction, ScriptHead, ScriptTools } from "./script-api.ts";

/**
 * What an emitted script is: reads how it was called, holds its own bytes and the runtime's to their hashes, and runs,
 * plans or resumes its body. Sets the process's exit code.
 */
export const script: ScriptFunction = async (meta, head, body) => {
  // A reader that has gone away (`| head`, a closed terminal) must not end a run in the middle of a step.
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});
  try {
    process.exitCode = await called(fileURLToPath(meta.url), head, body);
  } catch (error) {
    if (!(error instanceof RunError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = error.exitCode;
  }
};

async function called(path: string, head: ScriptHead, body: (tools: ScriptTools) => Promise<void>): Promise<ExitCode> {
  const kit = verifyKit(path, fileURLToPath(import.meta.url), head.runtime);
  const call = parseCall(head, process.argv.slice(2));
  if (call.mode === "help") {
    process.stdout.write(help(head, path));
    return exitCode.success;
  }
  const prepared = prepare(head, call, kit);
  // Loaded only now: --help and refusals start without zx and the transport.
  if (call.mode === "plan") {
    const { plan } = await import("./plan.ts");
    return await plan(prepared, body);
  }
  const { run } = await import("./run.ts");
  return await run(prepared, call.json ? jsonSink() : plainSink(), body);
}
