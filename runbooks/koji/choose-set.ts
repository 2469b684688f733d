import { integer, line, path, procedure, sh, text, type AnyHost, type Ref } from "../../dsl/index.ts";

interface Wish {
  readonly on: AnyHost;
  /** Only sets begun before this moment. */
  readonly before: Ref<string | undefined>;
  /** How many whole sets to pass over, counted from the newest. */
  readonly passOver: Ref<number | undefined>;
  /** The major version of PostgreSQL that is to read it. */
  readonly major: Ref<number>;
}

interface Choice {
  readonly sets: Ref<string>;
  readonly set: Ref<string>;
  readonly contents: Ref<string>;
  readonly newest: Ref<string>;
  readonly bytes: Ref<number>;
}

/**
 * Chooses among ireland's sets the newest that is whole, and says why each newer one was passed over. A set's moment is
 * in its manifest; the date in its name must agree. Names are never sorted: in `Mar-28`, `Apr-01` the first would win.
 */
export const chooseSet = procedure("choose", ({ read }, { on, before, passOver, major }: Wish): Choice => {
  // Every byte is read: nothing is inferred from what a dump's own tools can still parse, they accept dumps that were cut.
  const sets = read("Sets of ireland, newest first", {
    on,
    timeout: "2h",
    run: sh`
      before=${before}
      passes=${passOver}
      major=${major}
      passes=\${passes:-0}
      cd -- /archive/blaze-backup/ireland

      # The moment in a name, so that it can be compared: of ireland-pgdump-Nov-24-2026.053112Z, 2026-11-24T05:31:12Z.
      moment() {
        [[ $1 =~ ^ireland-pgdump-([A-Z][a-z]{2})-([0-9]{2})-([0-9]{4})\.([0-9]{2})([0-9]{2})([0-9]{2})Z$ ]] || return 1
        local part=("\${BASH_REMATCH[@]}")
        LC_ALL=C date -u -d "\${part[2]} \${part[1]} \${part[3]} \${part[4]}:\${part[5]}:\${part[6]}" +%Y-%m-%dT%H:%M:%SZ
      }

      # Says what is wrong with a set; nothing when it is whole.
      fault() {
        local name bytes digest files=0 begun version
        [ -s "$1/MANIFEST" ] || { echo "it has no MANIFEST, so it was never finished"; return; }
        [ "$(sed '/^seal /d' "$1/MANIFEST" | sha256sum | cut -d ' ' -f 1)" = "$(sed -n 's/^seal //p' "$1/MANIFEST")" ] ||
          { echo "its MANIFEST was altered after it was sealed"; return; }
        begun=$(sed -n 's/^begun //p' "$1/MANIFEST")
        [ "\${begun%T*}" = "\${2%T*}" ] || { echo "its name says $2, its MANIFEST $begun"; return; }
        version=$(sed -n 's/^server-version-num //p' "$1/MANIFEST")
        [ "$((version / 10000))" -le "$major" ] ||
          { echo "it was made by PostgreSQL $((version / 10000)), newer than the one installed"; return; }
        while read -r _ name bytes digest; do
          [ -e "$1/$name" ] || { echo "$name is missing"; return; }
          [ "$(stat -c %s -- "$1/$name")" = "$bytes" ] ||
            { echo "$name has $(stat -c %s -- "$1/$name") bytes instead of $bytes"; return; }
          [ "$(sha256sum -- "$1/$name" | cut -d ' ' -f 1)" = "$digest" ] ||
            { echo "$name was altered: its SHA-256 is not the one it was made with"; return; }
          files=$((files + 1))
        done < <(grep '^file ' "$1/MANIFEST")
        [ "$files" -ge 3 ] || echo "its MANIFEST lists $files files; a set has three"
      }

      found=$(
        for set in ireland-pgdump-*; do
          at=$(moment "$set") || continue
          printf '%s %s\n' "$at" "$set"
        done | sort -r
      )
      while read -r at set; do
        [ -n "$set" ] || continue
        if [[ -n $before && ! $at < $before ]]; then
          printf '%s %s: passed over, it is not older than %s\n' "$at" "$set" "$before"
          continue
        fi
        why=$(fault "$set" "$at")
        if [ -n "$why" ]; then
          printf '%s %s: passed over, %s\n' "$at" "$set" "$why"
        elif [ "$passes" -gt 0 ]; then
          printf '%s %s: passed over as asked\n' "$at" "$set"
          passes=$((passes - 1))
        else
          proven=$(sed -n 's/^proven //p' "$set/MANIFEST")
          printf '%s %s: whole, %s\n' "$at" "$set" "\${proven:+restored for proof at }\${proven:-never restored}"
          exit 0
        fi
      done <<< "$found"
      printf 'refused: no whole set of ireland is left in %s\n' "$PWD" >&2
      exit 1
    `,
    gives: text(),
  });

  const set = read("Chosen set", {
    on,
    run: sh`
      sets=${sets}
      chosen=$(sed -n 's/^[^ ]* \(.*\): whole, .*$/\1/p' <<< "$sets")
      printf '/archive/blaze-backup/ireland/%s\n' "$chosen"
    `,
    gives: path(),
  });

  const contents = read("What is in it", {
    on,
    run: sh`
      cd -- ${set}
      sed -n '/^host /p; /^database /p; /^system-identifier /p; /^begun /p; /^finished /p' MANIFEST
      printf 'rows %s in %s tables\n' "$(awk '/^rows / { sum += $3 } END { print sum }' MANIFEST)" "$(grep -c '^rows ' MANIFEST)"
    `,
    gives: text(),
  });

  const newest = read("Newest moment inside the data", {
    on,
    run: sh`
      cd -- ${set}
      sed -n 's/^newest //p' MANIFEST
    `,
    gives: line(),
    newest: true,
  });

  const bytes = read("Dump size", {
    on,
    run: sh`
      cd -- ${set}
      stat -c %s database.dump
    `,
    gives: integer(),
  });

  return { sets, set, contents, newest, bytes };
});
