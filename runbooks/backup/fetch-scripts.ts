import { hostOf, isHost, item, runbook, sh, text, tools } from "../../dsl/index.ts";
import { iraq } from "../koji/inventory.ts";
import { managementServers } from "./management.ts";

/**
 * Bring iraq's masters of the farm's scripts to a server, as every server fetches them before its backup.
 *
 * A script is never altered where it lies: the new one arrives beside it, is compared with the digest that iraq gave it,
 * and takes its name in one move. What runs the old one goes on running the old one, to its end. Copying over it, as scp
 * does, would let bash go on in the middle of another text.
 *
 * The masters are the files of `/usr/local/bin` on iraq. What a server has there and iraq has not is left alone.
 */
export default runbook(
  "fetch-scripts",
  {
    objective: { rto: "1h", rpo: "24h" },
    needs: ({ server }) => [
      iraq,
      item("root's ssh key on the server, accepted by backup@iraq"),
      tools(server, "rsync", "sha256sum"),
    ],
    params: {
      server: hostOf(managementServers, "The server that gets the scripts"),
    },
  },
  ({ read, change, params: { server } }) => {
    change("Lay the masters out for the servers", {
      on: iraq,
      effect: "idempotent",
      guard: [isHost(iraq)],
      run: sh`
        new=$(mktemp -d /archive/.scripts.XXXXXX)
        trap 'rm -rf -- "$new"' EXIT
        cd /usr/local/bin
        find . -maxdepth 1 -type f -exec cp --preserve=mode,timestamps -t "$new" -- {} +
        cd -- "$new"
        sums=$(find . -type f -exec sha256sum {} + | LC_ALL=C sort -k 2)
        printf '%s\n' "$sums" > .sums
        chown -R backup:backup .
        chmod 0750 .
        mkdir -p /archive/scripts
        rsync -rlpt --checksum --delete --owner --group "$new/" /archive/scripts/
        sync -f /archive/scripts
      `,
      verify: sh`
        cd /usr/local/bin
        cmp -s <(find . -maxdepth 1 -type f -exec sha256sum {} + | LC_ALL=C sort -k 2) /archive/scripts/.sums
      `,
    });

    const sums = read("Digests of the masters", { on: iraq, run: sh`cat /archive/scripts/.sums`, gives: text() });

    change("Put each in its place", {
      on: server,
      effect: "idempotent",
      guard: [isHost(server)],
      run: sh`
        sums=${sums}
        cd /usr/local/bin
        rm -rf -- .fetched
        mkdir -m 0700 .fetched
        rsync -rpt -- iraq:scripts/ .fetched/
        # Each is compared before any takes its name.
        (cd .fetched && sha256sum --check --quiet --strict <<< "$sums")
        chown -R root:root .fetched
        while read -r _ file; do
          file=\${file#./}
          if ! cmp -s -- ".fetched/$file" "$file"; then
            sync -- ".fetched/$file"
            mv -T -- ".fetched/$file" "$file"
          fi
        done <<< "$sums"
        rm -rf -- .fetched
        sync -- .
      `,
      verify: sh`
        sums=${sums}
        cd /usr/local/bin
        [ ! -e .fetched ] && sha256sum --check --quiet --strict <<< "$sums"
      `,
    });
  },
);
