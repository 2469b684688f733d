import { parts, type DrillResult, type Subject } from "../result.ts";

/** An in-toto Statement with a test-result predicate, unsigned; `statement.schema.json` beside this file is its schema. */
export interface Statement {
  readonly _type: typeof statementType;
  readonly subject: readonly Descriptor[];
  readonly predicateType: typeof predicateType;
  readonly predicate: Predicate;
}

export const statementType = "https://in-toto.io/Statement/v1";
export const predicateType = "https://in-toto.io/attestation/test-result/v0.1";

export interface Descriptor {
  readonly name: string;
  readonly digest: { readonly sha256: string };
}

export interface Predicate {
  /** A void drill has failed for readers who know no third outcome; `drill.verdict` tells them apart. */
  readonly result: "PASSED" | "FAILED";
  /** The drill as it was declared, and the sources of its world. */
  readonly configuration: readonly Descriptor[];
  /** The parts that passed, and those that did not. */
  readonly passedTests: readonly string[];
  readonly failedTests: readonly string[];
  /** Everything that the drill found. */
  readonly drill: Recorded;
}

/** Evidence of an earlier day tells nothing of tools. */
export type Recorded = Omit<DrillResult, "subjects" | "configuration" | "evidence" | "kept" | "tools"> &
  Partial<Pick<DrillResult, "tools">>;

export function statementOf(result: DrillResult): Statement {
  const { subjects, configuration, evidence: _evidence, kept: _kept, ...drill } = result;
  return {
    _type: statementType,
    subject: subjects.map(descriptor),
    predicateType,
    predicate: {
      result: result.verdict === "passed" ? "PASSED" : "FAILED",
      configuration: configuration.map(descriptor),
      passedTests: parts.filter((part) => result.parts[part] === "passed"),
      failedTests: parts.filter((part) => ["failed", "void"].includes(result.parts[part])),
      drill,
    },
  };
}

const descriptor = ({ name, sha256 }: Subject): Descriptor => ({ name, digest: { sha256 } });
