import { Ajv2020, type ErrorObject, type ValidateFunction } from "ajv/dist/2020.js";
import schema from "../../plan/plan.schema.json" with { type: "json" };

let validate: ValidateFunction | undefined;

/** Where a value is not as the plan's schema says, and how; nothing where it is. */
export function schemaError(plan: unknown): string | undefined {
  // Compiled in each process and used once or a few times: quickly rather than well. A test holds the schema itself.
  const quickly = { validateSchema: false, inlineRefs: false, code: { optimize: false } } as const;
  validate ??= new Ajv2020({ strict: true, allowUnionTypes: true, ...quickly }).compile(schema);
  return validate(plan) ? undefined : sentence(validate.errors ?? []);
}

/** Of a choice each branch complains: the one that got deepest into the value is the one that was meant. */
function sentence(errors: readonly ErrorObject[]): string {
  const telling = errors.filter(({ keyword }) => keyword !== "const" && keyword !== "oneOf" && keyword !== "if");
  const [deepest] = (telling.length > 0 ? telling : errors).toSorted((a, b) => depth(b) - depth(a));
  const { instancePath = "", message = "is not valid", params } = deepest ?? {};
  const extra = params && "additionalProperty" in params ? `: ${String(params["additionalProperty"])}` : "";
  return `${instancePath || "the plan"} ${message}${extra}`;
}

function depth({ instancePath }: ErrorObject): number {
  return instancePath.split("/").length;
}
