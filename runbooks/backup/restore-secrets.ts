import { hostOf, isHost, item, name, path, runbook, secret, sh, text, timestamp, tools } from "../../dsl/index.ts";
import { iraq } from "../koji/inventory.ts";
import { chooseGeneration } from "./choose-generation.ts";
import { managementServers } from "./management.ts";

/** The private half of one of the recipients, as age-keygen wrote it: the daily key, or the one in escrow. */
const key = secret("age-key");

/**
 * Bring a server's sealed files back: passwords, host keys, private keys.
 *
 * Use it after `restore-files`, which brings back what is not secret and says which files it left to this one. Only what lies
 * below the folder that you name comes back, each file with its owner, mode, time, access list and attributes; one that is
 * there and differs is set aside beside it. The key that opens the set is read from stdin and is written nowhere; what comes
 * out of the set is in memory until it has its place.
 *
 * The certificate authority is a set of its own: see `recover-authority`.
 */
export default runbook(
  "restore-secrets",
  {
    recovers: ({ server }) => server.secrets,
    objective: { rto: "1h", rpo: "24h" },
    needs: ({ server }) => [
      iraq.archive,
      item("the private half of one of the recipients of the server's sealed sets: the escrow's copy will do"),
      item("root's ssh key on the server, accepted by backup@iraq"),
      tools(server, "age", "bzip2", "rsync", "sha256sum", "tar"),
    ],
    params: {
      server: hostOf(managementServers, "The server whose files are lost"),
      folder: path("The folder whose sealed files come back, or one of these files: /etc/koji-hub"),
      before: timestamp("Use the newest generation begun before this moment").optional(),
    },
  },
  ({ read, change, confirm, params }) => {
    const { server, folder, before } = params;
    const set = read("Set that holds the secrets", { on: iraq, run: sh`echo secrets`, gives: name() });
    const { looked, generation } = chooseGeneration({ on: iraq, server, set, before });

    // Their names, sizes and times: a manifest tells no more of a sealed file.
    const files = read("What of the folder is in it", {
      on: iraq,
      run: sh`
        server=${server}
        generation=${generation}
        folder=${folder}
        found=$(
          while IFS= read -r entry; do
            # Type, mode, owner, size and time stand before the path.
            [[ $entry =~ ^([^ ]*\ ){5}(.*)$ ]]
            if [[ /\${BASH_REMATCH[2]} == "$folder" || /\${BASH_REMATCH[2]} == "$folder"/* ]]; then printf '%s\n' "$entry"; fi
          done < <(sed -n 's/^entry secrets //p' "/archive/blaze-backup/$server/$server-manifest-$generation")
        )
        [ -n "$found" ] || { printf 'refused: the set has nothing below %s\n' "$folder" >&2; exit 1; }
        printf '%s\n' "$found"
      `,
      gives: text(),
    });

    confirm("Put these secrets in their place", { evidence: [looked, files] });

    change("Fetch the sealed set", {
      on: server,
      effect: "idempotent",
      guard: [isHost(server)],
      run: sh`
        umask 077
        server=${server}
        generation=${generation}
        scratch=/var/lib/restore-secrets
        rm -rf -- "$scratch"
        mkdir -p -- "$scratch"
        cd -- "$scratch"
        rsync -t -- "iraq:blaze-backup/$server/$server-manifest-$generation" manifest
        read -r _ _ file _ < <(grep '^set secrets ' manifest)
        rsync -t -- "iraq:blaze-backup/$server/$file" set.age
      `,
      verify: sh`
        generation=${generation}
        cd -- /var/lib/restore-secrets
        grep -qxF -- "generation $generation" manifest
        read -r _ _ _ _ digest _ < <(grep '^set secrets ' manifest)
        [ "$(sha256sum < set.age | cut -d ' ' -f 1)" = "$digest" ]
      `,
    });

    change("Open it, and put each file in its place", {
      on: server,
      effect: "idempotent",
      stdin: key,
      destroys: [server.secrets],
      guard: [isHost(server)],
      run: sh`
        umask 077
        files=${files}
        opened=$(mktemp -d /run/restore-secrets.XXXXXX)
        trap 'rm -rf -- "$opened"' EXIT
        cd -- "$opened"
        # age says itself whether a byte of it was altered.
        age --decrypt --identity - /var/lib/restore-secrets/set.age |
          tar --extract --bzip2 --preserve-permissions --same-owner --acls --xattrs --xattrs-include='*'
        # All of them first: where one has no place to go to, none goes.
        mapfile -t paths < <(sed -E 's/^([^ ]* ){5}//' <<< "$files")
        for path in "\${paths[@]}"; do
          [ -e "$path" ] || { printf 'refused: %s did not come out of the set\n' "$path" >&2; exit 1; }
          [ -d "/\${path%/*}" ] || { printf 'refused: there is no /%s: restore-files first\n' "\${path%/*}" >&2; exit 1; }
        done
        facts() { find "$1" -maxdepth 0 -printf '%y %m %u:%g %s %T@'; }
        now=$(date -u +%Y-%m-%dT%H-%M-%SZ)
        for path in "\${paths[@]}"; do
          if cmp -s -- "$path" "/$path" && [ "$(facts "$path")" = "$(facts "/$path")" ]; then continue; fi
          new=/\${path%/*}/.restored-\${path##*/}
          cp --archive -- "$path" "$new"
          sync -- "$new"
          if [ -e "/$path" ]; then cp --archive --remove-destination -- "/$path" "/$path.before-$now"; fi
          mv -T -- "$new" "/$path"
          if command -v restorecon > /dev/null; then restorecon -- "/$path"; fi
        done
      `,
      verify: sh`
        files=${files}
        cd /
        while read -r type mode owner bytes moment path; do
          [ "$(find "$path" -maxdepth 0 -printf '%y %m %u:%g %s %T@ %p')" = "$type $mode $owner $bytes $moment $path" ]
        done <<< "$files"
      `,
    });

    change("Clear what was fetched", {
      on: server,
      effect: "idempotent",
      run: sh`rm -rf -- /var/lib/restore-secrets /run/restore-secrets.*`,
      verify: sh`[ ! -e /var/lib/restore-secrets ]`,
    });
  },
);
