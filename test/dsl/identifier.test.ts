import { describe, expect, it } from "vitest";
import { choice, disaster, drill, host, role, runbook, secret, strike, sh, type Drill } from "../../dsl/index.ts";
import { slug, variableName } from "../../dsl/identifier.ts";
import { codeOf, databaseServer, db1 } from "./declared.ts";

describe("a title gives its id", () => {
  it.each([
    ["Load the dump", "load-the-dump"],
    ["  Don't  stop -- now! ", "dont-stop-now"],
    ["Überprüfe Ärzte", "uberprufe-arzte"],
    ["PostgreSQL 16", "postgresql-16"],
  ])("%j: %s", (title, id) => expect(slug(title)).toBe(id));

  it.each([
    ["of digits alone", "16", "DB1006"],
    ["without a letter of its own", "日本", "DB1006"],
    ["empty", "", "DB1006"],
    ["too long", "a ".repeat(40), "DB1006"],
    ["of two lines", "Load\nthe dump", "DB1014"],
  ])("but not one that is %s", (_, title, code) => expect(codeOf(() => slug(title))).toBe(code));
});

it.each([
  ["newest-set", "newest_set"],
  ["check.newest-set", "check_newest_set"],
  ["http-proxy", "http_proxy_"],
])("the value of %s is called $%s, which no program reads from its environment", (id, variable) =>
  expect(variableName(id)).toBe(variable),
);

it.each(["", "A", "1a", "a--b", "a-", "a_b", "ä", "a".repeat(65), "a b", "__proto__"])(
  "%j is no identifier",
  (name) => {
    expect(codeOf(() => host(name, databaseServer))).toBe("DB1005");
    expect(codeOf(() => role(name))).toBe("DB1005");
    expect(codeOf(() => secret(name))).toBe("DB1005");
    expect(codeOf(() => role("r", { assets: [name] }))).toBe("DB1005");
    expect(codeOf(() => runbook(name, { objective: { rto: "1h", rpo: "1h" } }, () => {}))).toBe("DB1005");
    expect(codeOf(() => disaster(name, { title: "x", takes: [db1.database], blows: [strike(db1, sh`x`)] }))).toBe(
      "DB1005",
    );
    expect(codeOf(() => drill(name, {} as Drill["options"]))).toBe("DB1005");
    const params = { [name]: choice(["a"]) };
    expect(codeOf(() => runbook("a", { objective: { rto: "1h", rpo: "1h" }, params }, () => {}))).toBe("DB1005");
  },
);

it.each(["kind", "role", "ref", "name", "param"])("an asset cannot hide what a host has as %s", (asset) => {
  expect(codeOf(() => role("r", { assets: [asset] }))).toBe("DB1017");
});
