import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { aptInstall } from "../../fixtures/engine/install.ts";
import { run } from "../repository/tool.ts";

/** A real browser: Chromium without a window, told what to do by its own debugging protocol. */
export interface Browser extends AsyncDisposable {
  /** Opens a page and returns when it is loaded. Its HTTP status. */
  open(url: string): Promise<number>;
  /** What a JavaScript expression gives in the page. */
  evaluate<T>(expression: string): Promise<T>;
  /** Clicks what a selector finds, and returns when the page that it leads to is loaded. */
  follow(selector: string): Promise<void>;
  /** How wide the window is, and whether the reader likes it dark. */
  look(at: { readonly width: number; readonly dark?: boolean }): Promise<void>;
  cookie(url: string, name: string, value: string): Promise<void>;
  /** What the browser complained of on its console so far. */
  readonly complaints: readonly string[];
  picture(file: string): Promise<void>;
}

/** Starts a browser that takes `hongkong:443` for a port of this machine, and any certificate. */
export async function startBrowser(mapped: string, port: number): Promise<Browser> {
  await ensureInstalled();
  const folder = await mkdtemp(join(tmpdir(), "browser-"));
  const child = spawn(
    "chromium",
    [
      "--headless=new",
      "--no-sandbox",
      "--disable-gpu",
      "--disable-dev-shm-usage",
      "--ignore-certificate-errors",
      "--remote-debugging-port=0",
      `--user-data-dir=${folder}`,
      `--host-resolver-rules=MAP ${mapped} 127.0.0.1:${port}`,
      "about:blank",
    ],
    { stdio: ["ignore", "ignore", "pipe"] },
  );
  const wire = await Wire.to(await addressOf(child));
  const page = await firstPage(wire);
  return new Chromium(wire, page, async () => {
    child.kill("SIGKILL");
    await once(child, "close");
    await rm(folder, { recursive: true, force: true });
  });
}

type Message = Readonly<Record<string, unknown>>;

/** What came of the last page that was asked for. */
interface Loaded {
  status: number;
  failure: string | undefined;
}

class Chromium implements Browser {
  readonly complaints: string[] = [];
  readonly #wire: Wire;
  readonly #page: string;
  readonly #end: () => Promise<void>;
  #last: Loaded = { status: 0, failure: undefined };

  constructor(wire: Wire, page: string, end: () => Promise<void>) {
    this.#wire = wire;
    this.#page = page;
    this.#end = end;
    wire.on("Log.entryAdded", ({ entry }) => void this.complaints.push((entry as { text: string }).text));
    wire.on("Runtime.exceptionThrown", (thrown) => void this.complaints.push(JSON.stringify(thrown)));
    wire.on("Network.loadingFailed", ({ type, errorText }) => {
      if (type === "Document") this.#last.failure = errorText as string;
    });
    wire.on("Network.responseReceived", ({ type, response }) => {
      if (type === "Document") this.#last.status = (response as { status: number }).status;
    });
  }

  async open(url: string): Promise<number> {
    await this.#loading(() => this.#send("Page.navigate", { url }));
    return this.#last.status;
  }

  async evaluate<T>(expression: string): Promise<T> {
    const { result, exceptionDetails } = await this.#send("Runtime.evaluate", { expression, returnByValue: true });
    if (exceptionDetails !== undefined) throw new Error(JSON.stringify(exceptionDetails));
    return (result as { value: T }).value;
  }

  async follow(selector: string): Promise<void> {
    await this.#loading(() => this.evaluate(`document.querySelector(${JSON.stringify(selector)}).click()`));
  }

  async look({ width, dark = false }: { width: number; dark?: boolean }): Promise<void> {
    const features = [{ name: "prefers-color-scheme", value: dark ? "dark" : "light" }];
    await this.#send("Emulation.setEmulatedMedia", { features });
    const metrics = { width, height: 900, deviceScaleFactor: 1, mobile: width < 600 };
    await this.#send("Emulation.setDeviceMetricsOverride", metrics);
  }

