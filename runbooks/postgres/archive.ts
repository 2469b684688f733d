import { isHost, sh, type AnyHost, type HostParam, type Ref, type Tools } from "../../dsl/index.ts";

interface Belonging {
  /** Where the archive is. */
  readonly on: AnyHost;
  readonly server: HostParam<never>;
  /** Its system identifier. */
  readonly cluster: Ref<string>;
}

/** Makes a cluster the present one of a server's archive, whose sets it takes. */
export function takeSetsOf({ change }: Tools, { on, server, cluster }: Belonging): void {
  change("Let the archive take the new cluster's sets", {
    on,
    as: "backup",
    effect: "idempotent",
    guard: [isHost(on)],
    run: sh`
      cd -- /archive/postgres
      cd -- ${server}
      # No line is left over where this cluster is the only one.
      { grep -vxF -- ${cluster} clusters || true; printf '%s\n' ${cluster}; } > .clusters
      sync -- .clusters
      mv -T -- .clusters clusters
    `,
    verify: sh`
      cd -- /archive/postgres
      cd -- ${server}
      [ "$(tail -n 1 clusters)" = ${cluster} ]
    `,
  });
}
