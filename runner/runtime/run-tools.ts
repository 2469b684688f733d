import { change } from "./change-step.ts";
import { conditions } from "./condition.ts";
import { eachHost } from "./each-host.ts";
import { confirm } from "./confirm-step.ts";
import { read } from "./read-step.ts";
import type { Position } from "./position.ts";
import { repeatedItem } from "./run-errors.ts";
import type { ScriptTools } from "./script-api.ts";
import type { Session } from "./session.ts";
import { Held, held, textOf } from "./value.ts";

/** What a script means the same in every mode. */
export const commonTools = {
  ...conditions,
  isHost: (host) => ({ guard: "is-host", host }),
  holds: (title, run) => ({ guard: "holds", title, run }),
  secret: (name) => ({ secret: name }),
} satisfies Partial<ScriptTools>;

/** Branches and loops of a script whose values are all known. */
export function walkTools(position: Position): Omit<ScriptTools, "params" | "read" | "change" | "confirm" | "onEach"> {
  return {
    ...commonTools,
    when: async (id, step, then, otherwise) => {
      const given = await (step.if.answer === true ? then() : otherwise?.());
      return given ? Held.as(id, held(given)) : Held.known(id, null);
    },
    forEach: async (id, { title, list }, body) => {
      const walked = new Set<string>();
      for (const item of held(list).items) {
        const text = textOf(item);
        if (walked.has(text)) throw repeatedItem(title, text);
        walked.add(text);
        await position.inside(text, () => body(Held.known(id, item)));
      }
    },
  };
}

/** A script's tools, doing what they say. */
export function runTools(session: Session, params: Readonly<Record<string, Held>>): ScriptTools {
  const paced = async <R>(id: string, title: string, work: Promise<R>): Promise<R> => {
    const given = await work;
    session.pace.after(session.position.idOf(id), title);
    return given;
  };
  return {
    ...walkTools(session.position),
    params,
    read: (id, step) => paced(id, step.title, read(session, id, step)),
    change: (id, step) => paced(id, step.title, change(session, id, step)),
    confirm: (id, step) => paced(id, step.title, confirm(session, id, step)),
    onEach: (id, step, body) =>
      eachHost(step, async (host) => {
        const beside = { ...session, position: session.position.beside(host) };
        await body(Held.known(id, host), runTools(beside, params));
      }),
  };
}
