import { holds, isHost, procedure, sh, text, type AnyHost, type Ref } from "../../dsl/index.ts";
import { builders, hongkong, ireland } from "./inventory.ts";

/**
 * Neither of the two that delete by what the hub says is at work. kojira removes every repository that the hub does not
 * know once it is a week old, and the hub of a restored database does not know the newest ones.
 */
export const deletersAreHeldBack = holds(
  "kojira and koji-gc are held back",
  sh`
    for unit in kojira.service koji-gc.timer koji-gc.service; do
      state=$(systemctl show --property=LoadState --value "$unit")
      [ "$state" = masked ] || [ "$state" = not-found ]
      [ "$(systemctl show --property=ActiveState --value "$unit")" != active ]
    done
  `,
);

/** The store is there: an import onto an empty mount point succeeds, and leaves builds without files. */
export const storeIsMounted = holds("the store is mounted", sh`mountpoint -q /mnt/koji`);

/** Stops what would act on a state that is not settled, in the order in which it would do harm. */
export const stopServices = procedure("stop", ({ change }) => {
  // Masked, so that neither a reboot of hongkong nor another pair of hands starts them before the recovery is done, and
  // stopped before that: a masked unit has lost how it is to be stopped. A farm without koji-gc has only kojira to hold.
  change("Hold kojira and koji-gc back", {
    on: hongkong,
    effect: "idempotent",
    guard: [isHost(hongkong)],
    run: sh`
      for unit in kojira.service koji-gc.timer koji-gc.service; do
        if [ "$(systemctl show --property=LoadState --value "$unit")" != loaded ]; then continue; fi
        systemctl stop "$unit"
        systemctl mask "$unit"
      done
    `,
    verify: sh`
      for unit in kojira.service koji-gc.timer koji-gc.service; do
        state=$(systemctl show --property=LoadState --value "$unit")
        [ "$state" = masked ] || [ "$state" = not-found ]
        [ "$(systemctl show --property=ActiveState --value "$unit")" != active ]
      done
    `,
    undo: sh`
      systemctl unmask kojira.service koji-gc.timer koji-gc.service
      # A unit that is not there is not enabled.
      for unit in kojira.service koji-gc.timer; do
        [ "$(systemctl is-enabled "$unit" || true)" != enabled ] || systemctl start "$unit"
      done
    `,
  });

  // A hub that stays up hands builders half a database, and takes writes that the restore then loses. Builders wait.
  change("Take the hub offline", {
    on: hongkong,
    effect: "idempotent",
    guard: [isHost(hongkong)],
    run: sh`
      systemctl stop httpd
      systemctl mask httpd
    `,
    verify: sh`
      [ "$(systemctl is-enabled httpd || true)" = masked ]
      case "$(systemctl is-active httpd || true)" in
        inactive | failed) ;;
        *) exit 1 ;;
      esac
    `,
    undo: sh`
      systemctl unmask httpd
      systemctl start httpd
    `,
  });
});

/** The hub answers, and to administrators only: users and builders would work on what is not settled yet. */
export const openForAdministrators = procedure("hub", ({ change }) => {
  change("Let administrators in", {
    on: hongkong,
    effect: "idempotent",
    guard: [
      isHost(hongkong),
      storeIsMounted,
      deletersAreHeldBack,
      // hub.conf is read after its drop-ins, and wins.
      holds(
        "hub.conf leaves LockOut to its drop-ins",
        sh`[ -z "$(sed -n '/^[[:space:]]*LockOut[[:space:]]*=/p' /etc/koji-hub/hub.conf)" ]`,
      ),
    ],
    run: sh`
      install -o root -g apache -m 0640 /dev/null /etc/koji-hub/hub.conf.d/recovery.conf
      printf '[hub]\nLockOut = True\n' > /etc/koji-hub/hub.conf.d/recovery.conf
      systemctl unmask httpd
      systemctl restart httpd
    `,
    verify: sh`
      anonymous=$(koji --noauth call getLastEvent 2>&1 || true)
      grep -qF 'Server disabled for maintenance' <<< "$anonymous"
      [ "$(koji call hasPerm admin)" = True ]
    `,
  });
});

/** Everybody is let in again, builders first, and kojira last. */
export const openForEverybody = procedure("open", ({ change }) => {
  change("Let everybody in", {
    on: hongkong,
    effect: "idempotent",
    guard: [isHost(hongkong), storeIsMounted],
    run: sh`
      rm -f -- /etc/koji-hub/hub.conf.d/recovery.conf
      systemctl restart httpd
    `,
    verify: sh`
      [ ! -e /etc/koji-hub/hub.conf.d/recovery.conf ]
      koji --noauth call getLastEvent > /dev/null
    `,
  });
});

interface Restart {
  readonly builder: AnyHost;
}

const restartBuilder = procedure("builder", ({ change }, { builder }: Restart) => {
  change("Restart kojid", {
    on: builder,
    effect: "idempotent",
    guard: [isHost(builder)],
    run: sh`
      # Refused where it has not failed, and then there is nothing to reset.
      systemctl reset-failed kojid || true
      systemctl restart kojid
    `,
    verify: sh`systemctl is-active --quiet kojid`,
  });
});

/** A builder whose session is gone leaves with an error. What restarts it by itself may have given up meanwhile. */
export const restartBuilders = procedure("builders", ({ read }, { database }: { readonly database: Ref<string> }) => {
  for (const builder of builders) restartBuilder({ builder }, { as: builder.name });

  // Of every builder that is enabled on the hub, not only of those restarted here.
  return read("Builders that have checked in", {
    on: ireland,
    as: "postgres",
    timeout: "10m",
    run: sh`
      database=${database}
      ask() { psql -X -At -v ON_ERROR_STOP=1 -d "$database" -c "$1"; }
      enabled='from host join host_config on host_id = host.id and active where enabled'
      fresh='update_time > pg_postmaster_start_time()'
      for _ in {1..300}; do
        [ "$(ask "select count(*) $enabled and ($fresh) is not true")" -gt 0 ] || break
        sleep 1
      done
      missing=$(ask "select host.name $enabled and ($fresh) is not true order by 1")
      if [ -n "$missing" ]; then
        printf 'refused: %s did not check in; mend it, or run: koji disable-host NAME\n' "\${missing//$'\n'/, }" >&2
        exit 1
      fi
      ask "select host.name || ' ' || update_time $enabled order by 1"
    `,
    gives: text(),
  });
});

/** They come last, when nothing is left on the disk that the hub does not know. */
export const releaseDeleters = procedure("release", ({ change }) => {
  // What was enabled before is enabled still: masking hides it, and unmasking shows it again.
  change("Let kojira and koji-gc go", {
    on: hongkong,
    effect: "idempotent",
    guard: [isHost(hongkong), storeIsMounted],
    run: sh`
      systemctl unmask kojira.service koji-gc.timer koji-gc.service
      systemctl start kojira
      # A farm without koji-gc has no timer to start.
      [ "$(systemctl is-enabled koji-gc.timer || true)" != enabled ] || systemctl start koji-gc.timer
    `,
    verify: sh`
      systemctl is-active --quiet kojira
      [ "$(systemctl show --property=LoadState --value koji-gc.timer)" != masked ]
    `,
    undo: sh`
      for unit in kojira.service koji-gc.timer koji-gc.service; do
        [ "$(systemctl show --property=LoadState --value "$unit")" != loaded ] || systemctl mask --now "$unit"
      done
    `,
  });
});
