import {
  bool,
  freeSpace,
  holds,
  hostOf,
  integer,
  isHost,
  item,
  name,
  runbook,
  sh,
  text,
  timestamp,
  tools,
} from "../../dsl/index.ts";
import { storeServer } from "../koji/inventory.ts";
import { listStore } from "./list-store.ts";
import { managementServers } from "./management.ts";
import { nameCopy } from "./name-copy.ts";
import { sendStore } from "./send-store.ts";

/**
 * Copy the repository, /mnt/koji, to one of the two hosts that keep it.
 *
 * One run makes one generation in `/archive/repo-backup`: the tree `SERVER-koji-Mon-DD-YYYY`, in which what has not changed
 * is a hard link to the generation before, and beside it `SERVER-koji-manifest-…`, with owner, mode, size, time and SHA-256
 * of every file. It gets its name when all of it has arrived and what is new has been read there; nothing that has a name
 * is ever written to. Of `work` and `scratch` only the folders go along: what is in them is gone tomorrow.
 *
 * Where more files are gone or altered than `threshold` allows, or the store lies on another file system than it did, the
 * run stops and shows it. New files never count, nor a repository of a tag that still has another: kojira deletes those.
 *
 * What has neither a new size nor a new time is taken for unchanged, and each night a part of it is read all the same, here
 * and at the holder: within a month every byte is. The run ends with 1 where one of them is not what it was, when the copy
 * is made: a file that is damaged at the holder has been sent afresh, one that is damaged here is whole in the copy.
 */
export default runbook(
  "copy-repository",
  {
    backsUp: ({ server }) => server.repository,
    keeps: ({ holder }) => [holder],
    objective: { rto: "24h", rpo: "24h" },
    needs: ({ server, holder }) => [
      server,
      holder,
      item("root's ssh key on the server, accepted by backup@ the holder"),
      tools(server, "awk", "findmnt", "rsync", "sha256sum"),
    ],
    params: {
      server: hostOf(storeServer, "The server that holds /mnt/koji"),
      holder: hostOf(managementServers, "The host that is to keep the copy: iraq, or the server's peer"),
      threshold: integer("How many files may be gone or altered without a decision; 50 where left out").optional(),
      nights: integer(
        "In how many nights every file is read again; 30 where left out, 1 reads all of them now",
      ).optional(),
    },
  },
  ({ read, confirm, change, when, params }) => {
    const { server, holder, threshold, nights } = params;

    read("The layout", {
      on: server,
      run: sh`
        server=${server}
        holder=${holder}
        case $server/$holder in
          chile/iraq | chile/australia) ;;
          *)
            printf 'refused: %s does not keep the repository of %s\n' "$holder" "$server" >&2
            exit 1
            ;;
        esac
      `,
      gives: text(),
    });

    const begun = read("The moment it begins", {
      on: server,
      run: sh`date -u +%Y-%m-%dT%H:%M:%SZ`,
      gives: timestamp(),
    });

    // The farm's name for a day; where it is taken already, the time of day goes with it.
    const generation = read("Name of the generation", {
      on: holder,
      run: sh`
        server=${server}
        begun=${begun}
        IFS=' ' read -r day time < <(LC_ALL=C date -u -d "$begun" '+%b-%d-%Y %H%M%SZ')
        if [ -e "/archive/repo-backup/$server-koji-manifest-$day" ]; then day+=.$time; fi
        printf '%s\n' "$day"
      `,
      gives: name(),
    });

    const held = read("Newest generation that the holder has", {
      on: holder,
      run: sh`
        server=${server}
        newest='' last=''
        for manifest in "/archive/repo-backup/$server"-koji-manifest-*; do
          if [ ! -e "$manifest" ] || [ ! -d "\${manifest/-manifest-/-}" ]; then continue; fi
          begun=$(sed -n '/^begun /{s///p;q}' "$manifest")
          [[ $begun > $last ]] || continue
          # One that was altered is nothing to compare with.
          [ "$(sed '/^seal /d' "$manifest" | sha256sum | cut -d ' ' -f 1)" = "$(sed -n 's/^seal //p' "$manifest")" ] || continue
          last=$begun
          newest=\${manifest##*-manifest-}
        done
        printf '%s\n' "$newest"
      `,
      gives: name().optional(),
    });

    const { changes, bytes } = listStore({ on: server, server, holder, generation, held });

    const tooMany = read("Whether that is more than may pass", {
      on: server,
      run: sh`
        changes=${changes}
        threshold=${threshold}
        [[ $changes =~ ^gone\ ([0-9]+),\ altered\ ([0-9]+) ]]
        if [ "$((BASH_REMATCH[1] + BASH_REMATCH[2]))" -gt "\${threshold:-50}" ]; then echo true
        elif [[ $changes == *'another file system'* ]]; then echo true
        else echo false; fi
      `,
      gives: bool(),
    });

    when("More is gone or altered than may pass", tooMany, () => {
      confirm("Pass the change on", { evidence: [changes] });
    });

    change("Make a place for it at the holder", {
      on: holder,
      as: "backup",
      effect: "idempotent",
      guard: [
        isHost(holder),
        holds("/archive is mounted: it has its place for the repository", sh`[ -d /archive/repo-backup ]`),
        freeSpace("/archive/repo-backup", { times: 1, of: bytes }),
      ],
      run: sh`
        server=${server}
        generation=${generation}
        cd -- /archive/repo-backup
        # Also what a run left that was given up: no other works here now.
        rm -rf -- ".incoming-$server"-*
        mkdir -p -- ".incoming-$server-$generation/tree"
      `,
      verify: sh`
        server=${server}
        generation=${generation}
        [ -d "/archive/repo-backup/.incoming-$server-$generation/tree" ]
      `,
    });

    sendStore({ on: server, holder, server, generation, held, begun, nights });
    nameCopy({ on: holder, server, generation, held });

    change("Clear the scratch place", {
      on: server,
      effect: "idempotent",
      run: sh`rm -rf -- /var/lib/copy-repository`,
      verify: sh`[ ! -e /var/lib/copy-repository ]`,
    });

    // Last, so that what is wrong with a file keeps no copy from being made.
    read("Whether what was read again is what it was", {
      on: holder,
      run: sh`
        server=${server}
        generation=${generation}
        manifest=/archive/repo-backup/$server-koji-manifest-$generation
        sed -nE '/^entry /q; /^(files|bytes|new|altered|gone|sent) /p; s/^missing /left out: /p' "$manifest"
        wrong=$(sed -nE '/^entry /q; /^(source|copy|both)-altered /p; /^missing .*it could not be read$/p' "$manifest")
        [ -n "$wrong" ] || exit 0
        printf '%s\n' "$wrong" | head -n 60 >&2
        printf 'the copy is made, but these are not what they were: at the source, in the copies before this one, or in both\n' >&2
        exit 1
      `,
      gives: text(),
    });
  },
);
