import { Ajv, type ValidateFunction } from "ajv";
import { badEvidence } from "../errors.ts";
import schema from "./statement.schema.json" with { type: "json" };
import type { Statement } from "./statement.ts";

// Compiled where evidence is read, for there only, and quickly rather than well. A test holds the schema itself.
const quickly = { validateSchema: false, inlineRefs: false, code: { optimize: false } } as const;
let known: { readonly ajv: Ajv; readonly valid: ValidateFunction<Statement> } | undefined;

function compiled(): NonNullable<typeof known> {
  const ajv = new Ajv({ allErrors: true, ...quickly });
  return { ajv, valid: ajv.compile<Statement>(schema) };
}

/** The statement that a text holds. @throws DrillError DB4031 when it is none */
export function parseStatement(text: string, file: string): Statement {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw badEvidence(file, "it is no JSON");
  }
  const { ajv, valid } = (known ??= compiled());
  if (valid(value)) return value;
  throw badEvidence(file, ajv.errorsText(valid.errors, { dataVar: "statement" }));
}
