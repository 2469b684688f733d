import { hostOf, integer, runbook, sh, text, timestamp } from "../../dsl/index.ts";
import { storeServer } from "../koji/inventory.ts";
import { allFresh } from "./all-fresh.ts";
import { chooseCopy } from "./choose-copy.ts";
import { managementServers } from "./management.ts";

/**
 * Say whether a holder has a fresh, whole copy of the repository.
 *
 * Ask it of iraq and of chile's peer. The newest generation counts that has every file its manifest lists, with size, time
 * and target; its bytes are read a thirtieth each night, by `copy-repository`. Its moment is the manifest's. It changes
 * nothing, and ends with 1 where the copy is anything but `fresh`: `late`, `ahead` of the clock, or `shrunken`, with not half
 * the bytes of the one before; or where no copy is whole.
 */
export default runbook(
  "check-repository",
  {
    objective: { rto: "1h", rpo: "24h" },
    needs: ({ holder }) => [holder],
    params: {
      holder: hostOf(managementServers, "The host that keeps the copy"),
      server: hostOf(storeServer, "The server whose repository it is"),
      hours: integer("How old the newest may be; 30 where left out: a day, and time to make it").optional(),
      before: timestamp("Look only at generations begun before this moment").optional(),
    },
  },
  ({ read, params: { holder, server, hours, before } }) => {
    const { looked, generation, newest } = chooseCopy({ on: holder, server, before });

    const copies = read("The newest whole one", {
      on: holder,
      run: sh`
        export LC_ALL=C
        server=${server}
        hours=${hours}
        generation=${generation}
        newest=${newest}
        looked=${looked}
        cd -- /archive/repo-backup
        manifest=$server-koji-manifest-$generation
        bytes_of() { sed -n 's/^entry //p' "$1" | awk -F '\t' '$2 == "f" { sum += $5 } END { printf "%d\n", sum }'; }
        bytes=$(bytes_of "$manifest")
        previous=$(sed -n '/^previous /{s/^previous \([^ ]*\).*/\1/p;q}' "$manifest")
        were=0
        if [ -e "$previous" ]; then were=$(bytes_of "$previous"); fi
        state=fresh
        why=$(sed -n 's/^[^ ]* \(.*: passed over, .*\)/\1/p' <<< "$looked" | paste -s -d ';')
        if [[ $newest > $(date -u -d '15 minutes' +%Y-%m-%dT%H:%M:%SZ) ]]; then
          state=ahead
        elif [[ $newest < $(date -u -d "\${hours:-30} hours ago" +%Y-%m-%dT%H:%M:%SZ) ]]; then
          state=late
        elif [ "$((bytes * 2))" -lt "$were" ]; then
          state=shrunken
          why="the one before has $were bytes\${why:+; $why}"
        fi
        printf '%s\n' "$state koji $newest $bytes\${why:+ $why}"
      `,
      gives: text(),
      copies: true,
    });

    allFresh({ on: holder, copies });
  },
);
