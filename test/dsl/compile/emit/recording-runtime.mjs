/**
 * A runtime that runs nothing: it walks both branches of every condition, and keeps what a script says as the steps of
 * a plan. What the script was told to import.
 */
import { variableName } from "../../../../dsl/identifier.ts";
import { assemble } from "../../../../dsl/template.ts";

/** Head and steps of the script that was imported last. */
export let recorded;

export async function script(_meta, head, body) {
  let steps = [];
  const value = (ref, id) => ({ ref, name: variableName(id) });
  const hostRef = (place) =>
    typeof place === "string"
      ? { host: place }
      : { [place.ref.split(":")[0]]: place.ref.slice(place.ref.indexOf(":") + 1) };
  const command = (call) =>
    call((pieces, ...words) => ({
      text: assemble(
        pieces.raw,
        words.map(({ name }) => name),
      ),
      vars: Object.fromEntries(words.map(({ name, ref }) => [name, ref])),
    }));
  const inner = async (branch, ...given) => {
    const outer = steps;
    steps = [];
    const gives = await branch?.(...given);
    const own = steps;
    steps = outer;
    return { own, gives };
  };
  const where = ({ title, on, as, timeoutSeconds }) => ({ title, on: hostRef(on), as, timeoutSeconds });
  const operand = (side) => (typeof side === "object" ? { ref: side.ref } : { literal: side });

  const tools = {
    params: Object.fromEntries(Object.keys(head.params).map((name) => [name, value(`param:${name}`, name)])),
    read: async (id, step) => {
      steps.push({ kind: "read", id, ...where(step), run: command(step.run), gives: step.gives });
      return value(`step:${id}`, id);
    },
    change: async (id, step) => {
      const verify = command(step.verify);
      const done = step.done === "ask" ? "ask" : step.done ? command(step.done) : verify;
      steps.push({
        kind: "change",
        id,
        ...where(step),
        effect: step.effect,
        run: command(step.run),
        verify,
        done,
        undo: step.undo && command(step.undo),
        stdin: step.stdin && ("ref" in step.stdin ? { ref: step.stdin.ref } : step.stdin),
        guards: step.guards ?? [],
        destroys: (step.destroys ?? []).map(({ of, asset }) => ({ of: hostRef(of), asset })),
      });
    },
    confirm: async (id, { title, evidence }) => {
      steps.push({ kind: "confirm", id, title, evidence: evidence.map(({ ref }) => ref) });
    },
    when: async (id, step, then, otherwise) => {
      const [first, second] = [await inner(then), await inner(otherwise)];
      const gives = first.gives && { then: first.gives.ref, otherwise: second.gives.ref };
      steps.push({
        kind: "when",
        id,
        title: step.title,
        condition: step.if,
        then: first.own,
        otherwise: second.own,
        gives,
      });
      return value(`step:${id}`, id);
    },
    forEach: async (id, { title, list, item }, body) => {
      const { own } = await inner(body, value(`item:${id}`, id));
      steps.push({ kind: "for-each", id, title, list: list.ref, item, steps: own });
    },
    onEach: async (id, { title, hosts, atOnce, stopAfter }, body) => {
      const { own } = await inner(body, value(`item:${id}`, id), tools);
      const { type } = Array.isArray(hosts) ? { type: { of: head.hosts[hosts[0]] } } : head.params[hosts.ref.slice(6)];
      steps.push({
        kind: "on-each",
        id,
        title,
        hosts: Array.isArray(hosts) ? { hosts } : hostRef(hosts),
        role: type.of.role,
        atOnce,
        stopAfter,
        steps: own,
      });
    },
    isTrue: ({ ref }) => ({ is: "true", ref }),
    present: ({ ref }) => ({ is: "present", ref }),
    eq: (left, right) => ({ is: "eq", left: operand(left), right: operand(right) }),
    lt: (left, right) => ({ is: "lt", left: operand(left), right: operand(right) }),
    and: (...all) => ({ is: "and", all }),
    not: (condition) => ({ is: "not", not: condition }),
    isHost: (place) => ({ guard: "is-host", host: hostRef(place) }),
    holds: (title, run) => ({ guard: "holds", title, run: command(run) }),
    secret: (name) => ({ secret: name }),
  };
  await body(tools);
  recorded = { head, steps };
}
