import { line, name, path, procedure, sh, text, type Ref } from "../../dsl/index.ts";
import type { HostParam } from "../../dsl/index.ts";

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
    // By the moment in the name, parsed; what has another kind of name is no set. A recovery begins a timeline, and what
    // comes after that moment on the timeline before it is another story.
    const bases = read("Base backups", {
      on: holder,
      run: sh`
      export LC_ALL=C
      server=${server}
      moment=${moment}
      wanted=${timeline}
      cd -- "/archive/postgres/$server"
      refuse() { printf 'refused: %s: %s\n' "$PWD" "$1" >&2; exit 1; }
      of() { sed -n "s/^$1 //p" "base/$2/MANIFEST"; }
      # Whether the log from a base backup on leads to the timeline that is wanted.
      leads() {
        local log from first to location
        log=log/$(of system-identifier "$1") from=$(of timeline "$1") first=$(of first-segment "$1") to=$wanted
        if [ -z "$to" ]; then
          to=$(find "$log" -name '*.history.gz' -printf '%f\n' | sort | tail -n 1)
          to=\${to%%.*}
          to=$((16#\${to:-1}))
        fi
        [ "$to" -ne "$from" ] || return 0
        printf -v to '%s/%08X.history.gz' "$log" "$to"
        location=$(gzip -dc -- "$to" | awk -v from="$from" '$1 == from { print $2 }')
        [ -n "$location" ] || return 1
        [ "$((16#\${location%/*} * 256 + (16#\${location#*/} >> 24)))" -ge "$((16#\${first:8:8} * 256 + 16#\${first:16:8}))" ]
      }
      [ -s clusters ] || refuse 'there is no base backup'
      present=$(tail -n 1 clusters) used=''
      for found in $(find base -mindepth 1 -maxdepth 1 -printf '%f\n' | grep -xE '[0-9-]{10}T[0-9-]{8}Z' | sort -r); do
        why='' proven=''
        if [ -s "base/$found/proven" ]; then proven=", proven $(cat "base/$found/proven")"; fi
        if [ -n "$used" ]; then
          why='older'
        elif [ ! -s "base/$found/MANIFEST" ]; then
          why='it was never finished'
        elif [ -z "$proven" ]; then
          why='nothing says that it was ever restored'
        elif ! grep -qxF -- "$(of system-identifier "$found")" clusters; then
          why='it is of a cluster that this archive does not know'
        elif [ "$(($(of server-version-num "$found") / 10000))" -ne ${major} ]; then
          why="it was made by PostgreSQL $(($(of server-version-num "$found") / 10000)), and another is installed"
        elif [ -n "$moment" ] && [[ ! $(of finished "$found") < $moment ]]; then
          why='it was finished after the moment'
        elif [ -z "$moment" ] && [ "$(of system-identifier "$found")" != "$present" ]; then
          refuse "the newest base backup, $found, is of the cluster that $present replaced: give a moment, or use recover-postgres"
        elif ! leads "$found"; then
          why='the timeline that is wanted does not come from its own'
        fi
        if [ -n "$why" ]; then
          printf 'passed over %s%s: %s\n' "$found" "$proven" "$why"
        else
          used=$found
          printf 'use %s%s\n' "$found" "$proven"
        fi
      done
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

    const cluster = read("Its cluster", {
      on: holder,
      run: sh`
      cd -- ${base}
      sed -n 's/^system-identifier //p' MANIFEST
    `,
      gives: name(),
    });

    const log = read("Its log", {
      on: holder,
      run: sh`
      export LC_ALL=C
      server=${server}
      moment=${moment}
      wanted=${timeline}
      base=${base}
      log=/archive/postgres/$server/log/$(sed -n 's/^system-identifier //p' "$base/MANIFEST")
      first=$(sed -n 's/^first-segment //p' "$base/MANIFEST")
      from=$((16#\${first:0:8})) at=$((16#\${first:8:8} * 256 + 16#\${first:16:8}))
      refuse() { printf 'refused: %s: %s\n' "$log" "$1" >&2; exit 1; }
      cd -- "$log"

      if [ -z "$wanted" ]; then
        wanted=$from
        for file in *.history.gz; do
          [ -e "$file" ] || continue
          if [ "$((16#\${file%%.*}))" -gt "$wanted" ]; then wanted=$((16#\${file%%.*})); fi
        done
      fi
      # A line for each timeline up to the wanted one: its number, and the segment that the next one begins in.
      path=''
      printf -v history '%08X.history.gz' "$wanted"
      if [ "$wanted" -gt 1 ]; then
        [ -e "$history" ] || refuse "there is no history of timeline $wanted"
        path=$(gzip -dc -- "$history" | while read -r number location _; do
          [[ $number =~ ^[0-9]+$ ]] || continue
          printf '%s %s\n' "$number" "$((16#\${location%/*} * 256 + (16#\${location#*/} >> 24)))"
        done)
      fi
      path=$(printf '%s\n%s -\n' "$path" "$wanted" | sed '/^$/d')

      newest='' gap='' reach=$(sed -n 's/^finished //p' "$base/MANIFEST")
      while read -r number end; do
        [ "$number" -ge "$from" ] || continue
        printf -v prefix '%08X' "$number"
        last=$(find . -maxdepth 1 -regex "./\${prefix}[0-9A-F]*[.]gz" -printf '%f\n' | sort | tail -n 1)
        until [ "$end" != - ] && [ "$at" -ge "$end" ]; do
          printf -v segment '%s%08X%08X' "$prefix" "$((at / 256))" "$((at % 256))"
          if [ -s "$segment.gz" ]; then
            newest=$segment at=$((at + 1))
          elif [ "$end" != - ] || [[ $segment.gz < $last ]]; then
            gap=$segment
            break 2
          else
            break
          fi
        done
      done <<< "$path"
      if [ -n "$newest" ]; then reach=$(date -u -r "$newest.gz" +%Y-%m-%dT%H:%M:%SZ); fi
      if [ -n "$gap" ] && { [ -z "$moment" ] || [[ ! $moment < $reach ]]; }; then
        refuse "$gap is missing, and there are segments after it. To lose what comes after it: --moment, before $reach"
      fi
      printf '%s is how far the log reaches without a gap, in %s, from %s on, along timeline %s\n' \
        "$reach" "\${newest:-the base backup itself}" "$first" "$wanted"
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
