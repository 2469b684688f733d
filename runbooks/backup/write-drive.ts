import { holds, hostOf, integer, isHost, name, runbook, sh, text, tools } from "../../dsl/index.ts";
import { carriedDrive, escrow } from "../koji/inventory.ts";
import { backupServer } from "../postgres/inventory.ts";
import { proveDrive } from "./prove-drive.ts";

/**
 * Write all that the archive holds to a removable drive, which then leaves the room.
 *
 * A drive is known by the UUID of its file system, one a line in `/etc/blaze/drives`, and never by the name that the kernel
 * gave it: one that is not listed is not touched. Whether it can be written to, is whole and has room is asked of the device
 * itself, before anything mounts it. One run makes one generation on it, `Mon-DD-YYYY.HHMMSSZ`; what is as it was in the one
 * before takes no room. All that is new is read back from the drive, past the machine's memory, and so is a sample of the
 * rest; the manifest beside it says what is in it. At the end the drive is unmounted, and its file system is clean.
 *
 * `/archive/kit` has to hold the kit with the farm's binding: a recovery of the whole site begins with it. The keys that open
 * the sealed sets must not travel with the drive.
 *
 * A new drive, once, by hand: `mkfs.ext4 -L farm-1 /dev/sdX`, and what `blkid -o value -s UUID /dev/sdX` says into
 * `/etc/blaze/drives`.
 */
