import { isHost, procedure, sh, type AnyHost } from "../../dsl/index.ts";

/** Closes the segment that is being written, and waits until it and all before it have been handed over. */
export const closeLog = procedure("log", ({ change }, { on }: { readonly on: AnyHost }) => {
  // The first segment of a timeline goes nowhere before its history has: a recovery finds the timeline by that.
  change("See the log arrive", {
    on,
    as: "postgres",
    effect: "idempotent",
    guard: [isHost(on)],
    timeout: "10m",
    run: sh`
      ask() { psql -X -At -v ON_ERROR_STOP=1 -d postgres -c "$1"; }
      # A segment that nothing was written to is not closed.
      segment=$(ask "select pg_walfile_name(pg_create_restore_point('the log is seen to arrive'))")
      ask 'select pg_switch_wal()' > /dev/null
      failed=$(ask 'select failed_count from pg_stat_archiver')
      cd -- "$(ask 'show data_directory')/pg_wal/archive_status"
      until [ -e "$segment.done" ]; do
        # Once it was handed over its mark goes with it, at a checkpoint.
        if [ ! -e "$segment.ready" ] && [ ! -e "../$segment" ]; then break; fi
        # PostgreSQL tries three times, and then again after a minute.
        if [ "$(ask 'select failed_count from pg_stat_archiver')" -ge "$((failed + 3))" ]; then
          ask "select 'refused: the holder did not take ' || last_failed_wal || ', three times; PostgreSQL''s log says why, and keeps it'
            from pg_stat_archiver" >&2
          exit 1
        fi
        sleep 0.2
      done
    `,
    verify: sh`
      ask() { psql -X -At -v ON_ERROR_STOP=1 -d postgres -c "$1"; }
      cd -- "$(ask 'show data_directory')/pg_wal/archive_status"
      arrived=$(ask "select last_archived_time > coalesce(last_failed_time, '-infinity') from pg_stat_archiver")
      [ "$arrived" = t ] && [ -z "$(compgen -G '*.history.ready' || true)" ]
    `,
  });
});
