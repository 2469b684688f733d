import { createHash } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Plugin } from "esbuild";
import { runtimeName } from "../runtime/kit-identity.ts";
import { supervisorText as supervisor } from "../transport/supervisor-text.ts";

/** The one file that every script of a kit imports: what runs a script, zx's core, and the supervisor of the hosts. */
export interface RuntimeFile {
  readonly bytes: Uint8Array;
  /** Of the bytes, hex. */
  readonly sha256: string;
  /** `drillbook-runtime-<the first 12 digits>.mjs` */
  readonly fileName: string;
}

/** Builds the runtime: the same sources give the same bytes, on any machine. */
export async function buildRuntime(): Promise<RuntimeFile> {
  const { build } = await import("esbuild");
  const { outputFiles } = await build({
    // The toolkit runs as source and as built JavaScript.
    entryPoints: [path(`../runtime/script${extname(import.meta.filename)}`)],
    // Paths stand in comments of the output; seen from here, they are the same in every checkout.
    absWorkingDir: path("../.."),
    bundle: true,
    write: false,
    format: "esm",
    platform: "node",
    target: "node20.19",
    // Readable in an emergency; names are whole in what a stack shows.
    minify: false,
    legalComments: "none",
    banner: { js: banner },
    plugins: [supervisorText, builtinsWhenNeeded],
  });
  const [file] = outputFiles;
  if (!file) throw new TypeError("esbuild gave no file");
  const sha256 = createHash("sha256").update(file.contents).digest("hex");
  return { bytes: file.contents, sha256, fileName: runtimeName(sha256) };
}

/** Writes a file as a whole or not at all, and only where it is not there with these bytes. */
export async function placeRuntime(folder: string, { fileName, bytes }: RuntimeFile): Promise<string> {
  const file = join(folder, fileName);
  const there = await readFile(file).catch(() => undefined);
  if (there && Buffer.compare(there, bytes) === 0) return file;
  await mkdir(folder, { recursive: true });
  const whole = `${file}.${process.pid}`;
  await writeFile(whole, bytes);
  await rename(whole, file);
  return file;
}

// zx's core is CommonJS inside, and asks for Node's own modules with `require`; all others are in the file.
const banner = `// The runtime of Drillbook's scripts (MIT). It contains zx's core (Apache-2.0, Google LLC) and what that carries:
// zurk, chalk, which, @webpod/ps, @webpod/ingrid (MIT, ISC).
const require = process.getBuiltinModule;
`;

/** Puts the supervisor's text itself where its module would read it from the files beside it. */
const supervisorText: Plugin = {
  name: "supervisor-text",
  setup: ({ onLoad }) =>
    onLoad({ filter: /[/\\]transport[/\\]supervisor-text\.[jt]s$/ }, () => ({
      contents: `export const supervisorText = ${JSON.stringify(supervisor)};`,
    })),
};

/**
 * Loads a module of Node's together with the module that imports it. Left alone, esbuild lifts all of them to the top
 * of the file, and `--help` pays for what only a run needs.
 */
const builtinsWhenNeeded: Plugin = {
  name: "builtins-when-needed",
  setup: ({ onResolve, onLoad }) => {
    onResolve({ filter: /^node:/ }, ({ path: module, kind }) =>
      kind === "import-statement" ? { path: module, namespace: "builtin" } : { path: module, external: true },
    );
    // As CommonJS: what it exports is looked up when it is used, and depends on no Node that builds the runtime. Behind an
    // object of its own, for esbuild copies what such a module has itself, and Node loads much of its own by being asked.
    onLoad({ filter: /./, namespace: "builtin" }, ({ path: module }) => ({
      contents: `module.exports = Object.create(require(${JSON.stringify(module)}));`,
    }));
  },
};

function path(relative: string): string {
  return fileURLToPath(new URL(relative, import.meta.url));
}