  async cookie(url: string, name: string, value: string): Promise<void> {
    await this.#send("Network.setCookie", { url, name, value });
  }

  async picture(file: string): Promise<void> {
    const { data } = await this.#send("Page.captureScreenshot", { format: "png" });
    await writeFile(file, Buffer.from(data as string, "base64"));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#wire.close();
    await this.#end();
  }

  async #loading(begin: () => Promise<unknown>): Promise<void> {
    this.#last = { status: 0, failure: undefined };
    const loaded = this.#wire.next("Page.loadEventFired");
    await begin();
    await loaded;
    // Networks of this machine come and go with its containers, which is not the page's fault.
    const { failure } = this.#last;
    if (failure === "net::ERR_NETWORK_CHANGED") return this.#loading(() => this.#send("Page.reload", {}));
    if (failure !== undefined) throw new Error(`the page does not load: ${failure}`);
  }

  #send(method: string, params: Message): Promise<Message> {
    return this.#wire.send(method, params, this.#page);
  }
}

/** Asks for the domains that tell what goes on in the browser's first page. The page's session. */
async function firstPage(wire: Wire): Promise<string> {
  const { targetInfos } = await wire.send("Target.getTargets");
  const target = (targetInfos as { type: string; targetId: string }[]).find(({ type }) => type === "page");
  const { sessionId } = await wire.send("Target.attachToTarget", { targetId: target?.targetId, flatten: true });
  for (const domain of ["Page", "Network", "Log", "Runtime"])
    await wire.send(`${domain}.enable`, {}, sessionId as string);
  return sessionId as string;
}

/** The protocol: numbered commands, their answers, and events. */
class Wire {
  readonly #socket: WebSocket;
  readonly #answers = new Map<number, (answer: Message) => void>();
  readonly #listeners = new Map<string, ((params: Message) => void)[]>();
  #last = 0;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.addEventListener("message", ({ data }) => this.#take(JSON.parse(String(data)) as Message));
  }

  static async to(address: string): Promise<Wire> {
    const socket = new WebSocket(address);
    await once(socket, "open");
    return new Wire(socket);
  }

  async send(method: string, params: Message = {}, sessionId?: string): Promise<Message> {
    const id = (this.#last += 1);
    const answered = new Promise<Message>((resolve) => this.#answers.set(id, resolve));
    this.#socket.send(JSON.stringify({ id, method, params, sessionId }));
    const { result, error } = await answered;
    if (error !== undefined) throw new Error(`${method}: ${JSON.stringify(error)}`);
    return result as Message;
  }

  on(event: string, listener: (params: Message) => void): void {
    this.#listeners.set(event, [...(this.#listeners.get(event) ?? []), listener]);
  }

  next(event: string): Promise<Message> {
    return new Promise((resolve) => this.on(event, resolve));
  }

  close(): void {
    this.#socket.close();
  }

  #take(message: Message): void {
    if (typeof message["id"] === "number") this.#answers.get(message["id"])?.(message);
    else
      for (const listener of this.#listeners.get(String(message["method"])) ?? [])
        listener(message["params"] as Message);
  }
}

async function addressOf({ stderr }: ChildProcess): Promise<string> {
  if (!stderr) throw new TypeError("chromium has no stderr");
  const said: string[] = [];
  for await (const line of createInterface({ input: stderr })) {
    const [, address] = /^DevTools listening on (\S+)$/u.exec(line) ?? [];
    if (address !== undefined) {
      stderr.resume();
      return address;
    }
    said.push(line);
  }
  throw new Error(`chromium did not start:\n${said.join("\n")}`);
}

async function ensureInstalled(): Promise<void> {
  if (await run("chromium", "--version").catch(() => undefined)) return;
  const canInstall = process.platform === "linux" && process.getuid?.() === 0;
  if (!canInstall || !(await run("apt-get", "--version").catch(() => undefined)))
    throw new Error("chromium is not installed.\n  Install it: sudo apt-get install chromium");
  await aptInstall(["chromium"], (doing) => process.stderr.write(`chromium: ${doing}\n`));
}
