import {
  choice,
  holds,
  hostOf,
  isHost,
  item,
  name,
  path,
  runbook,
  sh,
  text,
  timestamp,
  tools,
} from "../../dsl/index.ts";
import { iraq } from "../koji/inventory.ts";
import { chooseGeneration } from "./choose-generation.ts";
import { managementServers } from "./management.ts";

/**
 * Bring a server's files back from its newest whole set.
 *
 * Use it when a folder of `/etc`, the cron jobs or the scripts are gone or cannot be trusted. Only what lies below the
 * folder that you name is touched; what is there now is set aside beside it, and nothing of it is deleted. Files come back
 * with their owners, modes, times, access lists and attributes, and every one is compared with the manifest in a scratch
 * place before it takes its place.
 *
 * What is secret is in another set, which only an age key opens: see `restore-secrets`. A folder that held
 * such files comes back without them, and the run says which they are.
 */
export default runbook(
  "restore-files",
  {
    recovers: ({ server }) => server.configuration,
    objective: { rto: "1h", rpo: "24h" },
    needs: ({ server }) => [
      iraq.archive,
      item("root's ssh key on the server, accepted by backup@iraq"),
      tools(server, "bzip2", "getfacl", "getfattr", "rsync", "sha256sum", "tar"),
    ],
    params: {
      server: hostOf(managementServers, "The server whose files are lost"),
      set: choice(["etc", "cron", "userlocalbin"], "The set they are in"),
      folder: path("The folder that comes back, with all that is below it: /etc/httpd"),
      before: timestamp("Use the newest generation begun before this moment").optional(),
      unit: name("A unit to be started again when the files are back: httpd.service").optional(),
    },
  },
  ({ read, change, confirm, when, params }) => {
    const { server, set, folder, before, unit } = params;
    const { looked, generation } = chooseGeneration({ on: iraq, server, set, before });

    const contents = read("What of the folder is in it", {
      on: iraq,
      run: sh`
        server=${server}
        generation=${generation}
        set=${set}
        folder=${folder}
        cd -- "/archive/blaze-backup/$server"
        manifest=$server-manifest-$generation
        # A path comes after the seventh word of its line, and may have spaces in it.
        paths() { sed -n "s/^entry $1 \([^ ]* \)\{5\}//p" "$manifest"; }
        below() { folder=\${folder#/} awk '$0 == ENVIRON["folder"] || index($0, ENVIRON["folder"] "/") == 1'; }
        # Without what is sealed, the server could not be logged in to.
        [ "$folder" != /etc ] || { echo 'refused: name a folder below /etc: one that is lost' >&2; exit 1; }
        entries=$(paths "$set" | below | wc -l)
        [ "$entries" -gt 0 ] || { printf 'refused: the set has nothing below %s\n' "$folder" >&2; exit 1; }
        printf '%s entries come back\n' "$entries"
        paths secrets | below | sed 's/^/not this secret: /'
      `,
      gives: text(),
    });

    const state = read("What is there now", {
      on: server,
      run: sh`
        folder=${folder}
        if [ -e "$folder" ]; then
          printf '%s files in %s, the newest of %s\n' "$(find "$folder" -type f | wc -l)" "$folder" \
            "$(find "$folder" -printf '%TY-%Tm-%TdT%TH:%TM\n' | sort | tail -n 1)"
        else
          printf 'there is no %s\n' "$folder"
        fi
      `,
      gives: text(),
    });

    confirm("Put these files in their place", { evidence: [looked, contents, state] });

    change("Unpack the set in a scratch place, and compare it", {
      on: server,
      effect: "idempotent",
      guard: [isHost(server)],
      run: sh`
        umask 077
        export LC_ALL=C
        server=${server}
        generation=${generation}
        set=${set}
        folder=${folder}
        scratch=/var/lib/restore-files
        rm -rf -- "$scratch"
        mkdir -p -- "$scratch/unpacked"
        cd -- "$scratch"
        rsync -t -- "iraq:blaze-backup/$server/$server-manifest-$generation" manifest
        read -r _ _ file _ digest entries < <(grep "^set $set " manifest)
        rsync -t -- "iraq:blaze-backup/$server/$file" set.tar.bz2
        [ "$(sha256sum < set.tar.bz2 | cut -d ' ' -f 1)" = "$digest" ]
        tar --extract --bzip2 --file=set.tar.bz2 --directory=unpacked --preserve-permissions --same-owner --acls \
          --xattrs --xattrs-include='*'

        # As the set was described when it was made: entries, access lists, attributes, contents.
        cd unpacked
        sed -n "s/^entry $set \([^ ]* \)\{5\}//p" ../manifest | sed 's/ -> .*//' | sort > ../paths
        [ "$(wc -l < ../paths)" = "$entries" ]
        {
          tr '\n' '\0' < ../paths | xargs -0 -r bash -c 'find "$@" -maxdepth 0 \
            \( -type f -printf "entry %y %m %u:%g %s %T@ %p\n" -o -type l -printf "entry %y 777 %u:%g 0 %T@ %p -> %l\n" \
            -o -printf "entry %y %m %u:%g 0 - %p\n" \)' find
          tr '\n' '\0' < ../paths | xargs -0 -r getfacl -P --skip-base --absolute-names --no-effective -- |
            sed '/^$/d; s/^/acl /'
          tr '\n' '\0' < ../paths | xargs -0 -r getfattr -h --absolute-names -d -e hex -m '^(user|security)[.]' -- |
            sed '/^$/d; s/^/xattr /'
          tr '\n' '\0' < ../paths |
            xargs -0 -r bash -c 'find "$@" -maxdepth 0 -type f -exec sha256sum {} +' find | sed 's/^/sum /'
        } > ../unpacked.description
        sed -n "s/^\(entry\|acl\|xattr\|sum\) $set /\1 /p" ../manifest | diff - ../unpacked.description >&2
        printf '%s\n' "$set of $generation for $folder" > ../compared
      `,
      verify: sh`
        generation=${generation}
        set=${set}
        folder=${folder}
        [ -e /var/lib/restore-files/compared ]
        grep -qxF -- "$set of $generation for $folder" /var/lib/restore-files/compared
      `,
    });

    change("Put them in their place", {
      on: server,
      effect: "idempotent",
      destroys: [server.configuration],
      guard: [
        isHost(server),
        holds("the scratch place holds what was compared", sh`[ -e /var/lib/restore-files/compared ]`),
      ],
      // Two renames: where a crash falls between them, only the second is left to do.
      run: sh`
        folder=${folder}
        scratch=/var/lib/restore-files
        if [ ! -e "$scratch/placed" ]; then
          [ -e "$scratch/unpacked$folder" ] || exit 1
          # Beside its place, so that the exchange is a rename, with what tar gave it.
          parent=\${folder%/*}
          new=$parent/.restored-\${folder##*/}
          rm -rf -- "$new"
          mkdir -p -- "$parent"
          cp --archive -- "$scratch/unpacked$folder" "$new"
          sync -f -- "$new"
          if [ -e "$folder" ]; then mv -T -- "$folder" "$folder.before-$(date -u +%Y-%m-%dT%H-%M-%SZ)"; fi
          mv -T -- "$new" "$folder"
          if command -v restorecon > /dev/null; then restorecon -R -- "$folder"; fi
          touch "$scratch/placed"
        fi
      `,
      verify: sh`
        folder=${folder}
        [ -e /var/lib/restore-files/placed ]
        [ -e "$folder" ]
        # Whoever lives there may have written more meanwhile.
        different=$(rsync -aAXOnc --out-format=%n -- "/var/lib/restore-files/unpacked$folder" "\${folder%/*}/")
        [ -z "$different" ]
      `,
    });

    when("A unit waits for them", unit, (waiting) => {
      change("Start the unit", {
        on: server,
        effect: "idempotent",
        guard: [isHost(server)],
        run: sh`
          unit=${waiting}
          systemctl daemon-reload
          # Refused where it has not failed, and then there is nothing to reset.
          systemctl reset-failed "$unit" || true
          systemctl restart "$unit"
        `,
        verify: sh`systemctl is-active --quiet ${waiting}`,
      });
    });

    change("Clear the scratch place", {
      on: server,
      effect: "idempotent",
      run: sh`rm -rf -- /var/lib/restore-files`,
      verify: sh`[ ! -e /var/lib/restore-files ]`,
    });
  },
);
