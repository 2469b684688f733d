import { isHost, procedure, sh, type AnyHost } from "../../dsl/index.ts";

/**
 * Has a server write the moment into its log each minute, as a transaction of its own that alters nothing. Who keeps the log
 * can then tell a log that has stopped from a database in which nobody works, without asking the server.
 */
export const heartbeat = procedure("heartbeat", ({ change }, { on }: { readonly on: AnyHost }) => {
  change("Have the server write the moment into its log", {
    on,
    effect: "idempotent",
    guard: [isHost(on)],
    run: sh`
      umask 022
      cd -- /etc/systemd/system
      cat > .log-heartbeat.service <<'END'
      [Unit]
      Description=The moment, written into PostgreSQL's log
      After=postgresql.service

      [Service]
      Type=oneshot
      User=postgres
      TimeoutStartSec=30
      # No Requisite=, which calls off a stop of PostgreSQL that is under way.
      ExecCondition=+systemctl is-active --quiet postgresql.service
      ExecStart=psql -X -q -o /dev/null -v ON_ERROR_STOP=1 -d postgres -c "select pg_logical_emit_message(true, 'drillbook', 'log-heartbeat ' || to_char(now() at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS') || ' UTC')"
      # Not a line in the journal each minute, unless it fails.
      LogLevelMax=notice
      END
      cat > .log-heartbeat.timer <<'END'
      [Unit]
      Description=The moment, written into PostgreSQL's log each minute

      [Timer]
      OnCalendar=minutely
      AccuracySec=1s

      [Install]
      WantedBy=timers.target
      END
      sync -- .log-heartbeat.service .log-heartbeat.timer
      mv -T -- .log-heartbeat.service log-heartbeat.service
      mv -T -- .log-heartbeat.timer log-heartbeat.timer
      systemctl daemon-reload
      systemctl enable log-heartbeat.timer
      systemctl restart log-heartbeat.timer
      # Once now, so that it is seen to work.
      systemctl start log-heartbeat.service
    `,
    verify: sh`
      cd -- /etc/systemd/system
      sha256sum --check --status <<'END'
      548b4f612dd7ac4af18c488e0a84d2adddf138f38e868fd3e0c3197d9995a8c2  log-heartbeat.service
      17d1e558993227511d6ad8981321adc2bc6420162bb8824de4f751074eff4e2b  log-heartbeat.timer
      END
      [ "$(systemctl is-enabled log-heartbeat.timer)" = enabled ] && [ "$(systemctl is-active log-heartbeat.timer)" = active ]
      [ "$(systemctl is-failed log-heartbeat.service || true)" != failed ]
    `,
  });
});
