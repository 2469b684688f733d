import { existsSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import fc from "fast-check";
import type { Connection } from "../../../runner/transport/transport.ts";
import { localSite, type Site } from "./sites.ts";

const canary = join(tmpdir(), `canary-${process.pid}`);

/** Values that shells, quoting and encodings have tripped over. Whatever runs one as a command leaves the canary. */
const byHand: readonly string[] = [
  "",
  " ",
  "-",
  "--",
  "-n",
  "-e \\n",
  "--help",
  "\n",
  "\n\n trailing\n\n",
  "\r\n",
  "\t\v\f\b\u0007\u001b[31m",
  "'",
  '"',
  "`",
  "\\",
  "\\\\",
  "\\0101\\x41\\u0041",
  "\\0000",
  "%s%n%b%%",
  "$",
  "$$",
  "$0",
  "$HOME ${HOME} ${x:=1} $((1+1))",
  "!",
  "!!",
  "*",
  "/*",
  "?",
  "[a-z]*",
  "{a,b}",
  "~",
  "~root",
  "#not a comment",
  "a b  c",
  ".",
  "= a=b",
  ";",
  "&",
  "|",
  "<>",
  "()",
  `touch ${canary}`,
  `;touch ${canary};`,
  `$(touch ${canary})`,
  `\`touch ${canary}\``,
  `'; touch ${canary}; '`,
  `"; touch ${canary}; "`,
  `$'\\'; touch ${canary}; \\''`,
  `\ntouch ${canary}\n`,
  `& touch ${canary} &`,
  `| touch ${canary}`,
  `|| touch ${canary}`,
  `<(touch ${canary})`,
  `x[$(touch ${canary})]`,
  `a[\`touch ${canary}\`]`,
  `{ touch ${canary}; }`,
  `'$(touch ${canary})'`,
  `"$(touch ${canary})"`,
  `\\$(touch ${canary})`,
  `%b$(touch ${canary})`,
  `() { :; }; touch ${canary}`,
  `EOF\ntouch ${canary}\nEOF`,
  `exec 1 inline - - 0 touch\\0040${canary}\\0000`,
  "\u0080\u009f",
  "\u00a0\u2028\u2029\ufeff",
  "\ufffd\ufffe\uffff",
  "é e\u0301",
  "日本語",
  "𝒳🔥👩‍👩‍👧",
  "\u202etxt.exe",
  "\u0001\u0002\u007f\u0081\u0082\u0088",
  "x".repeat(4096),
  "'".repeat(10_000),
  "\\".repeat(10_000),
  "\n".repeat(10_000),
  "x".repeat(128 * 1024 - 1),
  `${"é".repeat(64 * 1024 - 1)}x`,
  "\u0001".repeat(128 * 1024 - 1),
];

const metacharacters = fc.string({
  unit: fc.constantFrom(
    ...Array.from("'\"`\\$(){}[]<>|&;!*?~#=%-/ \n\t\r\u0001\u007f"),
    "$(",
    "${",
    "\\0",
    "$'",
    "é",
    "🔥",
  ),
  maxLength: 60,
});
const command = fc.tuple(metacharacters, metacharacters).map(([before, after]) => `${before}touch ${canary}${after}`);
const value = fc
  .oneof(
    metacharacters,
    command,
    // Shells read a request byte by byte; long values are among those by hand.
    fc.string({ unit: "binary", maxLength: 24 }),
    fc.string({ unit: "grapheme", maxLength: 24 }),
  )
  .map((text) => text.replaceAll("\0", ""));

/** So many values go with one command. */
const together = 100;
/** Generated values in all; each shell and each user takes its part. */
const generated = Number(process.env["DRILLBOOK_VALUES"] ?? 10_000);
const rounds = Math.ceil(generated / 4 / together);
const names = Array.from({ length: together }, (_, index) => `value_${index}`);
const target = `/usr/bin/printf '%s\\0' ${names.map((name) => `"$${name}"`).join(" ")}`;

describe.each([
  ["dash", "dash"],
  ["bash in POSIX mode", "bash --norc --posix"],
])("through a supervisor under %s", (_, shell) => {
  let site: Site;
  let connection: Connection;
  beforeAll(async () => {
    rmSync(canary, { force: true });
    site = localSite(shell);
    connection = await site.connect();
  });
  afterAll(() => site[Symbol.asyncDispose]());

  const arrive = async (values: readonly string[], as: string | undefined): Promise<void> => {
    const vars = Object.fromEntries(names.map((name, index) => [name, values[index] ?? ""]));
    const { status, stdout, stderr } = await connection.inline({ text: target, vars, ...(as && { as }) }).result;
    expect(Buffer.from(stderr).toString()).toBe("");
    expect(status).toBe(0);
    const expected = Buffer.from(names.map((name) => `${vars[name]}\0`).join(""));
    expect(Buffer.compare(stdout, expected)).toBe(0);
    expect(existsSync(canary)).toBe(false);
  };

  test.each([
    ["root", undefined],
    ["another user", "nobody"],
  ])("values known to be hostile reach a program of %s byte for byte", async (_, as) => {
    for (let at = 0; at < byHand.length; at += 10) await arrive(byHand.slice(at, at + 10), as);
  });

  test.each([
    ["root", undefined],
    ["another user", "nobody"],
  ])(
    `${rounds * together} generated values reach a program of %s byte for byte, and nothing executes`,
    async (_, as) => {
      const values = fc.array(value, { minLength: together, maxLength: together });
      await fc.assert(
        fc.asyncProperty(values, (each) => arrive(each, as)),
        // A hundred values would shrink for ever; the difference shows which of them it is.
        { numRuns: rounds, endOnFailure: true },
      );
    },
    Math.max(300_000, generated * 2),
  );
});
