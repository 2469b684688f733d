import { expect, test } from "vitest";
import { bool, host, line, list, role, runbook, sh } from "../../../dsl/index.ts";
import { planWithStep, removable, withoutStep } from "../../../runner/drill/without.ts";

const server = host("server", role("server", { assets: ["data"] }));
const on = { on: server, effect: "idempotent", run: sh`true`, verify: sh`true` } as const;

const { plan } = runbook(
  "restore",
  { recovers: server.data, objective: { rto: "1h", rpo: "1h" } },
  ({ read, change, when, forEach }) => {
    const newest = read("Newest copy", { on: server, run: sh`ls`, gives: line() });
    change("Fetch the copy", { ...on, run: sh`fetch -- ${newest}` });
    when("Is it large", read("Large", { on: server, run: sh`large`, gives: bool() }), () => {
      change("Make room", on);
      change("Grow the disk", on);
    });
    const files = read("Files", { on: server, run: sh`ls`, gives: list(line()) });
    forEach("Each file", files, (file) => change("Put it back", { ...on, run: sh`put -- ${file}` }));
  },
);
const { plan: other } = runbook("keep", { backsUp: server.data, objective: { rto: "1h", rpo: "1h" } }, ({ change }) => {
  change("Make a copy", on);
  change("Make room", on);
});

const idsOf = (steps: readonly { readonly id: string }[]): string[] => steps.map(({ id }) => id);

test.each(["Fetch the copy", "fetch-the-copy"])("a step is taken out by %s", (name) => {
  expect(idsOf(withoutStep(plan, name).steps)).not.toContain("fetch-the-copy");
  expect(idsOf(plan.steps)).toContain("fetch-the-copy");
});

test("a step is taken out of a branch", () => {
  const branch = withoutStep(plan, "Make room").steps.find(({ id }) => id === "is-it-large");
  expect(branch).toMatchObject({ then: [{ id: "grow-the-disk" }] });
});

test("what is nested in a step goes with it, and so do the uses that stand there", () => {
  expect(idsOf(withoutStep(plan, "Each file").steps)).not.toContain("each-file");
});

test("a read whose value is used is refused, and the users are named", () => {
  expect(() => withoutStep(plan, "Newest copy")).toThrow(/DB4005.*"newest-copy".*"fetch-the-copy"/su);
});

test("an unknown step is refused with the nearest title", () => {
  expect(() => withoutStep(plan, "Fetch a copy")).toThrow(/DB4003.*"Fetch the copy"/su);
});

test("the only step of a runbook is refused", () => {
  expect(() => withoutStep({ ...other, steps: other.steps.slice(0, 1) }, "Make a copy")).toThrow(/DB4006/u);
});

test("a step that several runbooks have is refused until one is named", () => {
  expect(() => planWithStep([plan, other], "Make room")).toThrow(/DB4004.*"restore:Make room" or "keep:Make room"/su);
  expect(planWithStep([plan, other], "keep:Make room")).toMatchObject({ plan: { id: "keep" }, step: "Make room" });
});

test("what a drill proposes to take out can be taken out, by a name that no other runbook's step has", () => {
  const plans = [plan, other];
  for (const each of plans) {
    const proposed = planWithStep(plans, removable(each, plans) ?? "");
    expect(proposed.plan).toBe(each);
    expect(withoutStep(each, proposed.step)).toBeTruthy();
  }
  expect(removable(other, plans)).toBe("keep:Make room");
});
