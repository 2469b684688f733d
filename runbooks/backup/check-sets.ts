import { hostOf, integer, runbook, sh, text, tools } from "../../dsl/index.ts";
import { allFresh } from "./all-fresh.ts";
import { managementServers } from "./management.ts";

/**
 * Say whether a holder has a fresh, whole copy of every set of a server.
 *
 * Ask it of iraq and of the peer, never of the server itself: a server that is off, whose timer is off or whose backup
 * writes nothing cannot report that. Each set is judged by itself, by the moment in the manifest of the newest one that
 * is whole, byte for byte; of the database, by the newest moment in its data. No file's time is looked at. It changes
 * nothing, and ends with 1 where a set is anything but `fresh`:
 *
 * - `missing`: none is whole
 * - `late`: the newest whole one is older than it may be
 * - `ahead`: its moment is yet to come, which would hide for years that nothing arrives any more
 * - `shrunken`: it has not half the bytes of the one before
 * - `unproven`: it is a database's, and nothing says that it was ever restored
 */
export default runbook(
  "check-sets",
  {
    objective: { rto: "1h", rpo: "24h" },
    needs: ({ holder }) => [holder, tools(holder, "sha256sum")],
    params: {
      holder: hostOf(managementServers, "The host that keeps the sets"),
      server: hostOf(managementServers, "The server whose sets they are"),
      hours: integer("How old the newest of each may be; 26 where left out: a day, and time to make it").optional(),
    },
  },
  ({ read, params: { holder, server, hours } }) => {
    const copies = read("The newest whole one of each set", {
      on: holder,
      timeout: "1h",
      run: sh`
        export LC_ALL=C
        server=${server}
        hours=${hours}
        limit=$(date -u -d "\${hours:-26} hours ago" +%Y-%m-%dT%H:%M:%SZ)
        soon=$(date -u -d '15 minutes' +%Y-%m-%dT%H:%M:%SZ)
        cd -- "/archive/blaze-backup/$server"
        sealed() { grep -qxF "seal $(sed '/^seal /d' "$1" | sha256sum | cut -d ' ' -f 1)" "$1"; }

        # What the manifests say, the newest first: a set, its moment, the manifest, its bytes (or why there is none).
        said=$(
          {
            for manifest in "$server"-manifest-*; do
              if [ ! -e "$manifest" ] || ! sealed "$manifest"; then continue; fi
              about="$(sed -n 's/^begun //p' "$manifest") $manifest"
              sed -nE "s/^set ([a-z]+) [^ ]+ ([0-9]+) .*/\1 $about \2/p; s/^missing ([a-z]+) (.*)/\1 $about - \2/p" "$manifest"
            done
            for manifest in "$server"-pgdump-*/MANIFEST; do
              if [ ! -e "$manifest" ] || ! sealed "$manifest"; then continue; fi
              newest=$(sed -nE 's/^newest ([^.Z]*).*/\1Z/p' "$manifest")
              printf 'pgdump %s %s %s\n' "$newest" "$manifest" "$(sed -nE 's/^file database.dump ([0-9]+) .*/\1/p' "$manifest")"
            done
          } | sort -k 1,1 -k 2,2r
        )
        files() {
          case $1 in
            pgdump) sed -nE "s|^file ([^ ]+ [0-9]+ [0-9a-f]+)$|\${2%MANIFEST}\1|p" "$2" ;;
            *) sed -nE "s/^set $1 ([^ ]+ [0-9]+ [0-9a-f]+) .*/\1/p" "$2" ;;
          esac
        }
        fault() {
          local file bytes digest
          while read -r file bytes digest; do
            [ -e "$file" ] || { echo 'the file is gone'; return; }
            if [ "$(stat -c %s -- "$file")" != "$bytes" ] || [ "$(sha256sum < "$file" | cut -d ' ' -f 1)" != "$digest" ]; then
              echo 'it is not what was made'
              return
            fi
          done < <(files "$1" "$2")
        }

        # An authority and a database are expected where there has ever been one.
        while read -r set; do
          [ -n "$set" ] || continue
          moment='' bytes='' before='' why='' of=''
          while read -r begun manifest size missing; do
            if [ -n "$moment" ]; then
              before=$size
              [ "$size" = - ] || break
            elif [ "$size" = - ]; then
              why+="; $begun: $missing"
            else
              wrong=$(fault "$set" "$manifest")
              if [ -n "$wrong" ]; then why+="; $begun: $wrong"; else moment=$begun bytes=$size of=$manifest; fi
            fi
          done < <(sed -n "s/^$set //p" <<< "$said")
          state=fresh
          if [ -z "$moment" ]; then
            state=missing
          elif [[ $moment > $soon ]]; then
            state=ahead
          elif [[ $moment < $limit ]]; then
            state=late
          elif [[ $before =~ ^[0-9]+$ && $((bytes * 2)) -lt $before ]]; then
            state=shrunken
            why+="; the one before has $before bytes"
          elif [ "$set" = pgdump ] && ! grep -q '^proven ' "$of"; then
            state=unproven
          fi
          why=\${why#; }
          printf '%s\n' "$state $set \${moment:--} \${bytes:--}\${why:+ $why}"
        done < <({ printf '%s\n' etc cron userlocalbin packages labels secrets; cut -d ' ' -f 1 <<< "$said"; } | sort -u)
      `,
      gives: text(),
      copies: true,
    });

    allFresh({ on: holder, copies });
  },
);
