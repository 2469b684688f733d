import { expect, test } from "vitest";
import { observe } from "../../../runner/runtime/host-shell.ts";
import { Held } from "../../../runner/runtime/value.ts";
import { lost } from "../../../runner/transport/errors.ts";
import type { Execution, Result } from "../../../runner/transport/transport.ts";

const set = Held.known("newest-set", "/archive/a b/$(id)");

/** An execution whose bytes are these. */
function execution(stdout: Uint8Array, result: Promise<Result>): Execution {
  return { onOutput: (listener) => listener("stdout", stdout), result };
}

test("a command is its constant text, with the name of each value in it; the values stand beside it", async () => {
  const seen: unknown[] = [];
  const bytes = Uint8Array.of(0xff, 0x00, 0x0a);
  const result = await observe(
    ($) => $`
      ls -- ${set} \${PWD} \`date\`
        echo 'a\nb'
    `,
    ({ text, values }) => {
      seen.push(text, values);
      return execution(bytes, Promise.resolve({ status: 3, stdout: bytes, stderr: new Uint8Array() }));
    },
  );
  expect(seen).toEqual(["ls -- \"$newest_set\" ${PWD} `date`\n  echo 'a\\nb'", [set]]);
  expect(result).toEqual({ status: 3, stdout: bytes, stderr: new Uint8Array() });
});

test("what zx gives a script is the command's ordinary output", async () => {
  const output = Buffer.from("one\ntwo\n");
  let lines: readonly string[] = [];
  await observe(
    ($) => {
      const process = $`cat`;
      void process.then((done) => (lines = done.lines()));
      return process;
    },
    () => execution(output, Promise.resolve({ status: 0, stdout: output, stderr: new Uint8Array() })),
  );
  expect(lines).toEqual(["one", "two"]);
});

test("a lost connection is an error of the transport's, not an exit status", async () => {
  const gone = lost("db1", "it closed");
  await expect(
    observe(
      ($) => $`true`,
      () => execution(new Uint8Array(), Promise.reject(gone)),
    ),
  ).rejects.toBe(gone);
});

test("only values of the run can stand in a command", async () => {
  await expect(async () =>
    observe(
      ($) => $`ls ${{ name: "stranger" }}`,
      () => execution(new Uint8Array(), Promise.reject(new Error("not to be started"))),
    ),
  ).rejects.toThrow("This is no value of the run");
});

test("a call runs one command", async () => {
  const nothing = { status: 0, stdout: new Uint8Array(), stderr: new Uint8Array() };
  await expect(
    observe(
      ($) => {
        void $`first`;
        return $`second`;
      },
      () => execution(new Uint8Array(), Promise.resolve(nothing)),
    ),
  ).rejects.toThrow("runs one command");
});
