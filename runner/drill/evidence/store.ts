import { mkdir, open, readFile, rename } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { DrillResult } from "../result.ts";
import { statementOf, type Statement } from "./statement.ts";
import { parseStatement } from "./validate.ts";

/** Where the evidence of a drill lies, relative to the project. A demonstration's lies apart: it shows nothing else. */
export function evidenceFile({ drill, demonstration }: Pick<DrillResult, "drill" | "demonstration">): string {
  const folder = join(".drillbook", "evidence");
  return demonstration.length === 0 ? join(folder, `${drill}.json`) : join(folder, "demonstrations", `${drill}.json`);
}

/** Writes the evidence of a result, whole or not at all. @returns its path, relative to the project */
export async function writeEvidence(root: string, result: DrillResult): Promise<string> {
  const file = evidenceFile(result);
  const path = join(root, file);
  const text = `${JSON.stringify(statementOf(result), undefined, 2)}\n`;
  parseStatement(text, file);
  await mkdir(dirname(path), { recursive: true });
  const beside = `${path}.${process.pid}`;
  {
    await using handle = await open(beside, "w");
    await handle.writeFile(text);
    await handle.sync();
  }
  await rename(beside, path);
  return file;
}

/** The newest evidence of a drill; none when it has not been run. @throws DrillError DB4031 when it is damaged */
export async function readEvidence(root: string, drill: string): Promise<Statement | undefined> {
  const file = evidenceFile({ drill, demonstration: [] });
  let text: string;
  try {
    text = await readFile(join(root, file), "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
  return parseStatement(text, file);
}
