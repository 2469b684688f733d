import { describe, expect, it } from "vitest";
import { hostOf, list, path, runbook, secret, sh, type Ref } from "../../dsl/index.ts";
import { makeRef } from "../../dsl/ref.ts";
import { word } from "../../dsl/shell.ts";
import { codeOf, databaseServer } from "./declared.ts";

const set = makeRef<string>("step:newest-set", path().spec);

describe("a command", () => {
  it("has its values beside it, each a quoted word by the name of its id", () => {
    expect(sh`restore -- ${set} ${set}`.command).toEqual({
      text: 'restore -- "$newest_set" "$newest_set"',
      vars: { newest_set: "step:newest-set" },
    });
  });

  it("means by a backslash what the shell means", () => {
    expect(sh`printf 'a\n\t\\' \`date\` \${HOME} \\\``.command.text).toBe("printf 'a\\n\\t\\\\' `date` ${HOME} \\`");
  });

  it("is taken off its indentation", () => {
    const { text } = sh`
      if a; then
        b ${set}
      fi
    `.command;
    expect(text).toBe('if a; then\n  b "$newest_set"\nfi');
  });

  it("takes a host parameter for its host's name", () => {
    const params = { server: hostOf(databaseServer) };
    const { plan } = runbook(
      "case",
      { objective: { rto: "1h", rpo: "1h" }, params },
      ({ read, params: { server } }) => {
        read("Look", { on: server, run: sh`look ${server}`, gives: path() });
      },
    );
    expect(plan.steps[0]).toMatchObject({ run: { text: 'look "$server"', vars: { server: "param:server" } } });
  });

  it.each([
    ["plain text", "DB1009", "x"],
    ["a number", "DB1009", 1],
    ["nothing", "DB1009", undefined],
    ["a secret", "DB1009", secret("password")],
    ["a list", "DB1013", makeRef("step:all", list(path()).spec)],
  ])("refuses %s as a value", (_, code, value) => expect(codeOf(() => sh`ls ${value as Ref<string>}`)).toBe(code));
});

it.each([
  ["/var/lib", "/var/lib"],
  ["it's", "'it'\\''s'"],
  ["", "''"],
  ["a b$c", "'a b$c'"],
])("the constant %j is one shell word: %s", (constant, quoted) => expect(word(constant)).toBe(quoted));
