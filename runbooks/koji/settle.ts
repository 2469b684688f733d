import { integer, isHost, procedure, sh, text, type Ref } from "../../dsl/index.ts";
import { chile, ireland } from "./inventory.ts";

/** The highest numbers that the store shows to have been given out, whatever the database remembers. */
export const numbersOnDisk = procedure("disk", ({ read }) => {
  const repository = read("Highest repository number", {
    on: chile,
    run: sh`
      cd -- /mnt/koji
      {
        for top in repos repos-dist; do
          [ ! -d "$top" ] || find "$top" -mindepth 2 -maxdepth 2 -type d -printf '%f\n'
        done
        echo 0
      } | grep -x '[0-9]*' | sort -n | tail -n 1
    `,
    gives: integer(),
  });
  // Output of a task lies in work/tasks/NUMBER modulo 10000/NUMBER, of a scratch build in scratch/USER/task_NUMBER.
  const task = read("Highest task number", {
    on: chile,
    run: sh`
      cd -- /mnt/koji
      {
        find work/tasks -mindepth 2 -maxdepth 2 -printf '%f\n'
        find scratch -mindepth 2 -maxdepth 2 -name 'task_*' -printf '%f\n' | sed 's/^task_//'
        find repos -mindepth 3 -maxdepth 3 -name repo.json -exec sed -n 's/.*"task_id": *\([0-9]*\).*/\1/p' {} +
        echo 0
      } | grep -x '[0-9]*' | sort -n | tail -n 1
    `,
    gives: integer(),
  });
  const event = read("Highest event number", {
    on: chile,
    run: sh`
      cd -- /mnt/koji
      {
        find repos -mindepth 3 -maxdepth 3 -name repo.json -exec sed -n 's/.*"event_id": *\([0-9]*\).*/\1/p' {} +
        echo 0
      } | grep -x '[0-9]*' | sort -n | tail -n 1
    `,
    gives: integer(),
  });
  return { repository, task, event };
});

interface Settlement {
  readonly database: Ref<string>;
  readonly numbers: ReturnType<typeof numbersOnDisk>;
}

/** Makes a database of yesterday fit to be worked with today, while no hub looks at it. */
export const settleDatabase = procedure("settle", ({ read, change }, { database, numbers }: Settlement) => {
  const { repository, task, event } = numbers;

  // A number that is given out twice names two things: two builds in other people's notes, one folder on the disk. The
  // store shows the highest repository, task and event; a thousand more covers what left nothing on the disk.
  change("Move the sequences past the store", {
    on: ireland,
    as: "postgres",
    effect: "idempotent",
    guard: [isHost(ireland)],
    run: sh`
      repository=${repository}
      task=${task}
      event=${event}
      export PGDATABASE=${database}
      psql -X -q -v ON_ERROR_STOP=1 -v repository="$repository" -v task="$task" -v event="$event" <<'SQL'
      select format('select setval(%L, greatest(max(%I), %s) + 1000) from %I.%I',
          s.oid::regclass, a.attname,
          case c.relname when 'repo' then :repository when 'task' then :task when 'events' then :event else 0 end,
          n.nspname, c.relname)
        from pg_depend d
          join pg_class s on s.oid = d.objid and s.relkind = 'S'
          join pg_class c on c.oid = d.refobjid
          join pg_namespace n on n.oid = c.relnamespace
          join pg_attribute a on a.attrelid = c.oid and a.attnum = d.refobjsubid
        where d.classid = 'pg_class'::regclass and d.deptype in ('a', 'i') \gexec
      SQL
    `,
    verify: sh`
      repository=${repository}
      task=${task}
      event=${event}
      export PGDATABASE=${database}
      ahead=$(
        psql -X -At -v ON_ERROR_STOP=1 -v repository="$repository" -v task="$task" -v event="$event" <<'SQL'
      select bool_and(last_value > seen) from (
        select last_value, greatest(:repository, (select max(id) from repo)) as seen from repo_id_seq
        union all select last_value, greatest(:task, (select max(id) from task)) from task_id_seq
        union all select last_value, greatest(:event, (select max(id) from events)) from events_id_seq
        union all select last_value, (select coalesce(max(id), 0) from build) from build_id_seq
      ) sequences;
      SQL
      )
      [ "$ahead" = t ]
    `,
  });

  // A session in a dump is a live credential of the moment of the dump. Everybody logs in anew.
  change("Empty the sessions", {
    on: ireland,
    as: "postgres",
    effect: "idempotent",
    guard: [isHost(ireland)],
    run: sh`psql -X -q -v ON_ERROR_STOP=1 -d ${database} -c 'truncate sessions'`,
    verify: sh`[ "$(psql -X -At -v ON_ERROR_STOP=1 -d ${database} -c 'select count(*) from sessions')" = 0 ]`,
  });

  const underWay = read("What was under way when the dump was made", {
    on: ireland,
    as: "postgres",
    run: sh`
      export PGDATABASE=${database}
      psql -X -At -v ON_ERROR_STOP=1 <<'SQL'
      select 'task ' || t.id || ' ' || t.method || ' of ' || u.name
        from task t join users u on u.id = t.owner where t.state in (0, 1, 4) order by t.id;
      select 'build ' || p.name || '-' || b.version || '-' || b.release || ' of ' || u.name
        from build b join package p on p.id = b.pkg_id join users u on u.id = b.owner where b.state = 0 order by b.id;
      SQL
    `,
    gives: text(),
  });

  // Their builders have long finished, given up or forgotten them. Tasks and builds are cancelled, buildroots expired,
  // and a repository that was being made is marked deleted: its folder is taken out of the way with the unknown ones.
  change("Settle what was under way", {
    on: ireland,
    as: "postgres",
    effect: "idempotent",
    guard: [isHost(ireland)],
    run: sh`
      export PGDATABASE=${database}
      psql -X -q -v ON_ERROR_STOP=1 --single-transaction <<'SQL'
      update task set state = 3, completion_time = now() where state in (0, 1, 4);
      update build set state = 4, completion_time = now() where state = 0;
      update standard_buildroot set state = 3 where state in (0, 1, 2);
      update repo set state = 3 where state = 0;
      update host set ready = false, task_load = 0;
      SQL
    `,
    verify: sh`
      export PGDATABASE=${database}
      open=$(
        psql -X -At -v ON_ERROR_STOP=1 <<'SQL'
      select (select count(*) from task where state in (0, 1, 4)) + (select count(*) from build where state = 0)
        + (select count(*) from standard_buildroot where state in (0, 1, 2)) + (select count(*) from repo where state = 0);
      SQL
      )
      [ "$open" = 0 ]
    `,
  });

  return underWay;
});
