import type { Stream } from "./protocol.ts";

type Listener = (stream: Stream, bytes: Uint8Array) => void;

/** How much of each stream is held, in MiB. */
export const heldMiB = 16;

/**
 * The output of one command, put together from pieces that may overlap: what the keeper sent of its own accord, and
 * what was asked for. Nothing beyond the limit is held.
 */
export class HeldOutput {
  readonly #pieces: Record<Stream, Uint8Array[]> = { stdout: [], stderr: [] };
  readonly #bytes: Record<Stream, number> = { stdout: 0, stderr: 0 };
  readonly #listeners: Listener[] = [];

  /** A listener hears everything, from the first byte. */
  listen(listener: Listener): void {
    for (const stream of ["stdout", "stderr"] as const) {
      for (const piece of this.#pieces[stream]) listener(stream, piece);
    }
    this.#listeners.push(listener);
  }

  get isHeard(): boolean {
    return this.#listeners.length > 0;
  }

  bytes(stream: Stream): number {
    return this.#bytes[stream];
  }

  isOverfull(stream: Stream): boolean {
    return this.#bytes[stream] > heldMiB * 1024 * 1024;
  }

  /** Takes a piece that begins at an offset no further than what is held already. */
  take(stream: Stream, offset: number, piece: Uint8Array): void {
    if (this.isOverfull(stream)) return;
    const fresh = piece.subarray(this.#bytes[stream] - offset);
    if (fresh.length === 0) return;
    this.#pieces[stream].push(fresh);
    this.#bytes[stream] += fresh.length;
    for (const listener of this.#listeners) listener(stream, fresh);
  }

  all(stream: Stream): Uint8Array {
    const [first, ...more] = this.#pieces[stream];
    return more.length === 0 ? (first ?? new Uint8Array()) : Buffer.concat(this.#pieces[stream]);
  }
}
