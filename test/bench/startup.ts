import { execFile, execFileSync } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { median } from "./median.ts";
import type { Ratio } from "./ratio.ts";

const run = promisify(execFile);

/**
 * How long a program takes to say its help, against Node doing nothing, on the same Node. Both take turns, and the
 * median of the pairs' ratios is given, so that a busy moment weighs on neither.
 */
export async function benchStartup(name: string, file: string, pairs = 25): Promise<Ratio> {
  const subject = await timer([file, "--help"]);
  const against = await timer(["-e", "0"]);
  const times: { readonly subject: number; readonly against: number }[] = [];
  for (let pair = 0; pair < pairs; pair++) times.push({ subject: await subject(), against: await against() });
  return {
    name,
    subject: `${name} --help`,
    against: "node -e 0",
    ratio: median(times.map((each) => each.subject / each.against)),
    subjectMs: median(times.map((each) => each.subject)),
    againstMs: median(times.map((each) => each.against)),
  };
}

/** Builds the package below the repository, where its dependencies are found, and gives the path of its command. */
export function builtCommand(folder: string): string {
  execFileSync(process.execPath, ["runner/setup/build.ts", folder], { stdio: ["ignore", "ignore", "inherit"] });
  return join(folder, "runner/cli/main.js");
}

async function timer(args: readonly string[]): Promise<() => Promise<number>> {
  const once = async (): Promise<number> => {
    const begun = performance.now();
    await run(process.execPath, args);
    return performance.now() - begun;
  };
  await once();
  return once;
}
