import { holds, isHost, procedure, sh, type AnyHost, type Ref } from "../../dsl/index.ts";

interface Proof {
  readonly on: AnyHost;
  /** UUID of the drive that is mounted at /run/blaze-drive. */
  readonly drive: Ref<string>;
  readonly generation: Ref<string>;
  /** The generation before, and when it began. */
  readonly newest: Ref<string | undefined>;
}

/**
 * Reads back what was written to a drive and gives the generation its name. Its manifest is lines of a key and its value:
 * `format`, `host`, `drive`, `generation`, `begun`, `finished`, `previous`, `file BYTES SHA256 PATH` for each file, and last
 * `seal`, the SHA-256 of all lines above it. `newest` in the drive's root names the last one that is whole.
 */
export const proveDrive = procedure("prove", ({ change }, { on, drive, generation, newest }: Proof) => {
  change("Read it back, and name it", {
    on,
    effect: "idempotent",
    timeout: "24h",
    guard: [isHost(on), holds("the drive is mounted", sh`findmnt -n -M /run/blaze-drive > /dev/null`)],
    run: sh`
      export LC_ALL=C
      drive=${drive}
      generation=${generation}
      newest=${newest}
      cd /run/blaze-drive
      previous=\${newest% *}
      if [ -d ".writing-$generation" ]; then
        scratch=$(mktemp -d /run/prove-drive.XXXXXX)
        trap 'rm -rf -- "$scratch"' EXIT
        refuse() { printf 'refused: %s\n' "$1" >&2; exit 1; }
        work=.writing-$generation/archive
        find "$work" -type f -printf '%P\n' | sort > "$scratch/all"
        [ -s "$scratch/all" ] || refuse 'nothing was written'

        # What is one file with that of the generation before was read back then; the rest is new.
        : > "$scratch/known"
        while IFS= read -r path; do
          if [ -n "$previous" ] && [ "$work/$path" -ef "$previous/archive/$path" ]; then
            printf '%s\n' "$path" >> "$scratch/known"
          fi
        done < "$scratch/all"
        comm -23 "$scratch/all" "$scratch/known" > "$scratch/new"
        shuf -n 20 "$scratch/known" | sort > "$scratch/sample"

        # Past the machine's memory: what the drive has, and not what was sent to it.
        read_back() { dd if="$1" iflag=direct bs=1M status=none | sha256sum | cut -d ' ' -f 1; }
        while IFS= read -r path; do
          digest=$(sha256sum < "/archive/$path" | cut -d ' ' -f 1)
          [ "$(read_back "$work/$path")" = "$digest" ] || refuse "the drive gives back another $path than was written"
          printf 'file %s %s %s\n' "$(stat -c %s -- "$work/$path")" "$digest" "$path"
        done < "$scratch/new" > "$scratch/files"
        if [ -n "$previous" ]; then
          sed -nE 's/^file ([0-9]+) ([0-9a-f]+) (.*)/\3\t\1 \2/p' "manifest-$previous" | sort -t $'\t' -k 1,1 |
            join -t $'\t' "$scratch/known" - | sed -E 's/^(.*)\t([0-9]+ [0-9a-f]+)$/file \2 \1/' > "$scratch/carried"
          [ "$(wc -l < "$scratch/carried")" = "$(wc -l < "$scratch/known")" ] || refuse "manifest-$previous does not list what is on the drive"
          while IFS= read -r path; do
            grep -qxF "file $(stat -c %s -- "$work/$path") $(read_back "$work/$path") $path" "$scratch/carried" ||
              refuse "$path on the drive is not what it was when it was written"
          done < "$scratch/sample"
          cat "$scratch/carried" >> "$scratch/files"
        fi

        begun=$(cat ".writing-$generation/begun")
        {
          printf 'format 1\nhost %s\ndrive %s\ngeneration %s\nbegun %s\n' "$(uname -n)" "$drive" "$generation" "$begun"
          printf 'finished %s\nprevious %s\n' "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "\${previous:-none}"
          sort -k 4 "$scratch/files"
        } > "$scratch/manifest"
        printf 'seal %s\n' "$(sha256sum < "$scratch/manifest" | cut -d ' ' -f 1)" >> "$scratch/manifest"
        cp -- "$scratch/manifest" "manifest-$generation"
        mv -T -- ".writing-$generation" "$generation"
        printf '%s %s\n' "$generation" "$begun" > newest.new
        sync -f .
        mv -T -- newest.new newest
        sync -f .
      fi
    `,
    verify: sh`
      generation=${generation}
      cd /run/blaze-drive
      [ -d "$generation/archive" ] && [ ! -e ".writing-$generation" ]
      seal=$(sed '/^seal /d' "manifest-$generation" | sha256sum | cut -d ' ' -f 1)
      grep -qxF "seal $seal" "manifest-$generation"
      [ "$(cut -d ' ' -f 1 newest)" = "$generation" ]
      [ "$(find "$generation/archive" -type f | wc -l)" = "$(grep -c '^file ' "manifest-$generation")" ]
    `,
  });
});
