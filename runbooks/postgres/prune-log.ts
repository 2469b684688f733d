import { hostOf, integer, isHost, runbook, sh, text, tools } from "../../dsl/index.ts";
import { backupServer, databaseServer } from "./inventory.ts";

/**
 * Delete a server's base backups that are older than 14 days, and the log that none of those left needs.
 *
 * The newest base backup that has been proven to restore stays, however old it is, and so does whatever is newer: a
 * fortnight of backups that nobody could restore pushes no good one out. Where none is proven nothing goes. Log goes when it
 * is older than the first segment that the oldest base backup left needs; of a cluster without base backups none goes, and
 * histories of timelines stay.
 */
export default runbook(
  "prune-log",
  {
    backsUp: ({ server }) => server.database,
    objective: { rto: "1h", rpo: "24h" },
    needs: ({ holder }) => [holder, tools(holder, "sha256sum")],
    params: {
      holder: hostOf(backupServer, "The host that keeps the base backups and the log"),
      server: hostOf(databaseServer, "The server whose they are"),
      days: integer("How long a base backup is kept; 14 where left out").optional(),
    },
  },
  ({ read, change, params }) => {
    const { holder, server, days } = params;

    const old = read("Base backups that may go", {
      on: holder,
      timeout: "2h",
      run: sh`
        export LC_ALL=C
        server=${server}
        days=${days}
        cd -- "/archive/postgres/$server/base"
        limit=$(date -u -d "\${days:-14} days ago" +%Y-%m-%dT%H-%M-%SZ)
        whole() {
          seal=$(sed '/^seal /d' "$1/MANIFEST" | sha256sum | cut -d ' ' -f 1)
          grep -qxF "seal $seal" "$1/MANIFEST" || return 1
          while read -r _ file bytes digest; do
            [ "$(stat -c %s -- "$1/$file" || echo no)" = "$bytes" ] || return 1
            [ "$(sha256sum < "$1/$file" | cut -d ' ' -f 1)" = "$digest" ] || return 1
          done < <(grep '^file ' "$1/MANIFEST")
        }
        stays=''
        for set in $(find . -mindepth 1 -maxdepth 1 -printf '%f\n' | grep -xE '[0-9-]{10}T[0-9-]{8}Z' | sort -r); do
          if [ -z "$stays" ]; then
            # A proof is worth what is left of the set: read once more, it must be what was proven.
            if [ -s "$set/proven" ] && [ -s "$set/MANIFEST" ] && whole "$set"; then stays=$set; fi
          elif [[ $set < $limit ]]; then
            printf '%s\n' "$set"
          fi
        done
      `,
      gives: text(),
    });

    change("Delete them", {
      on: holder,
      effect: "idempotent",
      guard: [isHost(holder)],
      run: sh`
        server=${server}
        old=${old}
        cd -- "/archive/postgres/$server/base"
        # By rename first: what is half deleted has no name any more.
        while read -r set; do
          [ -n "$set" ] || continue
          if [ -e "$set" ]; then mv -T -- "$set" ".going-$set"; fi
        done <<< "$old"
        # No backup is on its way: its run would hold this host.
        rm -rf -- .going-* .incoming-*
        sync -- .
      `,
      verify: sh`
        server=${server}
        old=${old}
        cd -- "/archive/postgres/$server/base"
        while read -r set; do
          [ -z "$set" ] || [ ! -e "$set" ]
        done <<< "$old"
        [ -z "$(compgen -G '.going-*' || true)" ] && [ -z "$(compgen -G '.incoming-*' || true)" ]
      `,
    });

    // A segment's place in the log is its name without the timeline, which is the first eight digits: names of different
    // timelines do not sort by what is older.
    const kept = read("What the log is kept from", {
      on: holder,
      run: sh`
        export LC_ALL=C
        server=${server}
        cd -- "/archive/postgres/$server"
        for set in base/[0-9]*Z; do
          [ -e "$set" ] || continue
          seal=$(sed '/^seal /d' "$set/MANIFEST" | sha256sum | cut -d ' ' -f 1)
          grep -qxF "seal $seal" "$set/MANIFEST" || {
            printf 'refused: what log %s needs cannot be told: its MANIFEST is not the one it was made with\n' "$PWD/$set" >&2
            exit 1
          }
          printf '%s %s\n' "$(sed -n 's/^system-identifier //p' "$set/MANIFEST")" \
            "$(sed -nE 's/^first-segment .{8}(.{16})$/\1/p' "$set/MANIFEST")"
        done | sort | awk '$1 != cluster { print; cluster = $1 }'
      `,
      gives: text(),
    });

    change("Delete the log that none of the others needs", {
      on: holder,
      effect: "idempotent",
      guard: [isHost(holder)],
      timeout: "1h",
      run: sh`
        export LC_ALL=C
        server=${server}
        kept=${kept}
        cd -- "/archive/postgres/$server/log"
        while read -r cluster first; do
          [ -d "$cluster" ] || continue
          for file in "$cluster"/*; do
            segment=\${file#*/}
            segment=\${segment%%.*}
            [[ $segment =~ ^[0-9A-F]{24}$ && \${segment:8} < $first ]] || continue
            rm -f -- "$file"
          done
        done <<< "$kept"
        sync -- .
      `,
      verify: sh`
        export LC_ALL=C
        server=${server}
        kept=${kept}
        cd -- "/archive/postgres/$server/log"
        while read -r cluster first; do
          [ -d "$cluster" ] || continue
          for file in "$cluster"/*; do
            segment=\${file#*/}
            segment=\${segment%%.*}
            [[ ! $segment =~ ^[0-9A-F]{24}$ || ! \${segment:8} < $first ]]
          done
        done <<< "$kept"
      `,
    });
  },
);
