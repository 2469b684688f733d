/** What stands where a secret was. */
const mark = Buffer.from("[secret]");

/** Shorter ones would be found everywhere. */
const shortest = 4;

/** A step on the way through a pattern, one byte each; several ways may begin with the same byte. */
interface Node {
  readonly next: Map<number, Node[]>;
  final: boolean;
}

/**
 * Finds secrets in bytes that go on record or to a terminal: as they are, percent-encoded or escaped as in JSON (any
 * character of them, in any mix), in hex, and in base64 wherever they stand in what was encoded. Of a secret of several
 * lines, each line of eight bytes or more is one too.
 */
export class Mask {
  readonly #root = node();

  constructor(secrets: Iterable<Uint8Array>) {
    for (const secret of secrets) for (const part of parts(secret)) this.#hide(part);
  }

  /** Whether there is nothing to hide. */
  get isEmpty(): boolean {
    return this.#root.next.size === 0;
  }

  /** Whether something was hidden in these bytes. */
  hid(bytes: Uint8Array): boolean {
    return !this.isEmpty && Buffer.from(bytes).includes(mark);
  }

  /** Bytes without secrets. */
  bytes(bytes: Uint8Array): Uint8Array {
    if (this.isEmpty) return bytes;
    const out: Uint8Array[] = [];
    const stream = this.stream((piece) => out.push(piece));
    stream.write(bytes);
    stream.end();
    return Buffer.concat(out);
  }

  /** The same for bytes that come in pieces: what may be the beginning of a secret is held back, and nothing else. */
  stream(write: (piece: Uint8Array) => void): MaskStream {
    return new MaskStream(this.#root, write);
  }

  #hide(secret: Uint8Array): void {
    this.#add(characters(secret).map(spellings));
    const hex = Buffer.from(secret).toString("hex");
    for (const text of [hex, hex.toUpperCase(), ...base64(secret)]) this.#add(Array.from(text, (one) => [one]));
  }

  /** @param tokens what may stand at each place, as latin1 */
  #add(tokens: readonly (readonly string[])[]): void {
    let at = this.#root;
    for (const [index, token] of tokens.entries()) {
      const to = node();
      to.final = index === tokens.length - 1;
      for (const spelling of token) way(at, spelling, to);
      at = to;
    }
  }
}

/** One stream of bytes whose secrets are masked. */
export class MaskStream {
  readonly #root: Node;
  readonly #write: (piece: Uint8Array) => void;
  #held: Uint8Array = new Uint8Array();
  /** Where the held bytes begin in the stream, and where what was masked last ends. */
  #from = 0;
  #masked = 0;
  #threads: { readonly start: number; readonly at: Node }[] = [];
  #found: (readonly [start: number, end: number])[] = [];

  constructor(root: Node, write: (piece: Uint8Array) => void) {
    this.#root = root;
    this.#write = write;
  }

  write(piece: Uint8Array): void {
    const begins = this.#from + this.#held.length;
    for (let index = 0; index < piece.length; index += 1) this.#take(piece[index] as number, begins + index);
    this.#held = this.#held.length === 0 ? piece : Buffer.concat([this.#held, piece]);
    this.#flush(Math.min(begins + piece.length, ...this.#threads.map(({ start }) => start)));
  }

  /** There is no more: what is held back was no secret. */
  end(): void {
    this.#threads = [];
    this.#flush(this.#from + this.#held.length);
  }

  #take(byte: number, place: number): void {
    const first = this.#root.next.get(byte);
    if (this.#threads.length === 0 && first === undefined) return;
    const moved = this.#threads.flatMap(({ start, at }) =>
      (at.next.get(byte) ?? []).map((next) => ({ start, at: next })),
    );
    for (const at of first ?? []) moved.push({ start: place, at });
    for (const { start, at } of moved) if (at.final) this.#found.push([start, place + 1]);
    this.#threads = moved.filter(({ at }) => at.next.size > 0);
  }

  /** Writes everything before a place. */
  #flush(until: number): void {
    this.#found.sort(([a], [b]) => a - b);
    let at = this.#from;
    const open = (to: number): void => {
      const from = Math.max(at, this.#masked);
      if (to > from) this.#write(this.#held.subarray(from - this.#from, to - this.#from));
      at = Math.max(at, to);
    };
    while (this.#found[0] && this.#found[0][0] < until) {
      const [start, end] = this.#found.shift() as readonly [number, number];
      open(start);
      if (start >= this.#masked) this.#write(mark);
      this.#masked = Math.max(this.#masked, end);
    }
    open(until);
    this.#held = this.#held.subarray(until - this.#from);
    this.#from = until;
  }
}

function node(): Node {
  return { next: new Map(), final: false };
}

function way(from: Node, spelling: string, to: Node): void {
  let at = from;
  for (const [index, byte] of Buffer.from(spelling, "latin1").entries()) {
    const next = index === spelling.length - 1 ? to : node();
    at.next.set(byte, [...(at.next.get(byte) ?? []), next]);
    at = next;
  }
}

/** What of a secret is looked for: all of it but for line breaks at its end, and its longer lines. */
function parts(secret: Uint8Array): readonly Uint8Array[] {
  const text = Buffer.from(secret)
    .toString("latin1")
    .replace(/[\r\n]+$/u, "");
  const lines = text.split(/\r?\n/u).filter((line) => line.length >= 8);
  return [...new Set([text, ...lines])]
    .filter(({ length }) => length >= shortest)
    .map((each) => Buffer.from(each, "latin1"));
}

/** A secret's characters, where it is text; its bytes, where it is not. Each as its bytes, latin1, and its text. */
function characters(secret: Uint8Array): readonly (readonly [raw: string, text: string])[] {
  const bytes = Buffer.from(secret);
  const text = bytes.toString();
  if (!Buffer.from(text).equals(bytes)) return Array.from(bytes.toString("latin1"), (byte) => [byte, ""]);
  return Array.from(text, (character) => [Buffer.from(character).toString("latin1"), character]);
}

const escapes: Readonly<Record<string, string>> = {
  "\b": "\\b",
  "\f": "\\f",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
  '"': '\\"',
  "\\": "\\\\",
  "/": "\\/",
};

/** How one character may be written, as latin1. */
function spellings([raw, character]: readonly [string, string]): readonly string[] {
  const percent = Array.from(raw, (byte) => `%${byte.charCodeAt(0).toString(16).padStart(2, "0")}`).join("");
  const units = Array.from({ length: character.length }, (_, index) => character.charCodeAt(index));
  const unicode = units.map((unit) => `\\u${unit.toString(16).padStart(4, "0")}`).join("");
  const upper = unicode.replace(/[a-f]/gu, (digit) => digit.toUpperCase());
  const escape = escapes[character];
  const space = character === " " ? ["+"] : [];
  const all = [raw, percent, percent.toUpperCase(), unicode, upper, ...(escape ? [escape] : []), ...space];
  return [...new Set(all)].filter((each) => each !== "");
}

/** What of a secret shows in base64, by where it begins within three bytes; and all of it, on its own. */
function base64(secret: Uint8Array): readonly string[] {
  const inside = [0, 1, 2].map((before) => {
    const text = Buffer.concat([Buffer.alloc(before), secret]).toString("base64");
    return text.slice(Math.ceil((before * 8) / 6), Math.floor(((before + secret.length) * 8) / 6));
  });
  const whole = Buffer.from(secret).toString("base64");
  const all = [whole, whole.replace(/=+$/u, ""), ...inside];
  return [...new Set([...all, ...all.map((text) => text.replaceAll("+", "-").replaceAll("/", "_"))])];
}
