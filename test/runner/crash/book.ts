import {
  holds,
  isHost,
  line,
  list,
  integer,
  path,
  procedure,
  runbook,
  secret,
  sh,
  timestamp,
  type Ref,
  type Runbook,
} from "../../../dsl/index.ts";
import { db1 } from "../runtime/books.ts";

/** Only a person can tell whether it took effect. */
const publish = procedure("publish", ({ change }, folder: Ref<string>) => {
  change("Tell", {
    on: db1,
    effect: "once",
    done: "ask",
    run: sh`
      cd -- ${folder}
      echo 'began tell' >> log
      echo 'effect tell' >> log
    `,
    verify: sh`
      cd -- ${folder}
      grep -qx 'effect tell' log
    `,
  });
});

/**
 * Every kind of step, each leaving `began` and `effect` lines in a log, and what it makes in a file. A step is in effect
 * when its last line is there: a host may lose its power in the middle of a command.
 */
export const everyKind: Runbook = runbook(
  "every-kind",
  {
    recovers: db1.database,
    objective: { rto: "1h", rpo: "24h" },
    params: { folder: path("Where everything is made"), moment: timestamp("A moment").optional() },
  },
  ({ read, change, confirm, when, forEach, params }) => {
    const { folder } = params;
    const names = read("Names", { on: db1, run: sh`printf 'a\nb c\n'`, gives: list(line()) });
    change("Make room", {
      on: db1,
      effect: "idempotent",
      guard: [isHost(db1), holds("there is a folder", sh`[ -d ${folder} ]`)],
      run: sh`
        cd -- ${folder}
        echo 'began room' >> log
        echo room > room
        echo 'effect room' >> log
      `,
      verify: sh`
        cd -- ${folder}
        grep -qx 'effect room' log
      `,
    });
    confirm("Go on", { evidence: [names] });
    forEach("Each name", names, (each) =>
      change("Note", {
        on: db1,
        effect: "once",
        run: sh`
          name=${each}
          cd -- ${folder}
          echo "began note $name" >> log
          echo "effect note $name" >> log
          echo "noted $name"
        `,
        verify: sh`
          name=${each}
          cd -- ${folder}
          grep -qx "effect note $name" log
        `,
        done: sh`
          name=${each}
          cd -- ${folder}
          [ -e log ] && grep -qx "effect note $name" log
        `,
      }),
    );
    when("A moment is given", params.moment, (moment) =>
      change("Keep the moment", {
        on: db1,
        effect: "idempotent",
        run: sh`
          moment=${moment}
          cd -- ${folder}
          echo 'began moment' >> log
          echo "$moment" > moment
          echo 'effect moment' >> log
        `,
        verify: sh`
          cd -- ${folder}
          grep -qx 'effect moment' log
        `,
        undo: sh`
          cd -- ${folder}
          rm -f moment
        `,
      }),
    );
    change("Log in", {
      on: db1,
      effect: "idempotent",
      stdin: secret("pass-phrase"),
      run: sh`
        cd -- ${folder}
        echo 'began login' >> log
        read -r phrase
        echo "$phrase" | wc -c > login
        echo 'effect login' >> log
      `,
      verify: sh`
        cd -- ${folder}
        grep -qx 'effect login' log
      `,
    });
    publish(folder);
    const count = read("Count", {
      on: db1,
      run: sh`
        cd -- ${folder}
        grep -c '^effect' log
      `,
      gives: integer(),
    });
    change("Drop the old one", {
      on: db1,
      effect: "once",
      destroys: [db1.database],
      guard: [holds("there are notes", sh`[ ${count} -gt 0 ]`)],
      stdin: folder,
      run: sh`
        cd -- ${folder}
        echo 'began drop' >> log
        echo 'effect drop' >> log
        cat >&2
      `,
      verify: sh`
        cd -- ${folder}
        grep -qx 'effect drop' log
      `,
      done: sh`
        cd -- ${folder}
        grep -qx 'effect drop' log
      `,
    });
  },
);
