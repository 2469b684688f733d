import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { eventually } from "./eventually.ts";
import { Screen } from "./screen.ts";

/** A program on a terminal of its own, with somebody who types. */
export interface OnTerminal {
  /** All that it has written, escapes included. */
  said(): string;
  screen(): Screen;
  /** Waits until the screen shows it. */
  shows(text: string | RegExp): Promise<void>;
  type(keys: string): void;
  /** The window goes, and whatever runs in it is hung up. */
  close(): void;
  /** Gives the window another width. */
  resize(columns: number): void;
  /** Its exit code, and how the terminal is set when it has ended: what `stty -a` says. Nothing of it after a `close`. */
  readonly ended: Promise<{ readonly code: number; readonly modes: string }>;
}

export interface TerminalOptions {
  readonly columns: number;
  readonly env?: NodeJS.ProcessEnv;
}

/** Starts a program, by its words, on a terminal of so many columns and 24 rows. */
export async function onTerminal(
  words: readonly string[],
  { columns, env = {} }: TerminalOptions,
): Promise<OnTerminal> {
  const folder = mkdtempSync(join(tmpdir(), "terminal-"));
  const [tty, modes, status] = ["tty", "modes", "status"].map((name) => join(folder, name)) as [string, string, string];
  const program = words.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(" ");
  const inside = `stty rows 24 cols ${columns}; tty > ${tty}; ${program}; echo $? > ${status}; stty -a > ${modes}`;
  const child = spawn("script", ["--quiet", "--flush", "--command", inside, "/dev/null"], {
    // What CI says of colours is not for a program that is looked at: a test says it where it is the matter.
    env: { ...process.env, TERM: "xterm", SHELL: "/bin/sh", NO_COLOR: "", ...env },
    stdio: ["pipe", "pipe", "inherit"],
  });
  let said = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (said += text));
  await eventually(() => existsSync(tty) && readFileSync(tty, "utf8").endsWith("\n"));
  const device = readFileSync(tty, "utf8").trim();
  const screen = (): Screen => new Screen(said);
  return {
    said: () => said,
    screen,
    shows: (text) =>
      eventually(() => (typeof text === "string" ? screen().text.includes(text) : text.test(screen().text))),
    type: (keys) => void child.stdin.write(keys),
    close: () => void child.kill("SIGKILL"),
    resize: (width) => void execFileSync("stty", ["-F", device, "cols", String(width)]),
    ended: once(child, "close").then(() => {
      const left = (file: string): string => (existsSync(file) ? readFileSync(file, "utf8") : "");
      const end = { code: Number(left(status)), modes: left(modes) };
      rmSync(folder, { recursive: true });
      return end;
    }),
  };
}
