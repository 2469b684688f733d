const origins = new WeakMap<object, Error>();

/** Notes where in the authors' source something was written: beside the plan, never in it. */
export function noteOrigin<T extends object>(made: T): T {
  origins.set(made, new Error("origin"));
  return made;
}

/** The stack at the moment when something was written, as the engine words it. */
export function originOf(made: object): string | undefined {
  return origins.get(made)?.stack;
}
