import fc from "fast-check";
import { expect, test } from "vitest";
import { Mask } from "../../../runner/runtime/mask.ts";

const secret = fc.oneof(
  fc.string({ unit: "grapheme", minLength: 4, maxLength: 40 }),
  fc.string({ unit: fc.constantFrom(...Array.from('ab"\\/ %+=é🔥\t')), minLength: 4, maxLength: 20 }),
);
const text = fc.string({ unit: "grapheme", maxLength: 60 });

/** Ways in which a program may print something. */
const forms: Readonly<Record<string, (text: string) => string>> = {
  raw: (text) => text,
  base64: (text) => Buffer.from(text).toString("base64"),
  base64url: (text) => Buffer.from(text).toString("base64url"),
  hex: (text) => Buffer.from(text).toString("hex"),
  "upper-case hex": (text) => Buffer.from(text).toString("hex").toUpperCase(),
  URL: encodeURIComponent,
  "a form": (text) => new URLSearchParams([["", text]]).toString().slice(1),
  JSON: (text) => JSON.stringify(text).slice(1, -1),
  "JSON in ASCII": (text) =>
    Array.from(text, (each) => {
      const units = Array.from({ length: each.length }, (_, index) => each.charCodeAt(index));
      return units.map((unit) => `\\u${unit.toString(16).padStart(4, "0")}`).join("");
    }).join(""),
};

test.each(Object.entries(forms))("a secret does not show in %s", (_, form) => {
  const property = fc.property(secret, text, text, (hidden, before, after) => {
    fc.pre(hidden.isWellFormed() && !/^[\r\n]|[\r\n]$/u.test(hidden));
    const mask = new Mask([Buffer.from(hidden)]);
    // What stands beside it may be the secret too, where that is short.
    fc.pre([before, after].every((beside) => !mask.hid(mask.bytes(Buffer.from(beside)))));
    const shown = Buffer.from(mask.bytes(Buffer.from(before + form(hidden) + after))).toString();
    expect(shown).toContain("[secret]");
    expect(shown.length).toBeLessThanOrEqual((before + after).length + "[secret]".length);
  });
  fc.assert(property, { numRuns: 300 });
});

test("a secret inside something that is encoded as a whole does not show, wherever it stands", () => {
  const property = fc.property(fc.string({ minLength: 8, maxLength: 40 }), fc.string(), fc.string(), (hidden, a, b) => {
    const mask = new Mask([Buffer.from(hidden)]);
    const shown = Buffer.from(mask.bytes(Buffer.from(Buffer.from(a + hidden + b).toString("base64")))).toString();
    expect(shown).toContain("[secret]");
    for (const piece of shown.split("[secret]")) {
      // Four bits of it at either end share a digit with what stands beside it.
      expect(Buffer.from(piece, "base64").toString("latin1")).not.toContain(hidden.slice(1, -1));
    }
  });
  fc.assert(property, { numRuns: 300 });
});

test("what comes in pieces is masked as what comes at once", () => {
  const secrets = ["pass phrase", "phrase-2", "ssword", "aabaab"];
  const mask = new Mask(secrets.map((each) => Buffer.from(each)));
  const pieces = fc.array(
    fc.oneof(fc.constantFrom(...secrets, ...secrets.map((each) => each.slice(0, 5)), "aab", "pa"), fc.string()),
  );
  const property = fc.property(pieces, fc.array(fc.nat({ max: 9 })), (written, cuts) => {
    const bytes = Buffer.from(written.join(""));
    const out: Uint8Array[] = [];
    const stream = mask.stream((piece) => out.push(Buffer.from(piece)));
    let at = 0;
    for (const cut of cuts) {
      stream.write(bytes.subarray(at, at + cut));
      at += cut;
    }
    stream.write(bytes.subarray(at));
    stream.end();
    expect(Buffer.concat(out).toString()).toBe(Buffer.from(mask.bytes(bytes)).toString());
    for (const each of secrets) expect(Buffer.concat(out).includes(each)).toBe(false);
  });
  fc.assert(property, { numRuns: 2000 });
});

test("only what may be the beginning of a secret is held back", () => {
  const out: string[] = [];
  const stream = new Mask([Buffer.from("pass phrase")]).stream((piece) => out.push(Buffer.from(piece).toString()));
  stream.write(Buffer.from("Password: "));
  stream.write(Buffer.from("my pass"));
  expect(out.join("")).toBe("Password: my ");
  stream.write(Buffer.from("port\n"));
  expect(out.join("")).toBe("Password: my passport\n");
});

test("lines of a key are secrets of their own, bytes need not be text, and what is too short is left", () => {
  const key = "-----BEGIN KEY-----\nAAAAbbbbCCCC\n-----END KEY-----\n";
  const bytes = Buffer.from([0xff, 0, 0xfe, 0x80, 0x41]);
  const mask = new Mask([Buffer.from(key), bytes, Buffer.from("abc")]);
  const shown = (text: string | Buffer): string => Buffer.from(mask.bytes(Buffer.from(text))).toString("latin1");
  expect(shown("got AAAAbbbbCCCC abc")).toBe("got [secret] abc");
  expect(shown(Buffer.concat([Buffer.from("<"), bytes, Buffer.from(">")]))).toBe("<[secret]>");
});
