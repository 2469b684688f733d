import { name, procedure, sh, text, type AnyHost, type HostParam, type Ref } from "../../dsl/index.ts";

interface Wish {
  readonly on: AnyHost;
  /** Whose generations. */
  readonly server: HostParam<never>;
  /** The set that must be whole in it. */
  readonly set: Ref<string>;
  /** Only generations that were begun before this moment. */
  readonly before: Ref<string | undefined>;
}

/**
 * Chooses the newest generation of a server whose set of that name is whole, and says why each newer one was passed over.
 * A generation's moment is in its manifest, and the date in its name must agree. Names are never sorted.
 */
export const chooseGeneration = procedure("choose", ({ read }, { on, server, set, before }: Wish) => {
  const looked = read("Generations, newest first", {
    on,
    timeout: "1h",
    run: sh`
      server=${server}
      set=${set}
      before=${before}
      cd -- "/archive/blaze-backup/$server"

      # The day in a name, so that it can be compared: of hongkong-manifest-Mar-28-2012, 2012-03-28.
      day() {
        [[ $1 =~ -manifest-([A-Z][a-z]{2})-([0-9]{2})-([0-9]{4})(\.[0-9]{6}Z)?$ ]] || return 1
        LC_ALL=C date -u -d "\${BASH_REMATCH[2]} \${BASH_REMATCH[1]} \${BASH_REMATCH[3]}" +%Y-%m-%d
      }

      # Says what is wrong with the set of a generation; nothing when it is whole.
      fault() {
        local file bytes digest
        [ "$(sed '/^seal /d' "$1" | sha256sum | cut -d ' ' -f 1)" = "$(sed -n 's/^seal //p' "$1")" ] ||
          { echo 'its manifest was altered after it was sealed'; return; }
        [ "$(sed -n 's/^host //p' "$1")" = "$server" ] || { echo 'its manifest is of another server'; return; }
        [ "\${2%T*}" = "$3" ] || { echo "its name says $3, its manifest $2"; return; }
        read -r _ _ file bytes digest _ < <(grep "^set $set " "$1") ||
          { echo "it has no $set: $(sed -n "s/^missing $set //p" "$1")"; return; }
        [ -e "$file" ] || { echo "$file is missing"; return; }
        [ "$(stat -c %s -- "$file")" = "$bytes" ] ||
          { echo "$file has $(stat -c %s -- "$file") bytes instead of $bytes"; return; }
        [ "$(sha256sum < "$file" | cut -d ' ' -f 1)" = "$digest" ] ||
          echo "$file was altered: its SHA-256 is not the one it was made with"
      }

      found=$(
        for manifest in "$server"-manifest-*; do
          day=$(day "$manifest") || continue
          printf '%s %s %s\n' "$(sed -n 's/^begun //p' "$manifest")" "$day" "$manifest"
        done | sort -r
      )
      while read -r begun day manifest; do
        [ -n "$manifest" ] || continue
        if [[ -n $before && ! $begun < $before ]]; then
          printf '%s %s: passed over, it is not older than %s\n' "$begun" "\${manifest#*-manifest-}" "$before"
          continue
        fi
        why=$(fault "$manifest" "$begun" "$day")
        if [ -z "$why" ]; then
          printf '%s %s: whole\n' "$begun" "\${manifest#*-manifest-}"
          exit 0
        fi
        printf '%s %s: passed over, %s\n' "$begun" "\${manifest#*-manifest-}" "$why"
      done <<< "$found"
      printf '%s\n' "$found" | head -n 3 >&2
      printf 'refused: no generation in %s has a whole %s\n' "$PWD" "$set" >&2
      exit 1
    `,
    gives: text(),
  });

  const generation = read("Chosen generation", {
    on,
    run: sh`
      looked=${looked}
      sed -n 's/^[^ ]* \(.*\): whole$/\1/p' <<< "$looked"
    `,
    gives: name(),
  });

  return { looked, generation };
});
