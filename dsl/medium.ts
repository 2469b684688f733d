import { checkIdentifier } from "./identifier.ts";
import type { MediumRef } from "./plan/plan.ts";

/** What copies lie on that is no host's own disk: a drive that is carried away, tapes, a store in another house. */
export interface Medium {
  readonly kind: "medium";
  readonly ref: MediumRef;
}

export interface MediumOptions {
  /** What it is: copies on two of one kind go the same way. A host's own disks are `disk`. */
  readonly on: MediumRef["on"];
  /** Where it is kept. A host whose site is not said is at the farm's own. */
  readonly site: string;
  /** No machine reaches it, so that no machine can spoil it. */
  readonly offline?: true;
  /** The kit lies on it too: what a recovery begins with where nothing else is left. */
  readonly kit?: true;
}

/** Declares a medium that keeps copies. */
export function medium(name: string, options: MediumOptions): Medium {
  checkIdentifier("The medium", name);
  return { kind: "medium", ref: { medium: name, ...options } };
}
