import { hostOf, integer, runbook, sh, text, tools } from "../../dsl/index.ts";
import { managementServers } from "./management.ts";

/**
 * Say whether a holder has a fresh, whole copy of every set of a server.
 *
 * Ask it of iraq and of the peer, never of the server itself: a server that is off, whose timer is off or whose backup
 * writes nothing cannot report that. Each set is judged by itself, by the moment in the manifest of the newest one that
 * is whole, byte for byte; no file's time is looked at. A moment that is yet to come is wrong: it would hide for years that
 * nothing arrives any more. It changes nothing, and ends with 1 where a set is late or missing.
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
    read("The newest whole one of each set", {
      on: holder,
      timeout: "1h",
      run: sh`
        export LC_ALL=C
        server=${server}
        hours=${hours}
        limit=$(date -u -d "\${hours:-26} hours ago" +%Y-%m-%dT%H:%M:%SZ)
        soon=$(date -u -d '15 minutes' +%Y-%m-%dT%H:%M:%SZ)
        cd -- "/archive/blaze-backup/$server"
        manifests=$(
          for manifest in "$server"-manifest-*; do
            [ -e "$manifest" ] || continue
            seal=$(sed '/^seal /d' "$manifest" | sha256sum | cut -d ' ' -f 1)
            if grep -qxF "seal $seal" "$manifest"; then printf '%s %s\n' "$(sed -n 's/^begun //p' "$manifest")" "$manifest"; fi
          done | sort -r
        )
        # An authority is expected where there has ever been one.
        sets='etc cron userlocalbin packages labels secrets'
        if grep -q '^set ca ' "$server"-manifest-*; then sets+=' ca'; fi
        wrong=0
        for set in $sets; do
          newest='' why=''
          while read -r begun manifest; do
            [ -n "$manifest" ] || continue
            if ! read -r _ _ file bytes digest _ < <(grep "^set $set " "$manifest"); then
              why+="; $begun: $(sed -n "s/^missing $set //p" "$manifest")"
            elif [ ! -e "$file" ]; then
              why+="; $begun: the file is gone"
            elif [ "$(stat -c %s -- "$file")" != "$bytes" ] || [ "$(sha256sum < "$file" | cut -d ' ' -f 1)" != "$digest" ]; then
              why+="; $begun: it is not what was made"
            else
              newest=$begun
              break
            fi
          done <<< "$manifests"
          if [ -z "$newest" ]; then
            printf '%s: none is whole%s\n' "$set" "$why" >&2
            wrong=$((wrong + 1))
          elif [[ $newest > $soon ]]; then
            printf '%s: its moment is yet to come, %s: a clock was wrong%s\n' "$set" "$newest" "$why" >&2
            wrong=$((wrong + 1))
          elif [[ $newest < $limit ]]; then
            printf '%s: late, the newest whole one is of %s%s\n' "$set" "$newest" "$why" >&2
            wrong=$((wrong + 1))
          else
            printf '%s: %s%s\n' "$set" "$newest" "$why"
          fi
        done
        [ "$wrong" -eq 0 ]
      `,
      gives: text(),
    });
  },
);
