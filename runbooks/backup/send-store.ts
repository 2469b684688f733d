import { isHost, procedure, sh, type AnyHost, type HostParam, type Ref } from "../../dsl/index.ts";

interface Sending {
  readonly on: AnyHost;
  readonly holder: HostParam<never>;
  readonly server: HostParam<never>;
  readonly generation: Ref<string>;
  /** The generation before, where there is one. */
  readonly held: Ref<string | undefined>;
  readonly begun: Ref<string>;
  readonly nights: Ref<number | undefined>;
}

/**
 * Reads what is new and a share of what is not, and sends what was listed with its manifest. A file is in the share of the
 * same night on both sides: its digest says which.
 */
export const sendStore = procedure(
  "send",
  ({ change }, { on, holder, server, generation, held, begun, nights }: Sending) => {
    change("Read a share of the copies again", {
      on: holder,
      as: "backup",
      effect: "idempotent",
      timeout: "24h",
      guard: [isHost(holder)],
      run: sh`
        export LC_ALL=C
        server=${server}
        generation=${generation}
        held=${held}
        begun=${begun}
        nights=${nights}
        cd -- "/archive/repo-backup/.incoming-$server-$generation"
        : > share
        : > digests
        if [ -n "$held" ]; then
          sed -n 's/^entry //p' "../$server-koji-manifest-$held" |
            awk -F '\t' -v day="$(($(date -d "$begun" +%s) / 86400))" -v nights="\${nights:-30}" '
              $2 != "f" { next }
              { n = 0; for (i = 1; i < 8; i++) n = n * 16 + index("123456789abcdef", substr($7, i, 1)) }
              n % nights == day % nights { print $1 FS $7 }' > share
          (
            cd -- "../$server-koji-$held"
            cut -f 1 "$OLDPWD/share" | tr '\n' '\0' | { xargs -0 -r sha256sum --zero -- || [ "$?" -eq 123 ]; }
          ) | tr '\0' '\n' | sed -E 's/^([0-9a-f]{64})  (.*)/\2\t\1/' | sort -t $'\t' -k 1,1 > digests
        fi
        join -t $'\t' -a 1 -e - -o 0,1.2,2.2 share digests | awk -F '\t' '$2 != $3 { print $1 }' > spoilt.part
        mv -- spoilt.part spoilt
      `,
      verify: sh`
        server=${server}
        generation=${generation}
        [ -e "/archive/repo-backup/.incoming-$server-$generation/spoilt" ]
      `,
    });

    change("Read what is new, and the same share of the store", {
      on,
      effect: "idempotent",
      timeout: "24h",
      guard: [isHost(on)],
      run: sh`
        umask 077
        export LC_ALL=C
        server=${server}
        holder=${holder}
        generation=${generation}
        begun=${begun}
        nights=${nights}
        cd -- /var/lib/copy-repository
        rsync -t -- "$holder:repo-backup/.incoming-$server-$generation/spoilt" spoilt
        awk -F '\t' -v day="$(($(date -d "$begun" +%s) / 86400))" -v nights="\${nights:-30}" '
          { n = 0; for (i = 1; i < 8; i++) n = n * 16 + index("123456789abcdef", substr($2, i, 1)) }
          n % nights == day % nights' unchanged > share
        # What was found to be damaged is looked at every night, until it is mended.
        if [ -e previous ]; then sed -nE '/^entry /q; s/^(source|both)-altered //p' previous; fi |
          sort -u - spoilt | join -t $'\t' - unchanged > suspect
        sort -u share suspect > again
        {
          sort new altered | join -t $'\t' -o 0,2.2 - now | awk -F '\t' '$2 == "f" { print $1 }'
          cut -f 1 again
        } | sort -u > to-read
        (
          cd -- /mnt/koji
          tr '\n' '\0' < "$OLDPWD/to-read" | { xargs -0 -r sha256sum --zero -- || [ "$?" -eq 123 ]; }
        ) | tr '\0' '\n' | sed -E 's/^([0-9a-f]{64})  (.*)/\2\t\1/' | sort -t $'\t' -k 1,1 > digests

        comm -23 to-read <(cut -f 1 digests) | while IFS= read -r path; do
          [ ! -e "/mnt/koji/$path" ] || printf '%s\n' "$path"
        done > unreadable

        # Neither size nor time is new, and the content is: whatever did that, the copy keeps what was there before.
        {
          sort -t $'\t' -k 1,1 again | join -t $'\t' - digests | awk -F '\t' '$2 != $3 { print $1 }'
          cut -f 1 again | comm -12 - unreadable
        } | sort -u > source-altered
        comm -12 source-altered spoilt > both-altered
        sort new altered | comm -12 - unreadable | sort - both-altered > left-out
        cut -f 1 unchanged | comm -12 - spoilt | sort -u - new altered | comm -23 - left-out > afresh
        sort -t $'\t' -k 1,1 unchanged <(sort new altered | join -t $'\t' - digests) > values
        printf '%s\n' "$generation" > contents-read
      `,
      verify: sh`
        generation=${generation}
        grep -qxF -- "$generation" /var/lib/copy-repository/contents-read
      `,
    });

    // The archive of a holder is the receiving end's root: rrsync keeps the key to it, and looks from there for what may be
    // linked. rsync writes a new file beside and renames it: what an older generation links to is never written to.
    change("Send the files", {
      on,
      effect: "idempotent",
      timeout: "72h",
      guard: [isHost(on)],
      run: sh`
        umask 077
        export LC_ALL=C
        server=${server}
        holder=${holder}
        generation=${generation}
        held=${held}
        work=/var/lib/copy-repository
        : > "$work/said"
        cd -- /mnt/koji
        # 24: a file vanished meanwhile. The manifest will say so.
        send() {
          tr '\n' '\0' | rsync -lt --from0 --files-from=- --ignore-missing-args --chmod=D750,F440 --stats "$@" -- ./ \
            "$holder:repo-backup/.incoming-$server-$generation/tree/" >> "$work/said" || [ "$?" -eq 24 ]
        }
        send --ignore-times < "$work/afresh"
        link=()
        if [ -n "$held" ]; then link=("--link-dest=/repo-backup/$server-koji-$held"); fi
        # Without those: rsync would link them to the generation before, although they are there.
        cut -f 1 "$work/now" | comm -23 - "$work/left-out" | comm -23 - "$work/afresh" | send "\${link[@]}"
        awk '/^Total bytes sent: / { gsub(/[^0-9]/, ""); sum += $0 } END { printf "%.0f\n", sum }' "$work/said" > "$work/sent.part"
        mv -- "$work/sent.part" "$work/sent"
      `,
      verify: sh`[ -s /var/lib/copy-repository/sent ]`,
    });

    change("Send its manifest", {
      on,
      effect: "idempotent",
      timeout: "2h",
      guard: [isHost(on)],
      run: sh`
        umask 077
        export LC_ALL=C
        server=${server}
        holder=${holder}
        generation=${generation}
        held=${held}
        begun=${begun}
        nights=${nights}
        cd -- /var/lib/copy-repository
        # As it is now that all was sent: what went or changed meanwhile is in the next generation.
        (
          cd -- /mnt/koji
          cut -f 1 "$OLDPWD/now" | sed 's|^|./|' | tr '\n' '\0' | {
            xargs -0 -r bash -c 'find "$@" -maxdepth 0 \( -type f -printf "%p\t%y\t%s\t%Ts\t\n" \
              -o -printf "%p\t%y\t\t\t%l\n" \)' find 2> "$OLDPWD/went" || [ "$?" -eq 123 ]
          }
        ) | sed 's|^\./||' | sort -t $'\t' -k 1,1 > after
        : > missing
        comm -23 <(cut -f 1 now) both-altered | join -t $'\t' - now |
          join -t $'\t' -a 1 -e - -o 1.1,1.2,1.3,1.4,1.5,1.6,1.7,2.2,2.3,2.4,2.5 - after |
          join -t $'\t' -a 1 -e - -o 1.1,1.2,1.3,1.4,1.5,1.6,1.7,1.8,1.9,1.10,1.11,2.2 - values |
          awk -F '\t' '
            $8 == "-" { print $1 FS "it went away while it was copied" > "missing"; next }
            $2 != $8 || $2 == "f" && ($5 != $9 || $6 != $10) || $2 == "l" && $7 != $11 {
              print $1 FS "it changed while it was copied" > "missing"
              next
            }
            $2 == "f" && $12 == "-" { print $1 FS "it could not be read" > "missing"; next }
            { print $1 FS $2 FS $3 FS $4 FS $5 FS $6 FS ($2 == "f" ? $12 : $2 == "l" ? $7 : "-") }' > entries
        {
          printf 'format 1\nhost %s\ngeneration %s\nbegun %s\n' "$server" "$generation" "$begun"
          printf 'finished %s\n' "$(date -u +%Y-%m-%dT%H:%M:%SZ)"
          printf 'tool %s\n' "$(rsync --version | head -n 1)"
          if [ -n "$held" ]; then
            printf 'previous %s-koji-manifest-%s %s\n' "$server" "$held" "$(sha256sum < previous | cut -d ' ' -f 1)"
          else
            printf 'previous none\n'
          fi
          printf 'filesystem %s\nroot %s\n' "$(cat filesystem)" "$(cat root)"
          printf 'reread one of %s\n' "\${nights:-30}"
          awk -F '\t' '$2 == "f" { n++; sum += $5 } END { printf "files %.0f\nbytes %.0f\n", n, sum }' entries
          for kind in new altered gone; do printf '%s %s\n' "$kind" "$(wc -l < "$kind")"; done
          printf 'sent %s\n' "$(cat sent)"
          comm -23 source-altered both-altered | sed 's/^/source-altered /'
          comm -23 spoilt both-altered | sed 's/^/copy-altered /'
          sed 's/^/both-altered /' both-altered
          sed 's/^/missing /' missing
          sed 's/^/entry /' entries
        } > manifest
        printf 'seal %s\n' "$(sha256sum < manifest | cut -d ' ' -f 1)" >> manifest
        rsync -t --chmod=F440 -- manifest "$holder:repo-backup/.incoming-$server-$generation/"
      `,
      verify: sh`
        server=${server}
        holder=${holder}
        generation=${generation}
        different=$(
          rsync -nc --out-format=%n -- /var/lib/copy-repository/manifest \
            "$holder:repo-backup/.incoming-$server-$generation/"
        )
        [ -z "$different" ]
      `,
    });
  },
);
