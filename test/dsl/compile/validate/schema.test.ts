import { fileURLToPath } from "node:url";
import { Ajv } from "ajv";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it, test } from "vitest";
import { SourceReader } from "../../../../dsl/compile/read/reader.ts";
import evidence from "../../../../runner/drill/evidence/statement.schema.json" with { type: "json" };
import schema from "../../../../dsl/plan/plan.schema.json" with { type: "json" };

/** The members of an object's form, `name` or `name?`. */
type Form = string;

interface ObjectSchema {
  readonly properties: object;
  readonly required: readonly string[];
  readonly additionalProperties: boolean;
}

test.each([
  ["a plan", new Ajv2020({ strict: true, allowUnionTypes: true }), schema],
  ["evidence", new Ajv(), evidence],
])("the schema of %s is one", (_, ajv, given) => {
  expect(ajv.validateSchema(given)).toBe(true);
});

const file = new SourceReader().file(fileURLToPath(new URL("../../../../dsl/plan/plan.ts", import.meta.url)));
const definitions: Readonly<Record<string, object>> = { ...schema.$defs, Plan: schema };

describe("the schema says of each type of plan.ts what the type says", () => {
  const objects = ["Plan", "Objective", "HostSpec", "AssetRef", "Param", "Command"];
  const steps = ["ReadStep", "ChangeStep", "ConfirmStep", "WhenStep", "ForEachStep"];
  it.each([...objects, ...steps])("%s", (name) => {
    const type = file.getInterfaceOrThrow(name).getType();
    expect(formOfSchema(definitions[name] as ObjectSchema)).toBe(formOfType(type));
  });

  it.each(["HostRef", "Need", "TypeSpec", "Guard", "Operand", "Predicate"])("%s", (name) => {
    const types = file.getTypeAliasOrThrow(name).getType().getUnionTypes();
    const { oneOf } = definitions[name] as { readonly oneOf: readonly ObjectSchema[] };
    expect(unique(oneOf.map(formOfSchema))).toEqual(unique(types.map(formOfType)));
  });

  it("ScalarType", () => {
    const types = file.getTypeAliasOrThrow("ScalarType").getType().getUnionTypes();
    expect(new Set(types.map((type) => type.getLiteralValueOrThrow()))).toEqual(new Set(schema.$defs.ScalarType.enum));
  });

  it("Step", () => {
    const names = file.getTypeAliasOrThrow("Step").getTypeNodeOrThrow().getText().split(" | ");
    expect(schema.$defs.Step.oneOf.map(({ $ref }) => $ref.replace("#/$defs/", ""))).toEqual(names);
  });
});

it("no object of a plan has room for what nobody knows", () => {
  const open = Object.entries(definitions).filter(
    ([, definition]) => "properties" in definition && (definition as ObjectSchema).additionalProperties,
  );
  expect(open).toEqual([]);
});

function formOfSchema({ properties, required }: ObjectSchema): Form {
  return members(Object.keys(properties).map((name) => (required.includes(name) ? name : `${name}?`)));
}

function formOfType(type: ReturnType<ReturnType<typeof file.getInterfaceOrThrow>["getType"]>): Form {
  return members(
    type.getProperties().map((member) => (member.isOptional() ? `${member.getName()}?` : member.getName())),
  );
}

function members(names: readonly string[]): Form {
  return [...names].sort().join(" ");
}

function unique(forms: readonly Form[]): readonly Form[] {
  return [...new Set(forms)].sort();
}
