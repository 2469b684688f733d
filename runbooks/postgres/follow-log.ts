import { procedure, sh, text, type HostParam, type Ref } from "../../dsl/index.ts";

interface Followed {
  readonly holder: HostParam<"archive">;
  readonly server: HostParam<never>;
  /** The folder of the base backup that it is followed from. */
  readonly base: Ref<string>;
  readonly timeline: Ref<number>;
}

/**
 * Follows the log on its holder, segment by segment, from a base backup on along a timeline, and reads each: gzip knows
 * what it made. It tells, a line each:
 *
 * - `from SEGMENT`, `newest SEGMENT` (`-` where there is none) and `bytes COUNT`: the part that is unbroken
 * - `reach MOMENT`: when its last segment was closed, by the file's time, or when the base backup was finished
 * - `heard MOMENT`: the newest heartbeat in it, as `keep-log` has the server write one each minute, or the same
 * - `fault SEGMENT WHAT`: what ended it, where there is log after that: `is missing` or `is spoilt`
 */
export const followLog = procedure("follow", ({ read }, { holder, server, base, timeline }: Followed): Ref<string> =>
  read("The log from there on", {
    on: holder,
    timeout: "2h",
    run: sh`
      export LC_ALL=C
      server=${server}
      base=${base}
      wanted=${timeline}
      log=/archive/postgres/$server/log/$(sed -n 's/^system-identifier //p' "$base/MANIFEST")
      first=$(sed -n 's/^first-segment //p' "$base/MANIFEST")
      from=$((16#\${first:0:8})) at=$((16#\${first:8:8} * 256 + 16#\${first:16:8}))
      cd -- "$log"

      # A line for each timeline up to the wanted one: its number, and the segment that the next one begins in.
      path=''
      printf -v history '%08X.history.gz' "$wanted"
      if [ "$wanted" -gt 1 ]; then
        [ -e "$history" ] || { printf 'refused: %s: there is no history of timeline %s\n' "$log" "$wanted" >&2; exit 1; }
        path=$(gzip -dc -- "$history" | while read -r number location _; do
          [[ $number =~ ^[0-9]+$ ]] || continue
          printf '%s %s\n' "$number" "$((16#\${location%/*} * 256 + (16#\${location#*/} >> 24)))"
        done)
      fi
      path=$(printf '%s\n%s -\n' "$path" "$wanted" | sed '/^$/d')

      chain=() fault=''
      while read -r number end; do
        [ "$number" -ge "$from" ] || continue
        printf -v prefix '%08X' "$number"
        last=$(find . -maxdepth 1 -regex "./\${prefix}[0-9A-F]*[.]gz" -printf '%f\n' | sort | tail -n 1)
        until [ "$end" != - ] && [ "$at" -ge "$end" ]; do
          printf -v segment '%s%08X%08X' "$prefix" "$((at / 256))" "$((at % 256))"
          if [ -s "$segment.gz" ]; then
            chain+=("$segment.gz") at=$((at + 1))
          elif [ "$end" != - ] || [[ $segment.gz < $last ]]; then
            fault="$segment is missing"
            break 2
          else
            break
          fi
        done
      done <<< "$path"

      # It reads them all and names those that it cannot, in their order.
      spoilt=''
      if [ "\${#chain[@]}" -gt 0 ]; then
        spoilt=$({ printf '%s\0' "\${chain[@]}" | xargs -0 gzip -t -- 2>&1 || true; } | grep -oE -m 1 '[0-9A-F]{24}[.]gz' || true)
      fi
      if [ -n "$spoilt" ]; then
        fault="\${spoilt%.gz} is spoilt"
        while [ "\${chain[-1]}" != "$spoilt" ]; do unset 'chain[-1]'; done
        unset 'chain[-1]'
      fi

      reach=$(sed -n 's/^finished //p' "$base/MANIFEST") heard='' newest=- bytes=0
      if [ "\${#chain[@]}" -gt 0 ]; then
        newest=\${chain[-1]%.gz}
        reach=$(date -u -r "$newest.gz" +%Y-%m-%dT%H:%M:%SZ)
        bytes=$(printf '%s\0' "\${chain[@]}" | xargs -0 stat -c %s -- | awk '{ sum += $1 } END { printf "%d\n", sum }')
      fi
      # A segment that was filled within the minute has none.
      for ((each = \${#chain[@]} - 1; each >= 0; each--)); do
        heard=$(gzip -dc -- "\${chain[each]}" | { grep -aoE 'log-heartbeat [0-9-]{10} [0-9:]{8} UTC' || true; } |
          awk '{ print $2 "T" $3 "Z" }' | sort | tail -n 1)
        [ -z "$heard" ] || break
      done
      printf '%s\n' "from $first" "newest $newest" "bytes $bytes" "reach $reach" \
        "heard \${heard:-$(sed -n 's/^finished //p' "$base/MANIFEST")}"
      [ -z "$fault" ] || printf 'fault %s\n' "$fault"
    `,
    gives: text(),
  }),
);
