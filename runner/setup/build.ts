import { spawnSync } from "node:child_process";
import { cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * `npm run build [folder]`: makes the published package in dist/, JavaScript with declarations. Node refuses to strip
 * types inside node_modules, so what runs here as it is must be built there. Publish it with `npm publish dist`.
 */
const root = fileURLToPath(new URL("../../", import.meta.url));
const dist = `${resolve(process.argv[2] ?? `${root}dist`)}/`;
const parts = ["dsl", "runner", "fixtures"];

/** The oldest Node that the package's own dependencies accept. Emitted scripts are content with an older one. */
const engines = { node: ">=22.22" };

rmSync(dist, { recursive: true, force: true });
const tsc = spawnSync("tsc", ["-p", "runner/setup/tsconfig.package.json", "--outDir", dist], {
  cwd: root,
  stdio: "inherit",
});
// tsc has said what is wrong.
if (tsc.status !== 0) process.exit(1);
for (const part of parts) {
  // What is no TypeScript goes along as it is: images, units, the supervisor, schemas.
  cpSync(root + part, dist + part, {
    recursive: true,
    filter: (path) => !path.endsWith(".ts") && !path.startsWith(`${root}runner/setup`),
  });
}
for (const file of ["README.md", "LICENSE", "CHANGELOG.md"]) cpSync(root + file, dist + file);
writeFileSync(`${dist}package.json`, `${JSON.stringify(manifest(), null, 2)}\n`);

/** The repository's manifest, less what is for the repository alone, its sources turned into what was built of them. */
function manifest(): object {
  const source = JSON.parse(readFileSync(`${root}package.json`, "utf8")) as Manifest;
  const { name, version, description, license, type, bin, exports, dependencies } = source;
  return {
    name,
    version,
    description,
    license,
    type,
    engines,
    bin: mapped(bin, built),
    exports: mapped(exports, (path) => ({ types: path.replace(/\.ts$/u, ".d.ts"), default: built(path) })),
    dependencies,
  };
}

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly license: string;
  readonly type: string;
  readonly bin: Readonly<Record<string, string>>;
  readonly exports: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
}

function mapped<T>(record: Readonly<Record<string, string>>, map: (path: string) => T): Readonly<Record<string, T>> {
  return Object.fromEntries(Object.entries(record).map(([key, path]) => [key, map(path)]));
}

function built(path: string): string {
  return path.replace(/\.ts$/u, ".js");
}