export default runbook(
  "write-drive",
  {
    backsUp: ({ holder }) => holder.archive,
    keeps: [carriedDrive],
    opens: escrow,
    objective: { rto: "24h", rpo: "168h" },
    needs: ({ holder }) => [holder, tools(holder, "blkid", "debugfs", "dumpe2fs", "findfs", "rsync", "sha256sum")],
    params: {
      holder: hostOf(backupServer, "The server that the drive is plugged into"),
      drive: name("The UUID of the drive; where left out, the one of the farm's that is plugged in").optional(),
    },
  },
  ({ read, change, params }) => {
    const { holder } = params;

    const generation = read("Name of the generation", {
      on: holder,
      run: sh`LC_ALL=C date -u '+%b-%d-%Y.%H%M%SZ'`,
      gives: name(),
    });

    const drive = read("UUID of the drive", {
      on: holder,
      run: sh`
        wanted=${params.drive}
        refuse() { printf 'refused: %s\n' "$1" >&2; exit 1; }
        [ -e /etc/blaze/drives ] || refuse 'there is no /etc/blaze/drives to know the drives of the farm by'
        listed=$(sed -nE 's/^([0-9A-Fa-f-]+)( .*)?$/\1/p' /etc/blaze/drives)
        [ -z "$wanted" ] || grep -qxF -- "$wanted" <<< "$listed" || refuse "$wanted is none of the drives in /etc/blaze/drives"
        found=''
        while read -r uuid; do
          if [ -z "$uuid" ] || ! findfs "UUID=$uuid" > /dev/null 2>&1; then continue; fi
          [ -z "$found" ] || refuse "two are plugged in, $found and $uuid: say which with --drive"
          found=$uuid
        done <<< "\${wanted:-$listed}"
        [ -n "$found" ] || refuse "none is plugged in of $(tr '\n' ' ' <<< "\${wanted:-$listed}")"
        printf '%s\n' "$found"
      `,
      gives: name(),
    });

    read("The drive", {
      on: holder,
      run: sh`
        drive=${drive}
        refuse() { printf 'refused: %s\n' "$1" >&2; exit 1; }
        device=$(findfs "UUID=$drive")
        [ "$(blkid -p -o value -s TYPE -- "$device")" = ext4 ] || refuse "$device has another file system than ext4"
        [ "$(blockdev --getro "$device")" = 0 ] || refuse "$device is read-only: its switch is set, or it is dying"
        # It answers no where nothing is mounted.
        at=$(findmnt -n -o TARGET --source "$device" || true)
        [ -z "$at" ] || [ "$at" = /run/blaze-drive ] || refuse "$device is mounted at $at"
        # Asked of the device: to mount it would already write to it.
        about=$(dumpe2fs -h "$device" 2> /dev/null)
        [ -n "$at" ] || grep -qE '^Filesystem state: +clean$' <<< "$about" ||
          refuse "$device was not unmounted cleanly, or is damaged: e2fsck -f $device"
        printf '%s, UUID %s\n' "$device" "$drive"
        sed -nE 's/^(Filesystem volume name|Block count|Free blocks|Block size): +(.*)/\1: \2/p' <<< "$about"
      `,
      gives: text(),
    });

    const newest = read("Newest generation on it", {
      on: holder,
      run: sh`
        drive=${drive}
        debugfs -R 'cat /newest' "$(findfs "UUID=$drive")" 2> /dev/null
      `,
      gives: text().optional(),
    });

    // What was altered since the newest generation began, by the inode's own time: a name or a link costs little.
    const bytes = read("Bytes that are not on it yet", {
      on: holder,
      run: sh`
        newest=${newest}
        refuse() { printf 'refused: %s\n' "$1" >&2; exit 1; }
        [ -n "$(find /archive/blaze-backup -name '*-manifest-*' -print -quit)" ] ||
          refuse 'there is no generation in /archive/blaze-backup: is /archive mounted?'
        [ -n "$(find /archive/kit -name '*.mjs' -print -quit 2> /dev/null)" ] ||
          refuse 'there is no kit in /archive/kit: whoever stands before the drive could not begin'
        # A key is short. The rest of the archive is not read for it.
        key=$(
          find /archive -xdev -type f -size -8 -exec bash -c 'grep -lF AGE-SECRET-KEY-1 -- "$@" || [ "$?" -le 1 ]' grep {} + |
            sed -n 1p
        )
        [ -z "$key" ] || refuse "$key opens the sealed sets, and would travel with them"
        since=()
        [ -z "$newest" ] || since=(-newerct "\${newest#* }")
        find /archive -xdev -type f ! -path '*/.incoming-*' "\${since[@]}" -printf '%s\n' | awk '{ sum += $1 } END { printf "%d\n", sum }'
      `,
      gives: integer(),
    });

    change("Mount it", {
      on: holder,
      effect: "idempotent",
      guard: [
        isHost(holder),
        holds(
          "there is room on the drive",
          sh`
            drive=${drive}
            bytes=${bytes}
            about=$(dumpe2fs -h "$(findfs "UUID=$drive")" 2> /dev/null)
            number() { sed -nE "s/^$1: +([0-9]+)$/\1/p" <<< "$about"; }
            free=$((($(number 'Free blocks') - $(number 'Reserved block count')) * $(number 'Block size')))
            [ "$((bytes + bytes / 10 + 4 * 1024 * 1024))" -lt "$free" ] || {
              printf 'it has room for %s bytes, and %s are to be written\n' "$free" "$bytes" >&2
              exit 1
            }
          `,
        ),
      ],
      run: sh`
        drive=${drive}
        mkdir -p /run/blaze-drive
        device=$(findfs "UUID=$drive")
        if ! findmnt -n -M /run/blaze-drive > /dev/null; then
          mount -o nosuid,nodev,noexec -- "$device" /run/blaze-drive
        fi
      `,
      verify: sh`
        drive=${drive}
        [ "$(findmnt -n -o SOURCE -M /run/blaze-drive)" = "$(findfs "UUID=$drive")" ]
        findmnt -n -O rw -M /run/blaze-drive > /dev/null
      `,
      undo: sh`umount /run/blaze-drive`,
    });

    change("Write what is not on it yet", {
      on: holder,
      effect: "idempotent",
      timeout: "24h",
      guard: [isHost(holder), holds("the drive is mounted", sh`findmnt -n -M /run/blaze-drive > /dev/null`)],
      run: sh`
        generation=${generation}
        newest=${newest}
        cd /run/blaze-drive
        for left in .writing-*; do
          if [ "$left" != ".writing-$generation" ]; then rm -rf -- "$left"; fi
        done
        mkdir -p -- ".writing-$generation"
        date -u +%Y-%m-%dT%H:%M:%SZ > ".writing-$generation/begun"
        before=()
        [ -z "$newest" ] || before=(--link-dest="/run/blaze-drive/\${newest% *}/archive")
        rsync -aHAX --numeric-ids --delete --one-file-system --exclude='.incoming-*' --exclude=/lost+found "\${before[@]}" \
          /archive/ ".writing-$generation/archive/"
        sync -f .
      `,
      verify: sh`
        generation=${generation}
        cd -- "/run/blaze-drive/.writing-$generation"
        different=$(rsync -anHAX --numeric-ids --delete --one-file-system --exclude='.incoming-*' --exclude=/lost+found --out-format=%n \
          /archive/ archive/)
        [ -z "$different" ]
      `,
    });

    proveDrive({ on: holder, drive, generation, newest });

    change("Eject it", {
      on: holder,
      effect: "idempotent",
      guard: [isHost(holder)],
      run: sh`
        drive=${drive}
        if findmnt -n -M /run/blaze-drive > /dev/null; then umount /run/blaze-drive; fi
        blockdev --flushbufs "$(findfs "UUID=$drive")"
      `,
      verify: sh`
        drive=${drive}
        device=$(findfs "UUID=$drive")
        if findmnt -n --source "$device" > /dev/null; then exit 1; fi
        dumpe2fs -h "$device" 2> /dev/null | grep -qE '^Filesystem state: +clean$'
      `,
    });
  },
);
