/**
 * The frames between a runner and a supervisor (supervisor.sh): one line each, fields apart by spaces. Requests carry a
 * number, and every answer the number of its request. What a field cannot hold is written as the octal escapes of
 * printf's `%b`, which a POSIX shell decodes without starting a program; output comes back as base64.
 */
export const protocolVersion = 1;

/** A job on the host: a detached one by its token, an inline one by the number of the request that started it. */
export type JobName = { readonly kind: "inline" | "detached"; readonly name: string };

export type Stream = "stdout" | "stderr";

/** `run` may change the host; `plan` leaves no trace but under /run, and starts nothing detached. */
export type Mode = "run" | "plan";

/** A request to the text after its number. */
export const request = {
  hello: (mode: Mode, run: string) => ["hello", String(protocolVersion), mode, run],
  identify: () => ["identify"],
  /**
   * @param token of a detached job; left out for an inline one
   * @param shell a fork of the keeper's, or one that was started for the job
   */
  exec: (
    token: string | undefined,
    shell: "shared" | "own",
    as: string | undefined,
    stdin: number,
    payload: string,
  ) => [
    "exec",
    ...(token === undefined ? ["inline", "-"] : ["detached", token]),
    shell,
    as ?? "-",
    String(stdin),
    payload,
  ],
  attach: (token: string) => ["attach", token],
  status: (token: string) => ["status", token],
  /** Asked after a long silence: the state, and what has still not begun will not begin any more. */
  doubt: ({ kind, name }: JobName) => ["doubt", kind, name],
  output: ({ kind, name }: JobName, stream: Stream, offset: number) => ["output", kind, name, stream, String(offset)],
  cancel: ({ kind, name }: JobName) => ["cancel", kind, name],
  /** Removes what the host holds for requests whose jobs have ended. */
  free: (numbers: readonly number[]) => ["free", ...numbers.map(String)],
  lock: (run: string, who: string, since: string, runbook: string) => [
    "lock",
    run,
    ...[who, since, runbook].map(encode),
  ],
  unlock: (run: string) => ["unlock", run],
  bye: () => ["bye"],
} as const;

/** A request as it goes out. */
export function line(number: number, [word, ...fields]: readonly string[]): string {
  return `${[word, number, ...fields].join(" ")}\n`;
}

/** What a supervisor says; `n` is the number of the request. */
export type Answer =
  | ({ readonly answer: "hello" | "identity"; readonly n: number } & Machine)
  | { readonly answer: "again" | "ok" | "end" | "bye"; readonly n: number }
  | { readonly answer: "data"; readonly n: number; readonly stream: Stream; readonly bytes: Uint8Array }
  | { readonly answer: "exit"; readonly n: number; readonly status: number }
  | {
      readonly answer: "state";
      readonly n: number;
      readonly state: "absent" | "running" | "exited" | "lost";
      readonly status: number;
    }
  | { readonly answer: "degraded"; readonly n: number; readonly why: string }
  | { readonly answer: "held"; readonly n: number; readonly alive: boolean; readonly holder: readonly string[] }
  | { readonly answer: "refused"; readonly n: number; readonly reason: string; readonly detail: string };

export interface Machine {
  readonly version: number;
  readonly hostname: string;
  readonly machineId: string;
  readonly bootId: string;
  readonly user: string;
  readonly degraded: string | undefined;
}

/** Reads one line of a supervisor, without its line break; undefined where it is none. */
export function parseAnswer(text: string): Answer | undefined {
  const [answer, number, ...fields] = text.split(" ");
  const n = Number(number);
  if (!Number.isSafeInteger(n)) return undefined;
  const [first = "", second = ""] = fields;
  switch (answer) {
    case "hello":
    case "identity":
      return { answer, n, ...machine(fields) };
    case "again":
    case "ok":
    case "end":
    case "bye":
      return { answer, n };
    case "data":
      if (first !== "stdout" && first !== "stderr") return undefined;
      return { answer, n, stream: first, bytes: Buffer.from(second, "base64") };
    case "exit":
      return { answer, n, status: Number(first) };
    case "state":
      if (first !== "absent" && first !== "running" && first !== "exited" && first !== "lost") return undefined;
      return { answer, n, state: first, status: Number(second) };
    case "degraded":
      return { answer, n, why: fields.join(" ") };
    case "held":
      return { answer, n, alive: first === "alive", holder: fields.slice(1).map(decode) };
    case "refused":
      return { answer, n, reason: first, detail: fields.slice(1).join(" ") };
    default:
      return undefined;
  }
}

function machine([version, hostname = "", machineId = "", bootId = "", user = "", ...degraded]: string[]): Machine {
  const reason = degraded.join(" ");
  const known = (field: string): string => (field === "-" ? "" : field);
  return {
    version: Number(version),
    hostname: known(hostname),
    machineId: known(machineId),
    bootId: known(bootId),
    user,
    degraded: reason === "-" ? undefined : reason,
  };
}

/** Any bytes as one field: what is not plain ASCII becomes `\0ooo`. Nothing at all becomes `-`. */
export function encode(text: string | Uint8Array): string {
  const bytes = typeof text === "string" ? Buffer.from(text, "utf8") : text;
  if (bytes.length === 0) return "-";
  if (bytes.length === 1 && bytes[0] === 0x2d) return escapes[0x2d] ?? "";
  let field = "";
  for (const byte of bytes) field += plain[byte];
  return field;
}

/** The text of a field that {@link encode} wrote. */
export function decode(field: string): string {
  if (field === "-") return "";
  const bytes = field.replace(/\\0([0-7]{3})/gu, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
  return Buffer.from(bytes, "latin1").toString("utf8");
}

const escapes = Array.from({ length: 256 }, (_, byte) => `\\0${byte.toString(8).padStart(3, "0")}`);
// Printable ASCII but for the backslash, and the space that parts the fields.
const plain = escapes.map((escape, byte) =>
  byte > 0x20 && byte < 0x7f && byte !== 0x5c ? String.fromCharCode(byte) : escape,
);
