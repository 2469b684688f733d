import { change } from "./change-step.ts";
import { conditions } from "./condition.ts";
import { eachHost } from "./each-host.ts";
import { confirm } from "./confirm-step.ts";
import { read } from "./read-step.ts";
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

/** A script's tools, doing what they say. */
export function runTools(session: Session, params: Readonly<Record<string, Held>>): ScriptTools {
  return {
    ...commonTools,
    params,
    read: (id, step) => read(session, id, step),
    change: (id, step) => change(session, id, step),
    confirm: (id, step) => confirm(session, id, step),
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
        await session.position.inside(text, () => body(Held.known(id, item)));
      }
    },
    onEach: (id, step, body) =>
      eachHost(step, async (host) => {
        const beside = { ...session, position: session.position.beside(host) };
        await body(Held.known(id, host), runTools(beside, params));
      }),
  };
}
