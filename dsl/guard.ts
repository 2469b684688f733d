import type { AnyHost } from "./inventory.ts";
import type { Guard as PlanGuard } from "./plan/plan.ts";
import type { Ref } from "./ref.ts";
import { constant, variableOf, word, type Shell } from "./shell.ts";

/** What must hold on the target immediately before a change. */
export interface Guard {
  readonly kind: "guard";
  readonly guard: PlanGuard;
  readonly host?: AnyHost;
}

/** The machine that answers is the one the binding describes: host key, role, and machine-id where it is given. */
export function isHost(host: AnyHost): Guard {
  return { kind: "guard", guard: { guard: "is-host", host: host.ref }, host };
}

/** A probe of the author's: status 0 holds, 1 does not, anything else is unknown. The title says what holds. */
export function holds(title: string, run: Shell): Guard {
  return { kind: "guard", guard: { guard: "holds", title, run: run.command } };
}

/** The file system of `directory` has at least `times` as many bytes free as `of` says. */
export function freeSpace(directory: string, need: { readonly times: number; readonly of: Ref<number> }): Guard {
  const variable = variableOf(need.of.ref);
  const text = [
    `free=$(df --output=avail -B1 -- ${word(directory)} | tail -n 1)`,
    `[ "$free" -ge "$(("$${variable}" * ${need.times}))" ]`,
  ].join("\n");
  const title = `${directory} has ${need.times} times the size free`;
  return {
    kind: "guard",
    guard: { guard: "holds", title, run: constant(text, { [variable]: need.of.ref }) },
  };
}
