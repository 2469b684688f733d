import { freeSpace, holds, hostOf, integer, isHost, item, name, runbook, sh, text, tools } from "../../dsl/index.ts";
import { backupServer } from "../postgres/inventory.ts";
import { ejectDrive, findDrive } from "./drive.ts";

/**
 * Bring the archive back from a removable drive.
 *
 * Use it when the archive's disk is lost, or iraq, or the whole room: the sets of every server, the database's, the repository's
 * copies and the kit are on the drive, as they were when it was written. Every byte on the drive is read and compared with its
 * manifest before anything is brought back, and the drive is not written to. What is still in the archive stays as it
 * is: only what is missing comes back, and the run says what is there and differs.
 *
 * With the archive back, each server's own recovery follows from it. The key that opens the sealed sets is not on the drive.
 */
export default runbook(
  "read-drive",
  {
    recovers: ({ holder }) => holder.archive,
    objective: { rto: "24h", rpo: "168h" },
    needs: ({ holder }) => [
      holder,
      item("a drive that write-drive has written, plugged into the holder, and its UUID in /etc/blaze/drives there"),
      tools(holder, "blkid", "debugfs", "dumpe2fs", "findfs", "rsync", "sha256sum"),
    ],
    params: {
      holder: hostOf(backupServer, "The server that the drive is plugged into, with /archive mounted"),
      drive: name("The UUID of the drive; where left out, the one of the farm's that is plugged in").optional(),
    },
  },
  ({ read, change, confirm, params }) => {
    const { holder } = params;
    const { drive, newest } = findDrive({ on: holder, wanted: params.drive });

    const generation = read("Generation that comes back", {
      on: holder,
      run: sh`
        newest=${newest}
        [ -n "$newest" ] || { echo 'refused: there is no generation on the drive that was proved' >&2; exit 1; }
        printf '%s\n' "\${newest% *}"
      `,
      gives: name(),
    });

    change("Mount it, to be read only", {
      on: holder,
      effect: "idempotent",
      guard: [isHost(holder)],
      run: sh`
        drive=${drive}
        mkdir -p /run/blaze-drive
        findmnt -n -M /run/blaze-drive > /dev/null ||
          mount -o ro,noload,nosuid,nodev,noexec -- "$(findfs "UUID=$drive")" /run/blaze-drive
      `,
      verify: sh`
        drive=${drive}
        [ "$(findmnt -n -o SOURCE -M /run/blaze-drive)" = "$(findfs "UUID=$drive")" ]
        findmnt -n -O ro -M /run/blaze-drive > /dev/null
      `,
      undo: sh`if findmnt -n -M /run/blaze-drive > /dev/null; then umount /run/blaze-drive; fi`,
    });

    const seen = read("Every byte of it", {
      on: holder,
      timeout: "24h",
      run: sh`
        generation=${generation}
        refuse() { printf 'refused: %s\n' "$1" >&2; exit 1; }
        cd /run/blaze-drive
        manifest=manifest-$generation
        seal=$(sed '/^seal /d' "$manifest" | sha256sum | cut -d ' ' -f 1)
        grep -qxF "seal $seal" "$manifest" || refuse "$manifest was altered after it was sealed"
        cd -- "$generation/archive"
        sed -nE 's/^file [0-9]+ ([0-9a-f]{64}) (.*)/\1  \2/p' "../../$manifest" |
          sha256sum --check --quiet --strict >&2 || refuse "$generation is not what was written"
        sed -nE '/^(host|begun|previous) /p' "../../$manifest"
        grep -c '^file ' "../../$manifest" | sed 's/$/ files/'
      `,
      gives: text(),
    });

    const bytes = read("Bytes that are missing in the archive", {
      on: holder,
      run: sh`
        generation=${generation}
        rsync -anH --ignore-existing --stats "/run/blaze-drive/$generation/archive/" /archive/ |
          sed -nE 's/^Total transferred file size: ([0-9,]+) bytes/\1/p' | tr -d ,
      `,
      gives: integer(),
    });

    const different = read("What is there and differs", {
      on: holder,
      timeout: "24h",
      run: sh`
        generation=${generation}
        different=$(rsync -anc --existing --no-times --out-format=%n "/run/blaze-drive/$generation/archive/" /archive/ | grep -v '/$' || true)
        # It stays: which of the two is right, somebody has to say.
        printf '%s\n' "\${different:-nothing}" | head -n 60
      `,
      gives: text(),
    });

    confirm("Bring back what is missing", { evidence: [seen, bytes, different] });

    change("Bring it back", {
      on: holder,
      effect: "idempotent",
      timeout: "24h",
      guard: [
        isHost(holder),
        holds("the drive is mounted", sh`findmnt -n -M /run/blaze-drive > /dev/null`),
        freeSpace("/archive", { times: 1, of: bytes }),
      ],
      run: sh`
        generation=${generation}
        rsync -aHAX --numeric-ids --ignore-existing --fsync "/run/blaze-drive/$generation/archive/" /archive/
      `,
      verify: sh`
        generation=${generation}
        missing=$(rsync -anH --ignore-existing --out-format=%n "/run/blaze-drive/$generation/archive/" /archive/ | grep -v '/$' || true)
        [ -z "$missing" ]
      `,
    });

    ejectDrive({ on: holder, drive });
  },
);
