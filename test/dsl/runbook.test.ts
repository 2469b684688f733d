import { describe, expect, it } from "vitest";
import {
  bool,
  eq,
  freeSpace,
  holds,
  hostOf,
  integer,
  isHost,
  line,
  list,
  lt,
  path,
  present,
  procedure,
  role,
  runbook,
  secret,
  sh,
  text,
  timestamp,
  tools,
  type Change,
  type Read,
  type Ref,
} from "../../dsl/index.ts";
import { canonical } from "../../dsl/plan/canonical.ts";
import { reservedParams } from "../../dsl/plan/reserved-params.ts";
import { planErrors } from "../../dsl/compile/validate/plan.ts";
import { commonOptions } from "../../runner/runtime/options.ts";
import { codeOf, databaseServer, db1, declare, store } from "./declared.ts";

const objective = { rto: "90m", rpo: "1d" } as const;
const look = { on: db1, run: sh`look`, gives: text() } as const;
const idempotent = { on: db1, effect: "idempotent", run: sh`a`, verify: sh`b` } as const;

describe("a plan", () => {
  it.each([
    ["recovery", { recovers: db1.database }],
    ["backup", { backsUp: db1.database }],
    ["check", {}],
  ])("is a %s by what its runbook is for", (kind, head) => {
    expect(runbook("case", { ...head, objective }, ({ read }) => void read("Look", look)).plan.kind).toBe(kind);
  });

  it("has its objective in seconds", () => {
    expect(declare(({ read }) => void read("Look", look)).plan.objective).toEqual({
      rtoSeconds: 3600,
      rpoSeconds: 86_400,
    });
  });

  it("has every host of the inventory that is named anywhere, with its role, and none by parameter", () => {
    const params = { server: hostOf(databaseServer) };
    const { plan } = runbook(
      "case",
      { objective, needs: [store.sets, tools(db1, "psql")], params },
      ({ read, params }) => {
        read("Look", { ...look, on: params.server });
      },
    );
    expect(plan.hosts).toEqual({ db1: { role: "database-server" }, store: { role: "store" } });
  });

  it("has the roles of a host parameter, one by its name, several as a list, and the assets that all of them have", () => {
    const [web, mail] = [role("web", { assets: ["keys", "site"] }), role("mail", { assets: ["post", "keys"] })];
    const params = { one: hostOf(web), either: hostOf([web, mail]) };
    const { plan } = runbook(
      "case",
      { objective, params, backsUp: ({ either }) => either.keys },
      ({ read, params }) => {
        expect(params.either).not.toHaveProperty("site");
        read("Look", { ...look, on: params.either });
        read("See", { ...look, on: params.one });
      },
    );
    expect(plan.params["one"]?.type).toEqual({ type: "host", role: "web" });
    expect(plan.params["either"]?.type).toEqual({ type: "host", role: ["web", "mail"] });
    expect(plan.backsUp).toEqual({ of: { param: "either" }, asset: "keys" });
  });

  it("refuses a parameter that is an option of every script, and no other", () => {
    const named = (name: string) => () => runbook("a", { objective, params: { [name]: line() } }, () => {});
    for (const { name } of commonOptions) expect(codeOf(named(name))).toBe("DB1023");
    expect([...reservedParams].sort()).toEqual(commonOptions.map(({ name }) => name).sort());
    expect(codeOf(named("planned"))).toBe("DB1012");
  });

  it("has the secrets that its steps take, each once, in order", () => {
    const { plan } = declare(({ change }) => {
      for (const name of ["b", "a", "b"]) change(`Set ${titled(name)}`, { ...idempotent, stdin: secret(name) });
    });
    expect(plan.secrets).toEqual(["a", "b"]);
  });

  it("asks verify whether a change is in effect, where nothing else is said", () => {
    const { plan } = declare(({ change }) => change("Do it", idempotent));
    expect(plan.steps[0]).toMatchObject({ verify: { text: "b" }, done: { text: "b" }, guards: [], destroys: [] });
  });

  it("is the same, byte for byte, each time the runbook is declared", () => {
    const make = (): string =>
      canonical(declare(({ read, change }) => (read("Look", look), change("Do it", idempotent))).plan);
    expect(make()).toBe(make());
  });

  it("holds together", () => {
    const params = { before: timestamp().optional(), mode: line() };
    const { plan } = runbook(
      "case",
      { recovers: db1.database, objective, params },
      ({ read, change, when, forEach, params }) => {
        const bytes = read("Bytes", { ...look, gives: integer() });
        const all = read("All", { ...look, gives: list(path()) });
        when("An older one", params.before, (before) =>
          change("Do it", { ...idempotent, run: sh`a ${before}`, stdin: params.mode }),
        );
        forEach("Each", all, (file) =>
          change("Move", {
            ...idempotent,
            run: sh`mv ${file}`,
            guard: [isHost(db1), freeSpace("/srv", { times: 2, of: bytes })],
          }),
        );
        when("Small", lt(bytes, 10), () => change("Other", { ...idempotent, guard: [holds("it is", sh`x ${bytes}`)] }));
      },
    );
    expect(planErrors(plan)).toEqual([]);
  });
});

