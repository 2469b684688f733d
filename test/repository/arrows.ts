import { isBuiltin } from "node:module";
import type { Import } from "./imports.ts";

/** A room of the house, and what its modules may import besides each other. */
interface Room {
  readonly name: string;
  readonly files: RegExp;
  /** Rooms, or single modules, that it may import. */
  readonly imports?: readonly string[];
  /** … of which it may import types alone. */
  readonly types?: readonly string[];
  /** … that it may load only when they are asked for. */
  readonly lazily?: readonly string[];
  readonly packages?: readonly string[];
  /** Without Node's modules too. */
  readonly pure?: true;
}

/** Who may import whom. A file belongs to the first room that it matches. */
const rooms: readonly Room[] = [
  {
    name: "dsl/compile",
    files: /^dsl\/compile\//u,
    imports: ["dsl"],
    packages: ["ajv", "marked", "mvdan-sh", "ts-morph"],
  },
  { name: "dsl", files: /^dsl\//u, pure: true },
  {
    name: "runner/cli",
    files: /^runner\/cli\//u,
    imports: ["dsl", "runner"],
    lazily: ["dsl/compile", "runner/build", "runner/drill"],
    packages: ["commander"],
  },
  {
    name: "runner/drill",
    files: /^runner\/drill\//u,
    imports: ["dsl", "runner", "runner/build"],
    lazily: ["dsl/compile"],
    packages: ["ajv", "vitest"],
  },
  { name: "runner/build", files: /^runner\/build\//u, imports: ["runner"], packages: ["esbuild"] },
  { name: "runner/setup", files: /^runner\/setup\//u },
  { name: "runner", files: /^runner\//u, imports: ["dsl"], packages: ["zx"] },
  {
    name: "fixtures",
    files: /^fixtures\//u,
    types: ["dsl", "runner/binding.ts", "runner/drill/world.ts"],
    packages: ["commander", "dockerode", "esbuild", "pg", "saxes", "testcontainers"],
  },
  {
    name: "a drill",
    files: /^runbooks\/.*\.drill\.ts$/u,
    imports: ["dsl/index.ts", "fixtures", "runbooks"],
    pure: true,
  },
  { name: "runbooks", files: /^runbooks\//u, imports: ["dsl/index.ts"], pure: true },
  {
    name: "test",
    files: /^test\//u,
    imports: [
      "dsl",
      "dsl/compile",
      "runner",
      "runner/build",
      "runner/cli",
      "runner/drill",
      "fixtures",
      "runbooks",
      "a drill",
    ],
    packages: ["ajv", "fast-check", "oxc-parser", "vitest"],
  },
];

/** What the command line may load before it knows which command was asked for: it answers `--help` at once. */
const startup = { entry: "runner/cli/program.ts", rooms: ["dsl", "runner", "runner/cli"], packages: ["commander"] };

/** The imports that the table does not allow, one line each. */
export function wrongArrows(imports: readonly Import[]): readonly string[] {
  return [...imports.flatMap(wrongArrow), ...heavyAtStart(imports)];
}

function wrongArrow(found: Import): readonly string[] {
  const { from, line, to, how } = found;
  const room = roomOf(from);
  if (!room) return [`${from}: belongs to no room; give it one in test/repository/arrows.ts`];
  return allowed(room, found)
    ? []
    : [`${from}:${line}: may not import ${to}${how === "static" ? "" : ` (${how})`}; ${mayImport(room)}`];
}

function allowed(room: Room, { to, how }: Import): boolean {
  if (isBuiltin(to)) return !room.pure;
  const itsRoom = roomOf(to);
  if (!itsRoom) return names(room.packages, packageOf(to));
  return (
    itsRoom === room ||
    [to, itsRoom.name].some(
      (name) =>
        names(room.imports, name) ||
        (how === "type" && names(room.types, name)) ||
        (how !== "static" && names(room.lazily, name)),
    )
  );
}

/** Follows what is loaded together with the command line's first module. */
function heavyAtStart(imports: readonly Import[]): readonly string[] {
  const wrong: string[] = [];
  const loaded = new Set([startup.entry]);
  for (const module of loaded) {
    for (const { from, line, to, how } of imports) {
      if (from !== module || how !== "static" || isBuiltin(to)) continue;
      const room = roomOf(to);
      if (room ? startup.rooms.includes(room.name) : startup.packages.includes(packageOf(to))) {
        if (room) loaded.add(to);
      } else {
        wrong.push(`${from}:${line}: every command would load ${to}; load it where it is needed: await import(…)`);
      }
    }
  }
  return wrong;
}

function roomOf(path: string): Room | undefined {
  return rooms.find(({ files }) => files.test(path));
}

/** `zx` of `zx/core`, `@scope/name` of `@scope/name/part`. */
function packageOf(specifier: string): string {
  return specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");
}

function names(list: readonly string[] | undefined, name: string): boolean {
  return list?.includes(name) ?? false;
}

function mayImport({ name, imports = [], types = [], lazily = [], packages = [], pure }: Room): string {
  const list = [
    ...imports,
    ...types.map((type) => `types of ${type}`),
    ...lazily.map((room) => `${room} lazily`),
    ...packages,
    ...(pure ? [] : ["Node's modules"]),
  ];
  return `${name} may import ${list.join(", ") || "nothing but itself"}`;
}
