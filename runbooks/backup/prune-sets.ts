import { hostOf, integer, isHost, runbook, sh, text } from "../../dsl/index.ts";
import { managementServers } from "./management.ts";

/**
 * Delete a server's sets that are older than 30 days, where one of its own kind that is newer is still whole.
 *
 * Run it on each host that keeps sets of the server, after that night's sets have arrived. Age is that of the moment in the
 * manifest. Each set goes by itself: of every one the newest that is whole stays, however old it is, and so does whatever
 * is newer than that one. So a week of bad copies pushes no good one out. A manifest goes when nothing that it lists is
 * left. A database's set is a folder with its own manifest; of those the newest stays that was restored for proof, too.
 */
export default runbook(
  "prune-sets",
  {
    backsUp: ({ server }) => server.configuration,
    objective: { rto: "1h", rpo: "24h" },
    needs: ({ holder }) => [holder],
    params: {
      holder: hostOf(managementServers, "The host that keeps the sets"),
      server: hostOf(managementServers, "The server whose sets they are"),
      days: integer("How long a set is kept; 30 where left out").optional(),
    },
  },
  ({ read, change, params }) => {
    const { holder, server, days } = params;

    const old = read("What may go", {
      on: holder,
      timeout: "1h",
      run: sh`
        export LC_ALL=C
        server=${server}
        days=${days}
        cd -- "/archive/blaze-backup/$server"
        sealed() { grep -qxF "seal $(sed '/^seal /d' "$1" | sha256sum | cut -d ' ' -f 1)" "$1"; }
        is() { [ "$(stat -c %s -- "$1")" = "$2" ] && [ "$(sha256sum < "$1" | cut -d ' ' -f 1)" = "$3" ]; }
        limit=$(date -u -d "\${days:-30} days ago" +%Y-%m-%dT%H:%M:%SZ)
        sets=$(
          for manifest in "$server"-manifest-*; do
            # A manifest that was altered proves nothing, and lets nothing go.
            if [ ! -e "$manifest" ] || ! sealed "$manifest"; then continue; fi
            begun=$(sed -n 's/^begun //p' "$manifest")
            while read -r _ set file bytes digest _; do
              # A manifest comes from another host: it may name the sets of its own generation, and nothing else.
              [[ $file == "$server-$set-\${manifest#*-manifest-}".* && $file != */* ]] || continue
              printf '%s %s %s %s %s\n' "$set" "$begun" "$file" "$bytes" "$digest"
            done < <(grep '^set ' "$manifest")
          done | sort -k 1,1 -k 2,2r
        )
        of='' whole=''
        while read -r set begun file bytes digest; do
          [ -n "$set" ] || continue
          [ "$set" = "$of" ] || { of=$set; whole=''; }
          [ -e "$file" ] || continue
          if [ -z "$whole" ]; then
            # The newest that is whole, and what is newer and is not, stay.
            if is "$file" "$bytes" "$digest"; then whole=$file; fi
          elif [[ $begun < $limit ]]; then
            printf '%s\n' "$file"
          fi
        done <<< "$sets"

        dumps=$(
          for manifest in "$server"-pgdump-*/MANIFEST; do
            if [ ! -e "$manifest" ] || ! sealed "$manifest"; then continue; fi
            printf '%s %s\n' "$(sed -n 's/^begun //p' "$manifest")" "\${manifest%/MANIFEST}"
          done | sort -r
        )
        whole=''
        while read -r begun set; do
          [ -n "$set" ] || continue
          if [ -z "$whole" ]; then
            if ! grep -q '^proven ' "$set/MANIFEST" || ! grep -q '^file database.dump ' "$set/MANIFEST"; then continue; fi
            whole=$set
            while read -r _ file bytes digest; do
              if [ ! -e "$set/$file" ] || ! is "$set/$file" "$bytes" "$digest"; then whole=''; fi
            done < <(grep '^file ' "$set/MANIFEST")
          elif [[ $begun < $limit ]]; then
            printf '%s\n' "$set"
          fi
        done <<< "$dumps"
      `,
      gives: text(),
    });

    change("Delete it", {
      on: holder,
      effect: "idempotent",
      guard: [isHost(holder)],
      run: sh`
        server=${server}
        old=${old}
        cd -- "/archive/blaze-backup/$server"
        while read -r file; do
          [ -e "$file" ] || continue
          # A database's is a folder: without its name it is no set any more, also where this is cut short.
          mv -T -- "$file" ".going-$file"
        done <<< "$old"
        rm -rf -- .going-*
        # A manifest of which this was the last; one whose files went in another way is evidence, and stays.
        for manifest in "$server"-manifest-*; do
          [ -e "$manifest" ] || continue
          went=no left=no
          while read -r _ set file _; do
            [[ $file == "$server-$set-\${manifest#*-manifest-}".* && $file != */* ]] || continue
            if [ -e "$file" ]; then left=yes; elif grep -qxF -- "$file" <<< "$old"; then went=yes; fi
          done < <(grep '^set ' "$manifest")
          if [ "$went" = yes ] && [ "$left" = no ]; then rm -- "$manifest"; fi
        done
        sync -- .
      `,
      verify: sh`
        server=${server}
        old=${old}
        cd -- "/archive/blaze-backup/$server"
        while read -r file; do
          [ -z "$file" ] || [ ! -e "$file" ]
        done <<< "$old"
      `,
    });
  },
);
