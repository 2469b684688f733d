import { Ajv } from "ajv";
import { badEvidence } from "../errors.ts";
import schema from "./statement.schema.json" with { type: "json" };
import type { Statement } from "./statement.ts";

const ajv = new Ajv({ allErrors: true });
const valid = ajv.compile<Statement>(schema);

/** The statement that a text holds. @throws DrillError DB4031 when it is none */
export function parseStatement(text: string, file: string): Statement {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw badEvidence(file, "it is no JSON");
  }
  if (valid(value)) return value;
  throw badEvidence(file, ajv.errorsText(valid.errors, { dataVar: "statement" }));
}
