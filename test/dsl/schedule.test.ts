import { describe, expect, it } from "vitest";
import { hostOf, integer, role, runbook, schedule, sh, type Schedule } from "../../dsl/index.ts";

const server = role("server", { assets: ["settings"] });
const backUp = runbook(
  "back-up",
  {
    objective: { rto: "1h", rpo: "12h" },
    params: { server: hostOf(server), days: integer().optional() },
    backsUp: ({ server: host }) => host.settings,
  },
  ({ change, params }) => {
    change("Copy", {
      on: params.server,
      effect: "idempotent",
      run: sh`keep ${params.days}`,
      verify: sh`true`,
    });
  },
);

type At = Parameters<typeof schedule>[1]["at"];

const at = (at: At, params: Readonly<Record<string, string>> = { server: "db1" }): Schedule =>
  schedule("nightly", { at, calls: [{ runbook: backUp, params }] });

describe("a schedule", () => {
  it("begins as often as its backups' objectives ask for, over midnight too", () => {
    expect(at(["16:00", "04:00"])).toMatchObject({ kind: "schedule", id: "nightly" });
    expect(at(["10:00", "20:00", "01:00"])).toMatchObject({ id: "nightly" });
  });

  it("may begin on some days of the week, and then its backups are as far apart as those", () => {
    const weekly = (on: readonly ["Sat", ...("Wed" | "Sat")[]], rpo: "168h" | "96h"): Schedule => {
      const head = { objective: { rto: "1h", rpo }, params: { server: hostOf(server) } } as const;
      const book = runbook("carry", { ...head, backsUp: ({ server: of }) => of.settings }, ({ change, params }) => {
        change("Copy", { on: params.server, effect: "idempotent", run: sh`true`, verify: sh`true` });
      });
      return schedule("weekly", { on, at: ["06:00"], calls: [{ runbook: book, params: { server: "db1" } }] });
    };
    expect(weekly(["Sat"], "168h").apartSeconds).toBe(7 * 24 * 3600);
    expect(weekly(["Sat", "Wed"], "96h").apartSeconds).toBe(4 * 24 * 3600);
    expect(() => weekly(["Sat"], "96h")).toThrow('DB1026 Schedule "weekly" makes carry up to 168 h apart');
  });

  it.each<[string, At, string]>([
    ["once a day", ["03:10"], 'DB1026 Schedule "nightly" makes back-up up to 24 h apart, and no more than 12 h'],
    ["twice, one soon after the other", ["03:00", "04:00"], 'DB1026 Schedule "nightly" makes back-up up to 23 h apart'],
    ["twice at the same time", ["03:00", "03:00"], 'DB1026 Schedule "nightly" makes back-up up to 24 h apart'],
    ["at no time of the day", ["24:00"], 'DB1024 "24:00" is no time'],
    ["at a time of one digit", ["3:10"], 'DB1024 "3:10" is no time'],
  ])("is refused %s", (_, times, message) => {
    expect(() => at(times)).toThrow(message);
  });

  it.each<[string, Readonly<Record<string, string>>, string]>([
    [
      "without a parameter that must be given",
      {},
      'DB1025 Schedule "nightly" cannot call back-up: its parameter server',
    ],
    ["with a parameter that it has not", { server: "db1", hours: "3" }, "it has no parameter hours"],
  ])("is refused %s", (_, params, message) => {
    expect(() => at(["00:00", "12:00"], params)).toThrow(message);
  });
});
