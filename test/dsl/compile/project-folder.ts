import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const repository = fileURLToPath(new URL("../../../", import.meta.url));

/** A project in a temporary folder, in which `drillbook` is this repository. */
export interface ProjectFolder extends AsyncDisposable {
  /** Absolute path. */
  readonly root: string;
  write(files: Readonly<Record<string, string>>): Promise<void>;
}

export async function projectFolder(files: Readonly<Record<string, string>> = {}): Promise<ProjectFolder> {
  const root = await mkdtemp(join(tmpdir(), "drillbook-"));
  await mkdir(join(root, "node_modules"));
  await symlink(repository, join(root, "node_modules", "drillbook"));
  const write = async (some: Readonly<Record<string, string>>): Promise<void> => {
    for (const [path, text] of Object.entries(some)) {
      await mkdir(dirname(join(root, path)), { recursive: true });
      await writeFile(join(root, path), text);
    }
  };
  await write({ "package.json": '{ "type": "module" }', ...files });
  return { root, write, [Symbol.asyncDispose]: () => rm(root, { recursive: true }) };
}
