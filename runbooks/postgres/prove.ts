import { freeSpace, isHost, procedure, sh, type AnyHost, type Ref } from "../../dsl/index.ts";
import { restoreDump } from "./cluster.ts";

interface Proof {
  readonly on: AnyHost;
  /** The set's name, in /var/lib/pgsql/outgoing. */
  readonly set: Ref<string>;
  /** Size of the database. */
  readonly bytes: Ref<number>;
}

/**
 * Restores a set that was just made, as a recovery would, beside the running server; counts its rows; and writes into
 * its manifest that this was seen: `proven` and the moment. Every copy that has the manifest's digests is as good.
 */
export const proveSet = procedure("proof", (tools, { on, set, bytes }: Proof) => {
  const { change } = tools;

  change("Lay the set where it is restored from", {
    on,
    as: "postgres",
    effect: "idempotent",
    guard: [isHost(on), freeSpace("/var/lib/pgsql", { times: 2, of: bytes })],
    run: sh`
      set=${set}
      cd -- /var/lib/pgsql
      rm -rf -- incoming
      cp -rl -- "outgoing/$set" incoming
    `,
    verify: sh`
      set=${set}
      cd -- /var/lib/pgsql
      cmp -s -- "outgoing/$set/database.dump" incoming/database.dump && [ -s incoming/MANIFEST ]
    `,
  });

  restoreDump(tools, on);

  change("Write into its manifest that it was restored", {
    on,
    as: "postgres",
    effect: "idempotent",
    guard: [isHost(on)],
    run: sh`
      set=${set}
      umask 077
      restored=/var/lib/pgsql/restored/restored-from
      cmp -- /var/lib/pgsql/incoming/MANIFEST "$restored"
      cd -- "/var/lib/pgsql/outgoing/$set"
      {
        sed '/^seal /d' "$restored"
        printf 'proven %s\n' "$(date -u -r "$restored" +%Y-%m-%dT%H:%M:%SZ)"
      } > manifest
      printf 'seal %s\n' "$(sha256sum < manifest | cut -d ' ' -f 1)" >> manifest
      sync -- manifest
      mv -- manifest MANIFEST
      sync -- .
    `,
    verify: sh`
      set=${set}
      cd -- "/var/lib/pgsql/outgoing/$set"
      seal=$(sed '/^seal /d' MANIFEST | sha256sum | cut -d ' ' -f 1)
      grep -qxF "seal $seal" MANIFEST && grep -q '^proven ' MANIFEST
    `,
  });

  change("Clear what was restored", {
    on,
    as: "postgres",
    effect: "idempotent",
    guard: [isHost(on)],
    run: sh`rm -rf -- /var/lib/pgsql/incoming /var/lib/pgsql/restored`,
    verify: sh`[ ! -e /var/lib/pgsql/incoming ] && [ ! -e /var/lib/pgsql/restored ]`,
  });
});
