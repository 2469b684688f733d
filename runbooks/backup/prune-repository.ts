import { hostOf, isHost, runbook, sh, text } from "../../dsl/index.ts";
import { storeServer } from "../koji/inventory.ts";
import { managementServers } from "./management.ts";

/**
 * Delete a repository's generations that are older than 30 days, where a newer one is whole.
 *
 * Run it on each holder, after that night's copy has arrived. Age is that of the moment in the manifest. What a file shares
 * with a younger generation stays there: only the last that has it frees its room.
 */
export default runbook(
  "prune-repository",
  {
    objective: { rto: "24h", rpo: "24h" },
    needs: ({ holder }) => [holder],
    params: {
      holder: hostOf(managementServers, "The host that keeps the copy"),
      server: hostOf(storeServer, "The server whose repository it is"),
    },
  },
  ({ read, change, params: { holder, server } }) => {
    const old = read("Generations older than 30 days, with a newer one that is whole", {
      on: holder,
      timeout: "2h",
      run: sh`
        export LC_ALL=C
        server=${server}
        limit=$(date -u -d '30 days ago' +%Y-%m-%dT%H:%M:%SZ)
        cd -- /archive/repo-backup
        whole() {
          [ "$(sed '/^seal /d' "$1" | sha256sum | cut -d ' ' -f 1)" = "$(sed -n 's/^seal //p' "$1")" ] &&
            cmp -s <(sed -n 's/^entry //p' "$1" | awk -F '\t' '$2 == "f" { print $1 FS $5 FS $6 }') \
              <(find "\${1/-manifest-/-}" -mindepth 1 -type f -printf '%P\t%s\t%Ts\n' | sort -t $'\t' -k 1,1)
        }
        found=no
        while read -r begun manifest; do
          [ -n "$manifest" ] || continue
          if [ "$found" = no ]; then
            # The newest that is whole, and what is newer and is not, stay.
            if whole "$manifest"; then found=yes; fi
          elif [[ $begun < $limit ]]; then
            printf '%s\n' "\${manifest##*-manifest-}"
          fi
        done < <(
          for manifest in "$server"-koji-manifest-*; do
            [ ! -e "$manifest" ] || printf '%s %s\n' "$(sed -n '/^begun /{s///p;q}' "$manifest")" "$manifest"
          done | sort -r
        )
      `,
      gives: text(),
    });

    change("Delete them", {
      on: holder,
      effect: "idempotent",
      timeout: "24h",
      guard: [isHost(holder)],
      run: sh`
        server=${server}
        old=${old}
        cd -- /archive/repo-backup
        # The manifest first: what has none is no generation any more.
        while read -r generation; do
          [ -n "$generation" ] || continue
          rm -f -- "$server-koji-manifest-$generation"
          rm -rf -- "$server-koji-$generation"
        done <<< "$old"
        sync -- .
      `,
      verify: sh`
        server=${server}
        old=${old}
        cd -- /archive/repo-backup
        while read -r generation; do
          [ -z "$generation" ] || { [ ! -e "$server-koji-manifest-$generation" ] && [ ! -e "$server-koji-$generation" ]; }
        done <<< "$old"
      `,
    });
  },
);
