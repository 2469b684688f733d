import { isHost, name, runbook, sh, type Runbook } from "../../../dsl/index.ts";
import { db1, folder, objective } from "./books.ts";

/** Changes that can be taken back, one that cannot, one of the test's own program, and a destruction. */
export const reversible: Runbook = runbook("reversible", { objective, params: { folder } }, (tools) => {
  const { read, change, params } = tools;
  const { folder } = params;
  const owner = read("Owner", { on: db1, run: sh`id -un`, gives: name() });
  change("First", {
    on: db1,
    effect: "idempotent",
    guard: [isHost(db1)],
    run: sh`f=${folder}; touch "$f/first"`,
    verify: sh`f=${folder}; [ -e "$f/first" ]`,
    undo: sh`f=${folder}; echo "undo first of" ${owner} >> "$f/log"; rm -f "$f/first"; "$f/undo"`,
  });
  change("Note", {
    on: db1,
    effect: "idempotent",
    run: sh`f=${folder}; touch "$f/note"`,
    verify: sh`f=${folder}; [ -e "$f/note" ]`,
  });
  change("Second", {
    on: db1,
    effect: "idempotent",
    run: sh`f=${folder}; touch "$f/second"`,
    verify: sh`f=${folder}; [ -e "$f/second" ]`,
    undo: sh`f=${folder}; echo "undo second" >> "$f/log"; rm -f "$f/second"`,
  });
  change("Act", {
    on: db1,
    effect: "once",
    run: sh`f=${folder}; cd "$f"; ./run`,
    verify: sh`f=${folder}; [ -e "$f/acted" ]`,
    done: "ask",
    undo: sh`f=${folder}; echo "undo act" >> "$f/log"; rm -f "$f/acted"`,
  });
  change("Drop", {
    on: db1,
    effect: "idempotent",
    destroys: [db1.database],
    guard: [isHost(db1)],
    run: sh`f=${folder}; "$f/drop"`,
    verify: sh`f=${folder}; [ -e "$f/dropped" ]`,
  });
});
