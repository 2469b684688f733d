import {
  bool,
  choice,
  freeSpace,
  holds,
  host,
  hostOf,
  hostsOf,
  integer,
  isHost,
  line,
  list,
  name,
  path,
  role,
  runbook,
  secret,
  sh,
  timestamp,
  type Duration,
  type Runbook,
} from "../../../dsl/index.ts";

export const databaseServer = role("database-server", { assets: ["database"] });
export const db1 = host("db1", databaseServer);

export const objective = { rto: "1h", rpo: "24h" } as const;
export const folder = path("Where everything is made");

/** One of everything: reads, guards, a loop of `once` changes, a branch, a confirm, a destruction. */
export const everything: Runbook = runbook(
  "everything",
  {
    recovers: db1.database,
    objective,
    params: {
      folder,
      before: timestamp("Only what was made before this moment").optional(),
      depth: choice(["full", "partial"], "How much").optional(),
    },
  },
  ({ read, change, confirm, when, forEach, params }) => {
    const { folder, before } = params;
    const names = read("Names", { on: db1, run: sh`printf 'a\nb c\n'"'"'d'"'"'\n'`, gives: list(line()) });
    const account = read("Account", { on: db1, run: sh`id -un`, gives: name() });
    const bytes = read("Size", { on: db1, run: sh`printf '12\n'`, gives: integer() });
    change("Make room", {
      on: db1,
      effect: "idempotent",
      guard: [isHost(db1), freeSpace("/tmp", { times: 2, of: bytes })],
      run: sh`mkdir -p -- ${folder}`,
      verify: sh`[ -d ${folder} ]`,
    });
    confirm("Go on", { evidence: [account, names] });
    forEach("Each name", names, (each) =>
      change("Note", {
        on: db1,
        effect: "once",
        run: sh`
          cd -- ${folder}
          printf '%s\n' ${each} >> notes
        `,
        verify: sh`
          cd -- ${folder}
          grep -qxF -- ${each} notes
        `,
        done: sh`
          cd -- ${folder}
          [ -e notes ] && grep -qxF -- ${each} notes
        `,
      }),
    );
    when("A moment is given", before, (moment) =>
      change("Keep the moment", {
        on: db1,
        effect: "idempotent",
        run: sh`
          cd -- ${folder}
          printf '%s' ${moment} > moment
        `,
        verify: sh`
          cd -- ${folder}
          [ -e moment ]
        `,
      }),
    );
    const count = read("Count", {
      on: db1,
      run: sh`
        cd -- ${folder}
        wc -l < notes
      `,
      gives: integer(),
    });
    change("Drop the old one", {
      on: db1,
      effect: "idempotent",
      destroys: [db1.database],
      guard: [isHost(db1), holds("there are notes", sh`[ ${count} -gt 0 ]`)],
      run: sh`
        cd -- ${folder}
        touch dropped
      `,
      verify: sh`
        cd -- ${folder}
        [ -e dropped ]
      `,
    });
  },
);

/** Runs one change whose command and postcondition are the test's, found in the folder as programs. */
export function oneChange(effect: "idempotent" | "once" | "ask", timeout: Duration = "60s"): Runbook {
  return runbook(`one-${effect}`, { objective, params: { folder } }, ({ change, params }) => {
    const commands = {
      on: db1,
      timeout,
      run: sh`
        cd -- ${params.folder}
        ./run
      `,
      verify: sh`
        cd -- ${params.folder}
        ./verify
      `,
    } as const;
    const done = sh`
      cd -- ${params.folder}
      ./done
    `;
    if (effect === "idempotent") change("Act", { ...commands, effect });
    else change("Act", { ...commands, effect: "once", done: effect === "ask" ? "ask" : done });
  });
}

/** Reads what the folder's program prints, as a name. */
export const oneRead: Runbook = runbook("one-read", { objective, params: { folder } }, ({ read, change, params }) => {
  const seen = read("Look", {
    on: db1,
    run: sh`
      cd -- ${params.folder}
      ./look
    `,
    gives: name(),
  });
  change("Use it", {
    on: db1,
    effect: "idempotent",
    run: sh`
      cd -- ${params.folder}
      ./use ${seen}
    `,
    verify: sh`true`,
    done: sh`false`,
  });
});

/** Runs on the host that its parameter names. */
export const anyServer: Runbook = runbook(
  "any-server",
  { objective, params: { server: hostOf(databaseServer, "The server that is looked at") } },
  ({ read, change, params }) => {
    const seen = read("Look", { on: params.server, run: sh`id -un`, gives: name() });
    change("Use it", { on: params.server, effect: "idempotent", run: sh`echo ${seen}`, verify: sh`true` });
  },
);

