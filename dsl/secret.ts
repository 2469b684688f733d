import { checkIdentifier } from "./identifier.ts";

/** A secret by name. It is no reference: all it can be is a step's stdin. */
export interface Secret {
  readonly kind: "secret";
  readonly name: string;
}

/** Declares a secret; its value is given to the run from a file, the environment, a command or a prompt. */
export function secret(name: string): Secret {
  return { kind: "secret", name: checkIdentifier("The secret", name) };
}
