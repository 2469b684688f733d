import { posix } from "node:path";
import { parseSync } from "oxc-parser";
import { lineAt, type SourceFile } from "./files.ts";

/** One import, or re-export, of a module. */
export interface Import {
  readonly from: string;
  readonly line: number;
  /** Path from the root, `node:…`, or a package's specifier. */
  readonly to: string;
  /** When it is loaded: with the module, when asked for, or never. */
  readonly how: "static" | "lazy" | "type";
}

/** The imports of a module whose specifiers are written out. */
export function importsOf({ path, text }: SourceFile): readonly Import[] {
  const { module } = parseSync(path, text);
  const found = (start: number, specifier: string, how: Import["how"]): Import => ({
    from: path,
    line: lineAt(text, start),
    to: specifier.startsWith(".") ? posix.join(posix.dirname(path), specifier) : specifier,
    how,
  });
  const statement = (start: number, specifier: string): Import =>
    found(start, specifier, /^(?:import|export)\s+type\b/u.test(text.slice(start)) ? "type" : "static");
  return [
    ...module.staticImports.map(({ start, moduleRequest }) => statement(start, moduleRequest.value)),
    ...module.staticExports.flatMap(({ start, entries }) => {
      const source = entries.find((entry) => entry.moduleRequest)?.moduleRequest;
      return source ? [statement(start, source.value)] : [];
    }),
    ...module.dynamicImports.flatMap(({ start, moduleRequest }) => {
      const [, literal] = /^["'](.*)["']$/u.exec(text.slice(moduleRequest.start, moduleRequest.end)) ?? [];
      return literal === undefined ? [] : [found(start, literal, "lazy")];
    }),
  ];
}