/** The same for hosts of two roles. */
export const eitherServer: Runbook = runbook(
  "either-server",
  { objective, params: { server: hostOf([databaseServer, role("web")], "The server that is looked at") } },
  ({ read, change, params }) => {
    const seen = read("Look", { on: params.server, run: sh`id -un`, gives: name() });
    change("Use it", { on: params.server, effect: "idempotent", run: sh`echo ${seen}`, verify: sh`true` });
  },
);

/** Names a host that its parameter may name too, under a wider choice of roles. */
export const namedAndGiven: Runbook = runbook(
  "named-and-given",
  { objective, params: { server: hostOf([databaseServer, role("web")], "The server that is looked at") } },
  ({ read, change, params }) => {
    const seen = read("Look", { on: params.server, run: sh`id -un`, gives: name() });
    change("Use it", { on: db1, effect: "idempotent", run: sh`echo ${seen}`, verify: sh`true` });
  },
);

/** A branch and a loop on values that a change must come before. */
export const flow: Runbook = runbook("flow", { objective, params: { folder } }, (tools) => {
  const { read, change, when, forEach, params } = tools;
  const { folder } = params;
  read("Look", { on: db1, run: sh`ls -- ${folder}`, gives: list(line()) });
  change("Prepare", {
    on: db1,
    effect: "idempotent",
    run: sh`
      cd -- ${folder}
      touch ready
    `,
    verify: sh`
      cd -- ${folder}
      [ -e ready ]
    `,
  });
  const ready = read("Is it ready", { on: db1, run: sh`echo true`, gives: bool() });
  const harmless = { on: db1, effect: "idempotent", run: sh`true`, verify: sh`false` } as const;
  when(
    "Ready",
    ready,
    () => change("Use it", harmless),
    () => change("Mend it", harmless),
  );
  const parts = read("Parts", { on: db1, run: sh`echo a`, gives: list(name()) });
  forEach("Each part", parts, (part) => change("Take", { ...harmless, run: sh`echo ${part}` }));
});

/** Runs the folder's programs on each of some servers: `run` leaves a mark, which `done` looks for. */
export function onMany(
  limits: { readonly atOnce: number; readonly stopAfter?: number },
  timeout: Duration = "60s",
): Runbook {
  return runbook(
    "on-many",
    { objective, params: { folder, servers: hostsOf(databaseServer, "The servers that are changed") } },
    ({ read, change, onEach, params }) => {
      onEach(
        "Every server",
        params.servers,
        (each) => {
          const account = read("Look", { on: each, run: sh`id -un`, gives: name() });
          change("Act", {
            on: each,
            effect: "once",
            timeout,
            run: sh`
              cd -- ${params.folder}
              ./run ${each} ${account}
            `,
            verify: sh`
              cd -- ${params.folder}
              ./done ${each}
            `,
            done: sh`
              cd -- ${params.folder}
              ./done ${each}
            `,
          });
        },
        limits,
      );
      change("Afterwards", { on: db1, effect: "idempotent", run: sh`true`, verify: sh`true` });
    },
  );
}

/** A change that takes a secret on its stdin. */
export const withSecret: Runbook = runbook("with-secret", { objective, params: { folder } }, ({ change, params }) => {
  change("Log in", {
    on: db1,
    effect: "idempotent",
    stdin: secret("pass-phrase"),
    run: sh`
      cd -- ${params.folder}
      cat > got
    `,
    verify: sh`true`,
  });
});

/** Two changes that each wait for a file `go` of their own, in a loop. */
export const twoSteps: Runbook = runbook("two-steps", { objective, params: { folder } }, (tools) => {
  const { read, forEach, change, params } = tools;
  const all = read("Steps", { on: db1, run: sh`printf 'first\nsecond\n'`, gives: list(name()) });
  forEach("Each step", all, (each) => {
    const verify = sh`
      each=${each}
      cd -- ${params.folder}
      [ -e "$each.ended" ]
    `;
    change("Act", {
      on: db1,
      effect: "once",
      run: sh`
        each=${each}
        cd -- ${params.folder}
        echo "said by $each"
        touch "$each.began"
        while [ ! -e "$each.go" ]; do sleep 0.05; done
        touch "$each.ended"
      `,
      verify,
      done: verify,
    });
  });
});
