import { existsSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Connection } from "../../../runner/transport/transport.ts";
import { startSshd, type Sshd } from "../../support/sshd.ts";
import { localSite, sshSite, type Site } from "./sites.ts";

let daemon: Promise<Sshd> | undefined;
const sshd = (): Promise<Sshd> => (daemon ??= startSshd());
afterAll(async () => {
  await (await daemon)?.[Symbol.asyncDispose]();
});

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

/** So many values go with one command: reading them costs a shell more than starting it does. */
const together = 1000;
/** Generated values in all, nightly a million: `DRILLBOOK_VALUES=1000000 npm test -- hostile-values`. */
const generated = Number(process.env["DRILLBOOK_VALUES"] ?? 100_000);
const names = Array.from({ length: together }, (_, index) => `value_${index}`);

describe.each<[name: string, share: number, make: () => Promise<Site>]>([
  ["a supervisor under dash", 0.49, async () => localSite("dash")],
  ["a supervisor under bash in POSIX mode", 0.49, async () => localSite("bash --norc --posix")],
  ["a real sshd", 0.02, async () => sshSite((await sshd()).bound)],
])("through %s", (_, share, make) => {
  let site: Site;
  let connection: Connection;
  beforeAll(async () => {
    rmSync(canary, { force: true });
    site = await make();
    connection = await site.connect();
  });
  afterAll(() => site[Symbol.asyncDispose]());

  const arrive = async (values: readonly string[], as: string | undefined): Promise<void> => {
    const vars = Object.fromEntries(values.map((value, index) => [names[index] ?? "", value]));
    const text = `/usr/bin/printf '%s\\0' ${Object.keys(vars)
      .map((name) => `"$${name}"`)
      .join(" ")}`;
    const { status, stdout, stderr } = await connection.inline({ text, vars, ...(as && { as }) }).result;
    expect(Buffer.from(stderr).toString()).toBe("");
    expect(status).toBe(0);
    expect(altered(values, Buffer.from(stdout))).toBeUndefined();
    expect(existsSync(canary)).toBe(false);
  };

  const users: readonly [string, string | undefined][] = [
    ["root", undefined],
    ["another user", "nobody"],
  ];

  test.each(users)("values known to be hostile reach a program of %s byte for byte", async (_, as) => {
    for (let at = 0; at < byHand.length; at += 10) await arrive(byHand.slice(at, at + 10), as);
  });

  const rounds = Math.ceil((generated * share) / users.length / together);
  test.each(users)(
    `${rounds * together} generated values reach a program of %s byte for byte, and nothing executes`,
    async (_, as) => {
      const values = fc.array(value, { minLength: together, maxLength: together });
      await fc.assert(
        fc.asyncProperty(values, (each) => arrive(each, as)),
        // A thousand values would shrink for ever; the difference shows which of them it is.
        { numRuns: rounds, endOnFailure: true },
      );
    },
    Math.max(300_000, generated * 2),
  );
});

/** The first value that did not come back as it was sent. */
function altered(
  values: readonly string[],
  came: Buffer,
): { readonly sent: string; readonly came: string } | undefined {
  const expected = Buffer.from(values.map((value) => `${value}\0`).join(""));
  if (expected.equals(came)) return undefined;
  const texts = came.toString().split("\0");
  const index = values.findIndex((value, index) => value !== texts[index]);
  return { sent: values[index] ?? "", came: texts[index] ?? came.toString() };
}
