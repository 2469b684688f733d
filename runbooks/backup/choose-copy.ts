import { line, name, procedure, sh, text, type AnyHost, type HostParam, type Ref } from "../../dsl/index.ts";

interface Wish {
  readonly on: AnyHost;
  /** Whose store. */
  readonly server: HostParam<never>;
  /** Only generations that were begun before this moment. */
  readonly before: Ref<string | undefined>;
}

/**
 * Chooses the newest generation of a store's copy that has all its files, and says why each newer one was passed over. Its
 * moment is in its manifest, and the day in its name must agree. What is in the files is looked at when they are back.
 */
export const chooseCopy = procedure("choose", ({ read }, { on, server, before }: Wish) => {
  const looked = read("Generations, newest first", {
    on,
    timeout: "2h",
    run: sh`
      export LC_ALL=C
      server=${server}
      before=${before}
      cd -- /archive/repo-backup

      # Says what is wrong with a generation; nothing when it is whole.
      fault() {
        local tree=\${1/-manifest-/-} day
        [ "$(sed '/^seal /d' "$1" | sha256sum | cut -d ' ' -f 1)" = "$(sed -n 's/^seal //p' "$1")" ] ||
          { echo 'its manifest was altered after it was sealed'; return; }
        [ "$(sed -n 's/^host //p' "$1")" = "$server" ] || { echo 'its manifest is of another server'; return; }
        [[ $1 =~ -manifest-([A-Z][a-z]{2})-([0-9]{2})-([0-9]{4})(\.[0-9]{6}Z)?$ ]] || { echo 'its name is of no day'; return; }
        day=$(date -u -d "\${BASH_REMATCH[2]} \${BASH_REMATCH[1]} \${BASH_REMATCH[3]}" +%Y-%m-%d)
        [ "\${2%T*}" = "$day" ] || { echo "its name says $day, its manifest $2"; return; }
        [ -d "$tree" ] || { echo "$tree is missing"; return; }
        # Files and links with their sizes, times and targets; of folders only that they are there.
        cmp -s <(sed -n 's/^entry //p' "$1" |
          awk -F '\t' '{ print $1 FS $2 ($2 == "f" ? FS $5 FS $6 FS : $2 == "l" ? FS FS FS $7 : "") }') \
          <(find "$tree" -mindepth 1 \( -type f -printf '%P\t%y\t%s\t%Ts\t\n' -o -type l -printf '%P\t%y\t\t\t%l\n' \
            -o -printf '%P\t%y\n' \) | sort -t $'\t' -k 1,1) ||
          echo "$tree has not the files that its manifest lists"
      }

      found=$(
        for manifest in "$server"-koji-manifest-*; do
          [ ! -e "$manifest" ] || printf '%s %s\n' "$(sed -n '/^begun /{s///p;q}' "$manifest")" "$manifest"
        done | sort -r
      )
      while read -r begun manifest; do
        [ -n "$manifest" ] || continue
        if [[ -n $before && ! $begun < $before ]]; then
          printf '%s %s: passed over, it is not older than %s\n' "$begun" "\${manifest#*-manifest-}" "$before"
          continue
        fi
        why=$(fault "$manifest" "$begun")
        if [ -z "$why" ]; then
          printf '%s %s: whole\n' "$begun" "\${manifest#*-manifest-}"
          exit 0
        fi
        printf '%s %s: passed over, %s\n' "$begun" "\${manifest#*-manifest-}" "$why"
      done <<< "$found"
      printf '%s\n' "$found" | head -n 3 >&2
      printf 'refused: no generation of the store of %s in %s is whole\n' "$server" "$PWD" >&2
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

  const newest = read("Moment it was begun", {
    on,
    run: sh`
      server=${server}
      generation=${generation}
      sed -n '/^begun /{s///p;q}' "/archive/repo-backup/$server-koji-manifest-$generation"
    `,
    gives: line(),
    newest: true,
  });

  return { looked, generation, newest };
});
