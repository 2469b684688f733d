import { isHost, name, procedure, sh, text, type AnyHost, type Ref } from "../../dsl/index.ts";

interface Wanted {
  readonly on: AnyHost;
  /** UUID of its file system; where there is none, the one of the farm's drives that is plugged in. */
  readonly wanted: Ref<string | undefined>;
}

/**
 * Finds the farm's drive that is plugged in, by the UUIDs in `/etc/blaze/drives`, and the newest generation on it with the
 * moment that it began in. It is asked of the device: to mount it would already write to it.
 */
export const findDrive = procedure("drive", ({ read }, { on, wanted }: Wanted) => {
  const drive = read("UUID of the drive", {
    on,
    run: sh`
      wanted=${wanted}
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
      device=$(findfs "UUID=$found")
      [ "$(blkid -p -o value -s TYPE -- "$device")" = ext4 ] || refuse "$device has another file system than ext4"
      # It answers no where nothing is mounted.
      at=$(findmnt -n -o TARGET --source "$device" || true)
      [ -z "$at" ] || [ "$at" = /run/blaze-drive ] || refuse "$device is mounted at $at"
      printf '%s\n' "$found"
    `,
    gives: name(),
  });

  const newest = read("Newest generation on it", {
    on,
    run: sh`
      drive=${drive}
      debugfs -R 'cat /newest' "$(findfs "UUID=$drive")" 2> /dev/null
    `,
    gives: text().optional(),
  });

  return { drive, newest };
});

/** Unmounts a drive, so that it can be pulled out. */
export const ejectDrive = procedure(
  "drive",
  ({ change }, { on, drive }: { readonly on: AnyHost; readonly drive: Ref<string> }) => {
    change("Eject it", {
      on,
      effect: "idempotent",
      guard: [isHost(on)],
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
