import { bool, hostOf, integer, line, path, runbook, sh, text, tools } from "../../dsl/index.ts";
import { allFresh } from "../backup/all-fresh.ts";
import { followLog } from "./follow-log.ts";
import { backupServer, databaseServer } from "./inventory.ts";
import { listBases } from "./list-bases.ts";

/**
 * Say whether a holder could bring a PostgreSQL server back to a moment ago: from a base backup, and the log after it.
 *
 * Ask it of the holder, never of the server: one that is off cannot say so. `base` is the newest base backup that is whole
 * byte for byte and was restored once; those that are passed over are told of, with the reason. `log` is the log from there
 * on, every segment there and readable, and its moment is the newest that the server itself wrote into it: `keep-log` has it
 * write one each minute, so that silence is a fault and not an idle night. No file's time is looked at. It changes nothing,
 * and ends with 1 where either is anything but `fresh`:
 *
 * - `missing`: no base backup is whole; then there is no log that could be replayed either
 * - `unproven`: a newer one than the one that counts is whole, and nothing says that it was ever restored
 * - `late`: it is older than it may be; of the log, nothing arrives
 * - `ahead`: its moment is yet to come
 * - `shrunken`: the base backup has not half the bytes of the one before
 * - `broken`: a segment is missing or spoilt, and nothing after it can be used; a new base backup ends that
 *
 * While the server is down or the holder out of its reach, the log is late: that is what it is.
 */
export default runbook(
  "check-log",
  {
    objective: { rto: "1h", rpo: "5m" },
    needs: ({ holder }) => [holder, tools(holder, "gzip", "sha256sum")],
    params: {
      holder: hostOf(backupServer, "The host that keeps the base backups and the log"),
      server: hostOf(databaseServer, "The server whose they are"),
      minutes: integer(
        "How old the log's newest moment may be; 5 where left out: a minute of silence, one until it is handed over, and a try that failed",
      ).optional(),
      hours: integer(
        "How old the newest base backup may be; 26 where left out: a day, and time to make and prove it",
      ).optional(),
    },
  },
  ({ read, when, params: { holder, server, minutes, hours } }) => {
    const known = listBases({ holder, server });

    const judged = read("The newest base backup that is whole and proven", {
      on: holder,
      timeout: "2h",
      run: sh`
        export LC_ALL=C
        server=${server}
        hours=${hours}
        known=${known}
        place=/archive/postgres/$server
        present=''
        if [ -e "$place/clusters" ]; then present=$(tail -n 1 -- "$place/clusters"); fi
        bytes_of() { awk '$1 == "file" { sum += $3 } END { printf "%d\n", sum }' "$place/base/$1/MANIFEST"; }
        fault() {
          local file bytes digest set=$place/base/$1
          grep -qxF "seal $(sed '/^seal /d' "$set/MANIFEST" | sha256sum | cut -d ' ' -f 1)" "$set/MANIFEST" ||
            { echo 'its MANIFEST is not the one it was made with'; return; }
          while read -r _ file bytes digest; do
            [ -e "$set/$file" ] || { echo "$file is gone"; return; }
            if [ "$(stat -c %s -- "$set/$file")" != "$bytes" ] || [ "$(sha256sum < "$set/$file" | cut -d ' ' -f 1)" != "$digest" ]; then
              echo "$file is not what was made"
              return
            fi
          done < <(grep '^file ' "$set/MANIFEST")
        }
        state=missing used='' moment='' bytes='' before='' why='' follow=''
        while read -r found finished proven cluster _ leads newest; do
          [ -n "$found" ] || continue
          if [ -n "$used" ]; then
            [ "$finished" = - ] || before=$(bytes_of "$found")
            [ -z "$before" ] || break
            continue
          fi
          wrong=''
          if [ "$finished" = - ]; then
            wrong='it was never finished'
          elif [ "$cluster" != "$present" ]; then
            wrong="it is not of the present cluster, $present"
          elif [[ ",$leads," != *",$newest,"* ]]; then
            wrong='a recovery has left its timeline'
          else
            wrong=$(fault "$found")
            if [ -z "$wrong" ] && [ "$proven" = - ]; then
              wrong='nothing says that it was ever restored'
              state=unproven
            fi
          fi
          if [ -n "$wrong" ]; then
            why+="; $found: $wrong"
          else
            used=$found moment=$finished bytes=$(bytes_of "$found") follow=$newest
          fi
        done <<< "$known"
        if [ -n "$used" ]; then
          if [[ $moment > $(date -u -d '15 minutes' +%Y-%m-%dT%H:%M:%SZ) ]]; then
            state=ahead
          elif [[ $moment < $(date -u -d "\${hours:-26} hours ago" +%Y-%m-%dT%H:%M:%SZ) ]]; then
            state=late
          elif [ "$state" = unproven ]; then
            :
          elif [ -n "$before" ] && [ "$((bytes * 2))" -lt "$before" ]; then
            state=shrunken
            why+="; the one before has $before bytes"
          else
            state=fresh
          fi
        fi
        why=\${why#; }
        printf '%s\n' "$state base \${moment:--} \${bytes:--}\${why:+ $why}"
        [ -z "$used" ] || printf 'use %s along timeline %s\n' "$used" "$follow"
      `,
      gives: text(),
    });

    const some = read("Whether there is one", {
      on: holder,
      run: sh`
        judged=${judged}
        case $judged in *$'\nuse '*) echo true ;; *) echo false ;; esac
      `,
      gives: bool(),
    });

    const log = when(
      "There is one",
      some,
      () => {
        const base = read("Base backup that the log belongs to", {
          on: holder,
          run: sh`
            server=${server}
            judged=${judged}
            printf '/archive/postgres/%s/base/%s\n' "$server" "$(sed -nE 's/^use ([^ ]+) .*/\1/p' <<< "$judged")"
          `,
          gives: path(),
        });
        const timeline = read("Timeline of the log", {
          on: holder,
          run: sh`
            judged=${judged}
            sed -nE 's/^use .* timeline ([0-9]+)$/\1/p' <<< "$judged"
          `,
          gives: integer(),
        });
        const reached = followLog({ holder, server, base, timeline });
        return read("What the log is worth", {
          on: holder,
          run: sh`
            export LC_ALL=C
            minutes=${minutes}
            reached=${reached}
            of() { sed -n "s/^$1 //p" <<< "$reached"; }
            state=fresh why=$(of fault) moment=$(of heard)
            if [ -n "$why" ]; then
              state=broken
              why+=': nothing from there on can be replayed'
            elif [[ $moment > $(date -u -d '15 minutes' +%Y-%m-%dT%H:%M:%SZ) ]]; then
              state=ahead
            elif [[ $moment < $(date -u -d "\${minutes:-5} minutes ago" +%Y-%m-%dT%H:%M:%SZ) ]]; then
              state=late
              why="the newest segment is $(of newest)"
            fi
            printf '%s\n' "$state log $moment $(of bytes)\${why:+ $why}"
          `,
          gives: line(),
        });
      },
      () =>
        read("A log without a base backup", {
          on: holder,
          run: sh`echo 'missing log - - there is no base backup that it could be replayed on'`,
          gives: line(),
        }),
    );

    const copies = read("The base backup and the log", {
      on: holder,
      run: sh`
        judged=${judged}
        log=${log}
        printf '%s\n' "\${judged%%$'\n'*}" "$log"
      `,
      gives: text(),
      copies: true,
    });

    allFresh({ on: holder, copies });
  },
);
