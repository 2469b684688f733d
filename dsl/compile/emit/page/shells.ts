import type { HostRef, TypeSpec } from "../../../plan/plan.ts";
import { hostKey } from "../../../plan/hosts.ts";
import { variableOf } from "../../../shell.ts";
import { block, code } from "./markdown.ts";
import { host } from "./words.ts";

interface Shell {
  /** The number of the step that opened it. */
  readonly step: string;
  /** The values that it has, by ref. */
  readonly has: ReadonlySet<string>;
}

/** Where a value comes from, for a person who has to bring it. */
export interface Provenance {
  readonly from: string;
  readonly type: TypeSpec;
}

/**
 * The shells that a person has open while following a page, one for each host and account, and the values in each.
 * What one shell has and another needs crosses by the person's hand.
 */
export class Shells {
  readonly #open: Map<string, Shell>;
  readonly #provenance: ReadonlyMap<string, Provenance>;

  constructor(provenance: ReadonlyMap<string, Provenance>, open: ReadonlyMap<string, Shell> = new Map()) {
    this.#provenance = provenance;
    this.#open = new Map(open);
  }

  /** The same shells for a branch or a loop: what it opens or sets, a reader who passes it over does not have. */
  inside(): Shells {
    return new Shells(this.#provenance, this.#open);
  }

  /** Goes to the shell of an account on a host. */
  goTo(on: HostRef, as: string | undefined, step: string): string {
    const where = `On ${host(on)} as ${code(as ?? "root")}`;
    const shell = this.#open.get(key(on, as));
    if (shell) return `${where}, in the shell that step ${shell.step} opened.`;
    this.#open.set(key(on, as), { step, has: new Set() });
    const become = as === undefined ? "sudo" : `sudo -u ${as}`;
    return `${where}. Log in there and open a shell:\n\n${block(`${become} bash --noprofile --norc +H`)}`;
  }

  /** Brings values into a shell that does not have them yet. */
  bring(on: HostRef, as: string | undefined, refs: Iterable<string>): readonly string[] {
    const missing = [...new Set(refs)].filter((ref) => !this.#open.get(key(on, as))?.has.has(ref));
    for (const ref of missing) this.keep(on, as, ref);
    return missing.map((ref) => this.#ask(ref));
  }

  /** Notes that a shell has a value. */
  keep(on: HostRef, as: string | undefined, ref: string): void {
    const shell = this.#open.get(key(on, as));
    if (shell) this.#open.set(key(on, as), { ...shell, has: new Set(shell.has).add(ref) });
  }

  /** Notes that a value is another one from now on, in every shell: the next item of a loop. */
  forget(ref: string): void {
    for (const [name, shell] of this.#open) {
      this.#open.set(name, { ...shell, has: new Set([...shell.has].filter((each) => each !== ref)) });
    }
  }

  #ask(ref: string): string {
    const { from, type } = this.#provenance.get(ref) ?? { from: "its value", type: { type: "line" } };
    const name = variableOf(ref);
    const what = "optional" in type ? `${from} (it may be empty)` : from;
    // Only text can have several lines; read takes one.
    if (type.type === "text") return `Paste ${what}, then press Enter and Ctrl-D:\n\n${block(`${name}=$(cat)`)}`;
    return `Paste ${what}, then press Enter:\n\n${block(`IFS= read -r ${name}`)}`;
  }
}

function key(on: HostRef, as: string | undefined): string {
  return `${hostKey(on)} as ${as ?? ""}`;
}
