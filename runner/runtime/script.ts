import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { ExitCode } from "../run-error.ts";
import { exitCode } from "../exit-codes.ts";
import { parseCall } from "./arguments.ts";
import { help } from "./help.ts";
import type { ScriptFunction, ScriptHead, ScriptTools } from "./script-api.ts";

/**
 * What an emitted script is: reads how it was called, holds its own bytes and the runtime's to their hashes, and runs,
 * plans or resumes its body. Sets the process's exit code.
 */
export const script: ScriptFunction = async (meta, head, body) => {
  try {
    process.exitCode = await called(fileURLToPath(meta.url), head, body);
  } catch (error) {
    const { stoppedBy } = await import("./stopping.ts");
    if (process.env["DRILLBOOK_DEBUG"]) console.error(error);
    const { message, exitCode } = stoppedBy(error);
    process.stderr.write(`${message}\n`);
    process.exitCode = exitCode;
  }
};

/** Not process.stdout: making that stream costs a fifth of Node's own start. */
function print(text: string): void {
  try {
    writeFileSync(1, text);
  } catch (error) {
    // Nobody reads it any more.
    if (!(error instanceof Error && "code" in error && error.code === "EPIPE")) throw error;
  }
}

async function called(path: string, head: ScriptHead, body: (tools: ScriptTools) => Promise<void>): Promise<ExitCode> {
  let call = parseCall(head, process.argv.slice(2));
  if (call.mode === "help") {
    print(help(head, path));
    return exitCode.success;
  }
  // Loaded only now: to explain itself, a script needs no hashes, no zx and no transport.
  const { verifyKit } = await import("./kit-identity.ts");
  const kit = verifyKit(path, fileURLToPath(import.meta.url), head.runtime);
  // A reader that has gone away (`| head`, a closed terminal) must not end a run in the middle of a step.
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});
  if (call.mode === "outline") {
    const { stepsOf } = await import("./script-steps.ts");
    process.stdout.write(`${JSON.stringify(await stepsOf(head, body))}\n`);
    return exitCode.success;
  }
  const { prepare } = await import("./prepare.ts");
  if (call.from !== undefined) {
    const { takeOver } = await import("./fetch-run.ts");
    call = { ...call, run: await takeOver(head.id, call, call.from) };
  }
  const prepared = await prepare(head, call, kit, body);
  if (call.mode === "plan") {
    const { plan } = await import("./plan.ts");
    return await plan(prepared, body);
  }
  if (call.mode === "versions") {
    const { versions } = await import("./versions.ts");
    return await versions(prepared);
  }
  if (call.mode === "undo" && prepared.stopped) {
    const { undo } = await import("./undo.ts");
    return await undo(prepared, prepared.stopped, body);
  }
  if (call.mark && prepared.stopped) {
    const { mark } = await import("./mark.ts");
    return await mark(prepared, prepared.stopped, call.mark, body);
  }
  const { run } = await import("./run.ts");
  return await run(prepared, body);
}
