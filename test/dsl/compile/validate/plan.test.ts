import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { planErrors } from "../../../../dsl/compile/validate/plan.ts";
import { plans } from "../../plans.ts";

/** A sound plan that mutations make unsound, one at a time. */
const sound = {
  v: 1,
  id: "case",
  kind: "recovery",
  recovers: { of: { param: "server" }, asset: "database" },
  objective: { rtoSeconds: 1, rpoSeconds: 1 },
  needs: [{ need: "item", item: "a key" }],
  params: {
    server: { type: { type: "host", role: "database-server" }, doc: "" },
    mode: { type: { type: "choice", of: ["a"] }, doc: "" },
  },
  hosts: { store: { role: "store" } },
  secrets: [],
  steps: [
    {
      kind: "read",
      id: "look",
      title: "Look",
      on: { host: "store" },
      run: { text: "ls", vars: {} },
      gives: { type: "path" },
    },
    {
      kind: "change",
      id: "do-it",
      title: "Do it",
      on: { param: "server" },
      effect: "idempotent",
      run: { text: 'a -- "$look"', vars: { look: "step:look" } },
      verify: { text: "b", vars: {} },
      done: "ask",
      guards: [{ guard: "is-host", host: { host: "store" } }],
      destroys: [{ of: { host: "store" }, asset: "sets" }],
    },
  ],
};

it("a sound plan is accepted", () => expect(planErrors(sound)).toEqual([]));

describe("a plan is refused", () => {
  it.each<[string, string, unknown, string]>([
    ["of another version", "v", 2, "/v"],
    ["with an id that is no identifier", "id", "Case", "/id"],
    ["of no known kind", "kind", "repair", "/kind"],
    ["without steps", "steps", [], "/steps"],
    ["with a member that nobody knows", "extra", 1, "extra"],
    ["with an objective in other units", "objective.rtoSeconds", 1.5, "/objective/rtoSeconds"],
    ["with a choice that a program takes for an option", "params.mode.type.of.0", "-rf", "/params/mode/type/of/0"],
    ["with an account that is more than a name", "steps.0.as", "postgres; rm", "/steps/0/as"],
    ["with a title of two lines", "steps.0.title", "Look\nhere", "/steps/0/title"],
    ["with an id that escapes its folder", "steps.0.id", "../../etc", "/steps/0/id"],
    ["with a command that has NUL in it", "steps.0.run.text", "a\0b", "/steps/0/run/text"],
    ["with a command that has a carriage return in it", "steps.0.run.text", "a\rb", "/steps/0/run/text"],
    ["with a command that is no Unicode", "steps.0.run.text", "a\ud800b", "/steps/0/run/text"],
    ["with a command of nothing", "steps.0.run.text", " \n ", "/steps/0/run/text"],
    ["with a variable that the environment knows", "steps.1.run.vars", { PATH: "step:look" }, "/steps/1/run/vars"],
    ["with a timeout of nothing", "steps.0.timeoutSeconds", 0, "/steps/0/timeoutSeconds"],
    ["that destroys without a guard", "steps.1.guards", [], "/steps/1/guards"],
    ["with a step of no known kind", "steps.0.kind", "wait", "/steps/0"],
    ["with two steps of one id", "steps.1.id", "look", 'Two steps have the id "look".'],
    ["with a value that nothing gives", "steps.0.id", "other", '"do-it" uses "step:look", which is not there.'],
    ["with a value by another name", "steps.1.run.vars", { other: "step:look" }, 'calls "step:look" $other'],
    ["with a value that stands nowhere", "steps.1.run.text", "a", 'has no word for "step:look"'],
    ["with a value whose quote is escaped", "steps.1.run.text", 'a \\"$look"', 'has no word for "step:look"'],
    ["with a command that is not laid out", "steps.0.run.text", " ls", "begins or ends with white space"],
    ["on a host that it does not list", "steps.0.on.host", "db9", 'The host "db9" is not among its hosts.'],
    ["on a host that no parameter names", "steps.1.on.param", "mode", 'The parameter "mode" names no host.'],
  ])("%s", (_, path, value, said) => expect(planErrors(mutated(path.split("."), value)).join("\n")).toContain(said));

  it("whatever else it is", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(planErrors(value)).not.toEqual([]);
      }),
    );
  });

  it("when anything that it has to have is missing", () => {
    fc.assert(
      fc.property(plans, fc.nat(), (plan, which) => {
        const required = Object.keys(plan).filter((name) => name !== "recovers");
        const { [required[which % required.length] as keyof typeof plan]: _, ...rest } = plan;
        expect(planErrors(rest)).not.toEqual([]);
      }),
    );
  });
});

function mutated(path: readonly string[], value: unknown, of: unknown = sound): unknown {
  const [name = "", ...rest] = path;
  const inner = rest.length === 0 ? value : mutated(rest, value, (of as Readonly<Record<string, unknown>>)[name]);
  if (Array.isArray(of)) return of.with(Number(name), inner);
  return { ...(of as object), [name]: inner };
}
