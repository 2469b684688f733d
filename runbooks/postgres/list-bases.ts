import { procedure, sh, text, type HostParam, type Ref } from "../../dsl/index.ts";

interface Kept {
  readonly holder: HostParam<"archive">;
  readonly server: HostParam<never>;
}

/**
 * Tells of a server's base backups, the newest first: by the moment in the name, parsed; what has another kind of name is no
 * set. A line each: `NAME FINISHED PROVEN CLUSTER MAJOR TIMELINES NEWEST`, with `-` for what is not there. TIMELINES are the
 * ones that its log leads to, apart by commas; NEWEST is the newest that its cluster's log has.
 */
export const listBases = procedure("bases", ({ read }, { holder, server }: Kept): Ref<string> =>
  // A recovery begins a timeline, and what comes after that moment on the timeline before it is another story.
  read("What there is", {
    on: holder,
    run: sh`
      export LC_ALL=C
      server=${server}
      cd -- /archive
      [ -d "postgres/$server/base" ] || exit 0
      cd -- "postgres/$server"
      of() { sed -n "s/^$1 //p" "base/$2/MANIFEST"; }
      for found in $(find base -mindepth 1 -maxdepth 1 -printf '%f\n' | grep -xE '[0-9-]{10}T[0-9-]{8}Z' | sort -r); do
        proven=-
        if [ -s "base/$found/proven" ]; then proven=$(cat "base/$found/proven"); fi
        if [ ! -s "base/$found/MANIFEST" ]; then
          printf '%s - %s - - - -\n' "$found" "$proven"
          continue
        fi
        cluster=$(of system-identifier "$found") from=$(of timeline "$found") first=$(of first-segment "$found")
        at=$((16#\${first:8:8} * 256 + 16#\${first:16:8})) leads=$from newest=$from
        for history in log/"$cluster"/*.history.gz; do
          [ -e "$history" ] || continue
          number=\${history##*/}
          number=$((16#\${number%%.*}))
          if [ "$number" -gt "$newest" ]; then newest=$number; fi
          location=$(gzip -dc -- "$history" | awk -v from="$from" '$1 == from { print $2 }')
          [ -n "$location" ] || continue
          if [ "$((16#\${location%/*} * 256 + (16#\${location#*/} >> 24)))" -ge "$at" ]; then leads+=,$number; fi
        done
        printf '%s %s %s %s %s %s %s\n' "$found" "$(of finished "$found")" "$proven" "$cluster" \
          "$(($(of server-version-num "$found") / 10000))" "$leads" "$newest"
      done
    `,
    gives: text(),
  }),
);
