import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decode, encode, line, parseAnswer, request } from "../../../runner/transport/protocol.ts";

const bytes = fc.uint8Array({ minLength: 1, maxLength: 300 });
const text = fc.string({ unit: "binary", maxLength: 200 });

describe("a field", () => {
  test("comes back as it was", () => {
    fc.assert(
      fc.property(text, (each) => {
        expect(decode(encode(each))).toBe(each);
      }),
    );
  });

  test("is one word of plain ASCII, whatever it holds", () => {
    fc.assert(
      fc.property(fc.oneof(bytes, text), (each) => {
        expect(encode(each)).toMatch(/^[!-~]+$/u);
      }),
    );
  });

  test.each(["dash", "bash"])("is what printf of %s decodes", (shell) => {
    fc.assert(
      fc.property(bytes, (each) => {
        const printed = execFileSync(shell, ["-c", 'printf %b "$1"', shell, encode(each)]);
        expect(Buffer.compare(printed, each)).toBe(0);
      }),
      { numRuns: 50 },
    );
  });

  test("a lone hyphen is not nothing", () => {
    expect([encode(""), encode("-")]).toEqual(["-", "\\0055"]);
  });
});

test("a request is one line, its word, its number and its fields", () => {
  expect(line(7, request.exec("load[1]", "own", "postgres", 3, "true\\0000"))).toBe(
    "exec 7 detached load[1] own postgres 3 true\\0000\n",
  );
  expect(line(8, request.exec(undefined, "shared", undefined, 0, "x"))).toBe("exec 8 inline - shared - 0 x\n");
  fc.assert(
    fc.property(text, text, (who, runbook) => {
      const sent = line(9, request.lock("run", who, "2026-03-28T19:44:00Z", runbook));
      expect(sent.split(" ")).toHaveLength(6);
      expect(sent.indexOf("\n")).toBe(sent.length - 1);
    }),
  );
});

describe("an answer", () => {
  test.each([
    ["again 3", { answer: "again", n: 3 }],
    ["exit 3 137", { answer: "exit", n: 3, status: 137 }],
    ["state 4 exited 7", { answer: "state", n: 4, state: "exited", status: 7 }],
    ["state 4 lost", { answer: "state", n: 4, state: "lost" }],
    ["data 5 stderr AP8=", { answer: "data", n: 5, stream: "stderr", bytes: Buffer.from([0, 255]) }],
    ["refused 6 user", { answer: "refused", n: 6, reason: "user", detail: "" }],
    ["refused 6 live no space", { answer: "refused", n: 6, reason: "live", detail: "no space" }],
    ["held 7 stale r1 ann\\0040b - x", { answer: "held", n: 7, alive: false, holder: ["r1", "ann b", "", "x"] }],
    [
      "hello 1 1 db1 - 9a3e root mkdir: cannot create",
      {
        answer: "hello",
        n: 1,
        version: 1,
        hostname: "db1",
        machineId: "",
        bootId: "9a3e",
        user: "root",
        degraded: "mkdir: cannot create",
      },
    ],
  ])("%j is understood", (said, answer) => {
    expect(parseAnswer(said)).toMatchObject(answer);
  });

  test.each(["", "hello", "exit x 0", "data 1 stdin AA==", "state 1 dreaming", "shout 1", "Last login: Mon"])(
    "%j is none",
    (said) => {
      expect(parseAnswer(said)).toBeUndefined();
    },
  );

  test("no line makes the reader fail", () => {
    fc.assert(fc.property(fc.string({ unit: "binary" }), (said) => void parseAnswer(said)));
  });
});