// Titles of the steps below, so that no two are the same.
let count = 0;
const titled = (name: string): string => `${name} ${(count += 1)}`;

describe("the language refuses", () => {
  it.each<[string, string, () => unknown]>([
    ["two steps of one id", "DB1004", () => declare(({ read }) => (read("Look", look), void read("look!", look)))],
    ["a procedure called twice under one prefix", "DB1004", () => declare(() => (inner(), inner()))],
    ["two values of one name", "DB1008", () => declare(({ read }) => (read("Inner look", look), inner()))],
    ["a runbook without steps", "DB1012", () => declare(() => {})],
    ["an async body", "DB1003", () => declare((): unknown => Promise.resolve())],
    [
      "a destroying change without a guard",
      "DB1011",
      () => declare(({ change }) => change("Wipe", { ...idempotent, destroys: [db1.database] } as unknown as Change)),
    ],
    [
      "a duration that is none",
      "DB1007",
      () => declare(({ change }) => change("Do it", { ...idempotent, timeout: "soon" as "1s" })),
    ],
    ["a procedure outside of a runbook", "DB1002", () => inner()],
    ["a prefix that is no identifier", "DB1005", () => declare(() => inner("Not One"))],
    [
      "walking what is no list",
      "DB1015",
      () =>
        declare(({ read, forEach }) =>
          forEach("Each", read("Look", look) as unknown as Ref<readonly string[]>, () => {}),
        ),
    ],
    [
      "branches that give different types",
      "DB1016",
      () =>
        declare(({ read, when }) => {
          const so = read("So", { ...look, gives: bool() });
          when(
            "Either",
            so,
            () => read("One", { ...look, gives: path() }),
            () => read("Two", { ...look, gives: line() }),
          );
        }),
    ],
  ])("%s", (_, code, call) => expect(codeOf(call)).toBe(code));
});

const inner = (as = "inner"): Ref<string> =>
  procedure("inner", ({ read }, step: Read<string>) => read("Look", step))(look, { as });

describe("a value is visible", () => {
  const leak = (body: Parameters<typeof declare>[0]): string => codeOf(() => declare(body));

  it("nowhere outside the branch that captured it", () => {
    expect(
      leak(({ read, when }) => {
        const so = read("So", { ...look, gives: bool() });
        let inside: Ref<string> | undefined;
        when("It is", so, () => void (inside = read("Inside", look)));
        if (inside !== undefined) read("After", { ...look, run: sh`x ${inside}` });
      }),
    ).toBe("DB1010");
  });

  it("not in the other branch", () => {
    expect(
      leak(({ read, when }) => {
        const so = read("So", { ...look, gives: bool() });
        let inside: Ref<string> | undefined;
        when(
          "It is",
          so,
          () => void (inside = read("Inside", look)),
          () => {
            if (inside !== undefined) read("Other", { ...look, run: sh`x ${inside}` });
          },
        );
      }),
    ).toBe("DB1010");
  });

  it("not after the loop whose item it is", () => {
    expect(
      leak(({ read, forEach, confirm }) => {
        const all = read("All", { ...look, gives: list(path()) });
        let item: Ref<string> | undefined;
        forEach("Each", all, (one) => void (item = one));
        if (item !== undefined) confirm("Go", { evidence: [item] });
      }),
    ).toBe("DB1010");
  });

  it("not in another runbook", () => {
    let other: Ref<string> | undefined;
    declare(({ read }) => void (other = read("Look", look)));
    expect(
      leak(({ when }) => when("It is there", present(other as unknown as Ref<string | undefined>), () => {})),
    ).toBe("DB1010");
  });

  it("after a condition of which both branches gave it", () => {
    const { plan } = declare(({ read, when, confirm }) => {
      const so = read("So", { ...look, gives: bool() });
      const size = when(
        "Either",
        eq(so, true),
        () => read("One", { ...look, gives: integer() }),
        () => read("Two", { ...look, gives: integer() }),
      );
      confirm("Go", { evidence: [size] });
    });
    expect(plan.steps.at(-1)).toMatchObject({ evidence: ["step:either"] });
  });
});

it("procedures prefix their steps, also inside one another, and take their names with them", () => {
  const outer = procedure("outer", (_, as: string) => inner(as));
  const { plan } = declare(({ confirm }) =>
    confirm("Go", { evidence: [outer("first"), outer("first", { as: "again" })] }),
  );
  expect(plan.steps.map(({ id }) => id)).toEqual(["outer.first.look", "again.first.look", "go"]);
});
