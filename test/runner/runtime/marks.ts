import { readFileSync } from "node:fs";
import { join } from "node:path";
import { list, name, path, runbook, sh, type Runbook } from "../../../dsl/index.ts";
import { db1 } from "./books.ts";

export const items = 20;

/** Steps that each leave a mark when they begin and one when they end. */
export const marks: Runbook = runbook(
  "marks",
  { objective: { rto: "1h", rpo: "24h" }, params: { folder: path("Where the marks go") } },
  ({ read, change, forEach, params }) => {
    const all = read("Items", { on: db1, run: sh`seq 20`, gives: list(name()) });
    forEach("Each item", all, (item) => {
      const common = {
        on: db1,
        run: sh`
          item=${item}
          cd -- ${params.folder}
          echo "begin $item" >> once
          sleep 0.1
          echo "end $item" >> once
        `,
        verify: sh`
          item=${item}
          cd -- ${params.folder}
          [ -e once ] && grep -qx "end $item" once
        `,
      };
      change("Once", { ...common, effect: "once", done: common.verify });
      change("Idempotent", {
        on: db1,
        effect: "idempotent",
        run: sh`
          item=${item}
          cd -- ${params.folder}
          echo "begin $item" >> idempotent
          sleep 0.1
          echo "end $item" >> idempotent
        `,
        verify: sh`
          item=${item}
          cd -- ${params.folder}
          [ -e idempotent ] && grep -qx "end $item" idempotent
        `,
      });
    });
  },
);

/** The marks that one kind of step left. */
export function marked(folder: string, effect: string): readonly string[] {
  return readFileSync(join(folder, effect), "utf8").trim().split("\n");
}

/** Of each step one beginning and one end, in order. */
marked.completely = Array.from({ length: items }, (_, index) => [`begin ${index + 1}`, `end ${index + 1}`]).flat();
