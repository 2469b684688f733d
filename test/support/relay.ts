import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";

/** A way to a port of this machine that can lose every packet, in both directions, without closing anything. */
export interface Relay extends AsyncDisposable {
  readonly port: number;
  /** From now on nothing goes through what is open. */
  drop(): void;
}

export async function startRelay(to: number): Promise<Relay> {
  const open = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(to, "127.0.0.1");
    for (const [from, into] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(from);
      from.pipe(into);
      from.on("error", () => into.destroy());
      from.on("close", () => void open.delete(from));
    }
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    drop() {
      for (const each of open) each.unpipe().pause();
    },
    async [Symbol.asyncDispose]() {
      for (const each of open) each.destroy();
      server.close();
      await once(server, "close");
    },
  };
}
