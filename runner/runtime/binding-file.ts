import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { Binding, BoundHost } from "../binding.ts";
import { sha256 } from "../journal/line.ts";
import { nearest } from "../nearest.ts";
import { isSshPath, isSshWord } from "../transport/ssh-config.ts";
import { bindingUnread, bindingWrong } from "./call-errors.ts";

/** A binding with where it was read from. */
export interface BindingFile {
  readonly path: string;
  readonly sha256: string;
  readonly binding: Binding;
}

/** Reads and checks a binding. Paths in it become absolute. @throws RunError DB3009, DB3010 */
export function readBinding(file: string): BindingFile {
  const path = resolve(file);
  try {
    const text = readFileSync(path, "utf8");
    return { path, sha256: sha256(text), binding: checkBinding(JSON.parse(text), path) };
  } catch (error) {
    if (error instanceof SyntaxError || (error instanceof Error && "syscall" in error)) {
      throw bindingUnread(file, error.message);
    }
    throw error;
  }
}

/** Checks that a value is a binding, by name of what is wrong. @throws RunError DB3010 */
export function checkBinding(value: unknown, file: string): Binding {
  const wrong = (where: string, what: string): Error => bindingWrong(file, where, what);
  if (!isObject(value)) throw wrong("its top", "it is no object");
  if (value["v"] !== 1) throw wrong("v", `it is ${JSON.stringify(value["v"])}, and this program knows version 1`);
  if (!isObject(value["hosts"])) throw wrong("hosts", "it is no object");
  const hosts = Object.entries(value["hosts"]).map(([name, host]) => {
    if (!word.test(name)) throw wrong(`hosts.${name}`, `${JSON.stringify(name)} is not ${word.form}`);
    if (!isObject(host)) throw wrong(`hosts.${name}`, "it is no object");
    return [name, checkHost(host, name, wrong, dirname(file))] as const;
  });
  const binding: Binding = { v: 1, hosts: Object.fromEntries(hosts) };
  for (const [name] of hosts) checkJumps(binding, name, wrong);
  return binding;
}

type Wrong = (where: string, what: string) => Error;
type Check = { readonly required?: true; readonly form: string; readonly test: (value: unknown) => boolean };

const isText = (value: unknown): boolean => typeof value === "string" && value !== "" && !/[\0\n]/u.test(value);
const text: Check = { form: "text of one line", test: isText };
const word: Check = {
  form: "one word of letters, digits and . _ : @ -, as ssh takes it",
  test: (value) => typeof value === "string" && isSshWord(value),
};

const members: Readonly<Record<keyof BoundHost, Check>> = {
  role: { ...text, required: true },
  address: { ...word, required: true },
  port: {
    form: "a port, 1 to 65535",
    test: (value) => Number.isInteger(value) && Number(value) > 0 && Number(value) < 65_536,
  },
  user: word,
  identity: { form: "a path without quotes", test: (value) => isText(value) && isSshPath(String(value)) },
  jump: word,
  become: { form: '"sudo" or "none"', test: (value) => value === "sudo" || value === "none" },
  hostKeys: {
    required: true,
    form: 'a list of public keys, each "type base64", at least one',
    test: (value) =>
      Array.isArray(value) && value.length > 0 && value.every((key) => /^[\w@.-]+ [\w+/]+={0,2}$/u.test(String(key))),
  },
  machineId: text,
};

function checkHost(host: Record<string, unknown>, name: string, wrong: Wrong, folder: string): BoundHost {
  for (const key of Object.keys(host)) {
    if (key in members) continue;
    const near = nearest(key, Object.keys(members));
    throw wrong(`hosts.${name}.${key}`, `there is no such member${near ? `; "${near}" may be meant` : ""}`);
  }
  for (const [key, check] of Object.entries(members)) {
    const value = host[key];
    if (value === undefined && !check.required) continue;
    if (!check.test(value))
      throw wrong(`hosts.${name}.${key}`, `${JSON.stringify(value) ?? "nothing"} is not ${check.form}`);
  }
  const bound = host as unknown as BoundHost;
  return bound.identity === undefined ? bound : { ...bound, identity: resolve(folder, bound.identity) };
}

function checkJumps(binding: Binding, from: string, wrong: Wrong): void {
  const passed = new Set<string>();
  for (let at: string | undefined = from; at !== undefined; at = binding.hosts[at]?.jump) {
    if (passed.has(at)) throw wrong(`hosts.${from}.jump`, `it leads in a circle through ${[...passed].join(", ")}`);
    if (!binding.hosts[at]) throw wrong(`hosts.${[...passed].at(-1)}.jump`, `the binding has no host "${at}"`);
    passed.add(at);
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
