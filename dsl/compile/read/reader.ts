import {
  FileSystemRefreshResult,
  ModuleKind,
  ModuleResolutionKind,
  Project,
  ScriptTarget,
  ts,
  type Node,
  type SourceFile,
} from "ts-morph";
import type { Place } from "../load/stack.ts";

/** The authors' sources as syntax trees with types, read from disk and kept until {@link SourceReader.refresh}. */
export class SourceReader {
  readonly #project = new Project({
    skipAddingFilesFromTsConfig: true,
    compilerOptions: {
      target: ScriptTarget.ES2024,
      lib: ["lib.es2024.d.ts"],
      module: ModuleKind.NodeNext,
      moduleResolution: ModuleResolutionKind.NodeNext,
      moduleDetection: ts.ModuleDetectionKind.Force,
      types: [],
      strict: true,
      allowImportingTsExtensions: true,
      noEmit: true,
      skipLibCheck: true,
    },
  });

  readonly #nodes = new Map<string, readonly Node[]>();

  /** Reads files anew that may have changed. */
  refresh(files: readonly string[]): void {
    for (const file of files) {
      const { Deleted, NoChange } = FileSystemRefreshResult;
      const result = this.#project.getSourceFile(file)?.refreshFromFileSystemSync() ?? Deleted;
      if (result !== NoChange) this.#nodes.delete(file);
    }
  }

  /** Every node of a file, in the order of the text. */
  nodes(path: string): readonly Node[] {
    const known = this.#nodes.get(path);
    if (known) return known;
    const nodes: Node[] = [];
    this.file(path).forEachDescendant((node) => void nodes.push(node));
    this.#nodes.set(path, nodes);
    return nodes;
  }

  file(path: string): SourceFile {
    return this.#project.addSourceFileAtPath(path);
  }

  /** The text of a file, where it can be read. */
  text(path: string): string | undefined {
    return this.#project.addSourceFileAtPathIfExists(path)?.getFullText();
  }

  /** The smallest node at a place, or none where the place is not in the file. */
  nodeAt(place: Place): Node | undefined {
    const file = this.#project.addSourceFileAtPathIfExists(place.file);
    const start = file?.compilerNode.getLineStarts()[place.line - 1];
    return start === undefined ? undefined : file?.getDescendantAtPos(start + place.column - 1);
  }

  /** Where a node begins. */
  placeOf(node: Node): Place {
    const { line, column } = node.getSourceFile().getLineAndColumnAtPos(node.getStart());
    return { file: node.getSourceFile().getFilePath(), line, column };
  }
}
