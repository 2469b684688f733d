import { bool, freeSpace, holds, hostOf, integer, isHost, item, name, runbook, sh, text } from "../../dsl/index.ts";
import { escrow } from "../koji/inventory.ts";
import { managementServers } from "./management.ts";
import { receiveGeneration } from "./receive-generation.ts";

/**
 * Bring a server's newest generation to one of the hosts that keep its sets.
 *
 * Every server's sets are held by iraq and by one peer, in a ring: hongkong's by ireland, ireland's by chile, chile's by
 * australia, australia's by hongkong. Run it once for each of the two, after `blaze`: one that is down does not keep the
 * other from getting its copy.
 *
 * Nothing that a holder has is ever altered: a generation arrives beside the others, is read back there and compared with
 * its manifest, and only then gets its name. What was damaged tonight is a new generation, and last night's stays as it
 * was. Where more files are gone or altered, since what the holder got last of each set, than `threshold` allows, the run
 * stops and shows which: that is what a deletion, an intruder or a dying disk looks like from here.
 */
export default runbook(
  "wildfire",
  {
    backsUp: ({ server }) => server.configuration,
    keeps: ({ holder }) => [holder],
    opens: escrow,
    objective: { rto: "1h", rpo: "24h" },
    needs: ({ server, holder }) => [
      server,
      holder,
      item("root's ssh key on the server, accepted by backup@ the holder"),
    ],
    params: {
      server: hostOf(managementServers, "The server whose sets travel"),
      holder: hostOf(managementServers, "The host that is to keep them: iraq, or the server's peer"),
      threshold: integer("How many files may be gone or altered without a decision; 50 where left out").optional(),
    },
  },
  ({ read, confirm, change, when, params }) => {
    const { server, holder, threshold } = params;

    // One row a server: who keeps its sets beside itself. iraq's own are the scripts' masters, which nobody else has.
    read("The layout", {
      on: server,
      run: sh`
        server=${server}
        holder=${holder}
        case $server/$holder in
          hongkong/iraq | hongkong/ireland) ;;
          ireland/iraq | ireland/chile) ;;
          chile/iraq | chile/australia) ;;
          australia/iraq | australia/hongkong) ;;
          iraq/chile | iraq/hongkong) ;;
          *)
            printf 'refused: %s does not keep the sets of %s\n' "$holder" "$server" >&2
            exit 1
            ;;
        esac
      `,
      gives: text(),
    });

    const generation = read("Newest generation", {
      on: server,
      run: sh`
        server=${server}
        sets=/archive/blaze-backup/$server
        newest='' last=''
        for manifest in "$sets/$server"-manifest-*; do
          [ -e "$manifest" ] || continue
          begun=$(sed -n 's/^begun //p' "$manifest")
          [[ $begun > $last ]] || continue
          last=$begun
          newest=\${manifest##*-manifest-}
        done
        [ -n "$newest" ] || { printf 'refused: there is no generation in %s: is /archive mounted, and has blaze run?\n' "$sets" >&2; exit 1; }
        printf '%s\n' "$newest"
      `,
      gives: name(),
    });

    const bytes = read("Size of it", {
      on: server,
      run: sh`
        server=${server}
        generation=${generation}
        cd -- "/archive/blaze-backup/$server"
        manifest=$server-manifest-$generation
        bytes=$(stat -c %s -- "$manifest")
        while read -r _ _ _ size _; do bytes=$((bytes + size)); done < <(grep '^set ' "$manifest")
        printf '%s\n' "$bytes"
      `,
      gives: integer(),
    });

    const held = read("Newest generation of each set that the holder has", {
      on: holder,
      run: sh`
        export LC_ALL=C
        server=${server}
        for manifest in "/archive/blaze-backup/$server/$server"-manifest-*; do
          [ -e "$manifest" ] || continue
          begun=$(sed -n 's/^begun //p' "$manifest")
          while read -r _ set _; do
            printf '%s %s %s\n' "$set" "$begun" "\${manifest##*-manifest-}"
          done < <(grep '^set ' "$manifest")
        done | sort -k 1,1 -k 2,2r | awk '$1 != set { set = $1; print $1, $3 }'
      `,
      gives: text(),
    });

    // By the manifests: of an open set the digests of its files, of a sealed one their sizes and times. A set that was left
    // out tonight took nothing away; when it is back, it is compared with the last that the holder got of it.
    const changes = read("Files gone or altered since then", {
      on: server,
      run: sh`
        export LC_ALL=C
        server=${server}
        holder=${holder}
        generation=${generation}
        held=${held}
        cd -- "/archive/blaze-backup/$server"
        now=$server-manifest-$generation
        work=$(mktemp -d)
        trap 'rm -r -- "$work"' EXIT
        files() {
          case $1 in
            ca | secrets) sed -nE "s/^entry $1 (f [^ ]+ [^ ]+ [^ ]+ [^ ]+) (.*)/$1 \2\t\1/p" "$2" ;;
            *) sed -nE "s/^sum $1 ([0-9a-f]+) +(.*)/$1 \2\t\1/p" "$2" ;;
          esac
        }
        while read -r set last; do
          if [ -z "$set" ] || ! grep -q "^set $set " "$now"; then continue; fi
          then=$server-manifest-$last
          # Without its own stdin, ssh would read the sets that are still to come.
          [ -e "$work/$then" ] || rsync -t -- "$holder:blaze-backup/$server/$then" "$work/" < /dev/null
          files "$set" "$work/$then" >> "$work/before"
          files "$set" "$now" >> "$work/now"
        done <<< "$held"
        for side in before now; do touch "$work/$side"; sort -o "$work/$side" "$work/$side"; done
        join -t $'\t' -v 1 "$work/before" "$work/now" | sed 's/\t.*//; s/^/gone /' > "$work/gone"
        join -t $'\t' "$work/before" "$work/now" | awk -F '\t' '$2 != $3 { print "altered " $1 }' > "$work/altered"
        printf 'gone %s, altered %s, of the %s files that the holder has of these sets\n' "$(wc -l < "$work/gone")" \
          "$(wc -l < "$work/altered")" "$(wc -l < "$work/before")"
        cat "$work/gone" "$work/altered" > "$work/changes"
        head -n 60 "$work/changes"
      `,
      gives: text(),
    });

    const tooMany = read("Whether that is more than may pass", {
      on: server,
      run: sh`
        changes=${changes}
        threshold=${threshold}
        [[ $changes =~ ^gone\ ([0-9]+),\ altered\ ([0-9]+) ]]
        if [ "$((BASH_REMATCH[1] + BASH_REMATCH[2]))" -gt "\${threshold:-50}" ]; then echo true; else echo false; fi
      `,
      gives: bool(),
    });

    when("More is gone or altered than may pass", tooMany, () => {
      confirm("Pass the change on", { evidence: [changes, held] });
    });

    change("Make a place for it at the holder", {
      on: holder,
      as: "backup",
      effect: "idempotent",
      guard: [
        isHost(holder),
        holds("/archive is mounted: it has its place for sets", sh`[ -d /archive/blaze-backup ]`),
        freeSpace("/archive/blaze-backup", { times: 2, of: bytes }),
      ],
      run: sh`
        server=${server}
        generation=${generation}
        mkdir -p -- "/archive/blaze-backup/$server/.incoming-$generation"
      `,
      verify: sh`
        server=${server}
        generation=${generation}
        [ -d "/archive/blaze-backup/$server/.incoming-$generation" ]
      `,
    });

    // The archive of a holder is the receiving end's root: rrsync keeps the key to it.
    change("Send it", {
      on: server,
      effect: "idempotent",
      guard: [isHost(server)],
      timeout: "2h",
      run: sh`
        server=${server}
        holder=${holder}
        generation=${generation}
        cd -- "/archive/blaze-backup/$server"
        manifest=$server-manifest-$generation
        mapfile -t files < <(sed -n 's/^set [^ ]* \([^ ]*\) .*/\1/p' "$manifest")
        rsync -t --chmod=F640 -- "\${files[@]}" "$manifest" "$holder:blaze-backup/$server/.incoming-$generation/"
      `,
      verify: sh`
        server=${server}
        holder=${holder}
        generation=${generation}
        cd -- "/archive/blaze-backup/$server"
        manifest=$server-manifest-$generation
        mapfile -t files < <(sed -n 's/^set [^ ]* \([^ ]*\) .*/\1/p' "$manifest")
        different=$(
          rsync -nc --out-format=%n -- "\${files[@]}" "$manifest" "$holder:blaze-backup/$server/.incoming-$generation/"
        )
        [ -z "$different" ]
      `,
    });

    receiveGeneration({ on: holder, server, generation });
  },
);
