import { integer, line, name, path, procedure, sh, text, type Ref } from "../../dsl/index.ts";
import type { HostParam } from "../../dsl/index.ts";
import { followLog } from "./follow-log.ts";
import { listBases } from "./list-bases.ts";

interface Wanted {
  readonly holder: HostParam<"archive">;
  readonly server: HostParam<never>;
  readonly moment: Ref<string | undefined>;
  readonly timeline: Ref<number | undefined>;
  /** The major version that is installed. */
  readonly major: Ref<number>;
}

interface Choice {
  /** The base backups that there are: the one to use, and why newer ones are passed over. */
  readonly bases: Ref<string>;
  /** The folder of the one to use. */
  readonly base: Ref<string>;
  /** Its cluster. */
  readonly cluster: Ref<string>;
  /** How far its log reaches without a gap, the moment first. */
  readonly log: Ref<string>;
  /** That moment alone. */
  readonly newest: Ref<string>;
}

/** Chooses the newest base backup from which a moment can be reached, and follows its log on the holder, segment by segment. */
export const chooseBase = procedure(
  "choose",
  ({ read }, { holder, server, moment, timeline, major }: Wanted): Choice => {
    const known = listBases({ holder, server });

    const bases = read("Base backups", {
      on: holder,
      run: sh`
      export LC_ALL=C
      server=${server}
      moment=${moment}
      wanted=${timeline}
      known=${known}
      place=/archive/postgres/$server
      refuse() { printf 'refused: %s: %s\n' "$place" "$1" >&2; exit 1; }
      [ -s "$place/clusters" ] || refuse 'there is no base backup'
      cd -- "$place"
      present=$(tail -n 1 clusters) used=''
      while read -r found finished proven cluster major leads newest; do
        [ -n "$found" ] || continue
        why='' said=", proven $proven"
        if [ "$proven" = - ]; then said=''; fi
        if [ -n "$used" ]; then
          why='older'
        elif [ "$finished" = - ]; then
          why='it was never finished'
        elif [ "$proven" = - ]; then
          why='nothing says that it was ever restored'
        elif ! grep -qxF -- "$cluster" clusters; then
          why='it is of a cluster that this archive does not know'
        elif [ "$major" -ne ${major} ]; then
          why="it was made by PostgreSQL $major, and another is installed"
        elif [ -n "$moment" ] && [[ ! $finished < $moment ]]; then
          why='it was finished after the moment'
        elif [ -z "$moment" ] && [ "$cluster" != "$present" ]; then
          refuse "the newest base backup, $found, is of the cluster that $present replaced: give a moment, or use recover-postgres"
        elif [[ ",$leads," != *",\${wanted:-$newest},"* ]]; then
          why='the timeline that is wanted does not come from its own'
        fi
        if [ -n "$why" ]; then
          printf 'passed over %s%s: %s\n' "$found" "$said" "$why"
        else
          used=$found
          printf 'use %s%s, timeline %s\n' "$found" "$said" "\${wanted:-$newest}"
        fi
      done <<< "$known"
      [ -n "$used" ] || refuse "there is no base backup to use for \${moment:-now}"
    `,
      gives: text(),
    });

    const base = read("Base backup to use", {
      on: holder,
      run: sh`
      server=${server}
      bases=${bases}
      set=$(sed -nE 's/^use ([^,]*),.*/\1/p' <<< "$bases")
      printf '/archive/postgres/%s/base/%s\n' "$server" "$set"
    `,
      gives: path(),
    });

    const followed = read("Timeline to follow", {
      on: holder,
      run: sh`
      bases=${bases}
      sed -nE 's/^use .*, timeline ([0-9]+)$/\1/p' <<< "$bases"
    `,
      gives: integer(),
    });

    const cluster = read("Its cluster", {
      on: holder,
      run: sh`
      cd -- ${base}
      sed -n 's/^system-identifier //p' MANIFEST
    `,
      gives: name(),
    });

    const reached = followLog({ holder, server, base, timeline: followed });

    const log = read("Its log", {
      on: holder,
      run: sh`
      export LC_ALL=C
      moment=${moment}
      reached=${reached}
      of() { sed -n "s/^$1 //p" <<< "$reached"; }
      reach=$(of reach) newest=$(of newest) fault=$(of fault)
      if [ -n "$fault" ] && { [ -z "$moment" ] || [[ ! $moment < $reach ]]; }; then
        printf 'refused: %s, and nothing from there on can be replayed. To lose it: --moment, before %s\n' "$fault" "$reach" >&2
        exit 1
      fi
      if [ "$newest" = - ]; then newest='the base backup itself'; fi
      printf '%s is how far the log reaches without a gap, in %s, from %s on, along timeline %s\n' \
        "$reach" "$newest" "$(of from)" ${followed}
    `,
      gives: line(),
    });

    const newest = read("How far it reaches", {
      on: holder,
      run: sh`
      log=${log}
      printf '%s\n' "\${log%% *}"
    `,
      gives: line(),
      newest: true,
    });

    return { bases, base, cluster, log, newest };
  },
);
