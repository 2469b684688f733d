/** The part of package-lock.json that matters here. */
export interface Lockfile {
  readonly packages: Readonly<Record<string, LockedPackage>>;
}

interface LockedPackage {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/** Dependencies that the lockfile has no package for, those of other platforms included: `npm ci` refuses it then. */
export function lockfileGaps({ packages }: Lockfile): readonly string[] {
  return Object.entries(packages).flatMap(([path, { dependencies, devDependencies, optionalDependencies }]) =>
    Object.keys({ ...dependencies, ...devDependencies, ...optionalDependencies })
      .filter((name) => !foldersAbove(path).some((folder) => `${folder}node_modules/${name}` in packages))
      .map((name) => `package-lock.json: ${path || "the project"} depends on ${name}, which is not in it`),
  );
}

/** Where Node looks for the packages of a package: in its own folder, and beside each package it lies in. */
function foldersAbove(path: string): readonly string[] {
  const beside = [...path.matchAll(/\bnode_modules\//gu)].map(({ index }) => path.slice(0, index));
  return ["", ...beside, `${path}/`];
}
