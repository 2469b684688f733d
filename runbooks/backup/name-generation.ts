import { isHost, procedure, sh, type AnyHost, type HostParam, type Ref } from "../../dsl/index.ts";

interface Naming {
  readonly on: AnyHost;
  readonly server: HostParam<never>;
  readonly generation: Ref<string>;
}

/**
 * Gives the sets that were made their names, and then their manifest its own: a generation is one that has a manifest.
 *
 * A manifest is lines of a key and its value: `format`, `host`, `generation`, `begun` and `finished` (the moment it
 * describes lies between them), `tool` with each program's version, `previous` with the name and the SHA-256 of the
 * manifest before, `recipient`, `set NAME FILE BYTES SHA256 ENTRIES` for each set that is whole, `missing NAME WHY` for
 * each that is not, `entry`, `acl`, `xattr` and `sum` with the set's name for every file in it, and last `seal`, the
 * SHA-256 of all lines above it.
 */
export const nameGeneration = procedure("name", ({ change }, { on, server, generation }: Naming) => {
  change("Give the sets their names", {
    on,
    effect: "idempotent",
    guard: [isHost(on)],
    run: sh`
      umask 077
      export LC_ALL=C
      server=${server}
      generation=${generation}
      cd -- "/archive/blaze-backup/$server"
      manifest=$server-manifest-$generation
      making=.making-$generation
      # What was named before an interruption has its manifest, or is named again by what follows.
      [ ! -e "$manifest" ] || exit 0

      # By the moment inside them, never by their names: Mar-28 would come after Apr-01.
      previous=none newest=
      for other in "$server"-manifest-*; do
        [ -e "$other" ] || continue
        begun=$(sed -n 's/^begun //p' "$other")
        [[ $begun > $newest ]] || continue
        newest=$begun
        previous="$other $(sha256sum < "$other" | cut -d ' ' -f 1)"
      done

      {
        printf 'format 1\nhost %s\ngeneration %s\n' "$server" "$generation"
        printf 'begun %s\nfinished %s\n' "$(cat "$making/begun")" "$(cat "$making/finished")"
        for tool in tar bash find; do printf 'tool %s\n' "$("$tool" --version | head -n 1)"; done
        printf 'tool age %s\n' "$(age --version)"
        printf 'tool kernel %s\n' "$(uname -sr)"
        printf 'previous %s\n' "$previous"
        sed 's/^/recipient /' "$making/recipients"
        for list in "$making"/paths/*; do
          set=\${list##*/}
          if [ -s "$making/made/$set.missing" ]; then
            printf 'missing %s %s\n' "$set" "$(cat "$making/made/$set.missing")"
            continue
          fi
          file=$(cat "$making/made/$set.file")
          at=$making/made/$file
          [ -e "$at" ] || at=$file
          printf 'set %s %s %s %s %s\n' "$set" "$file" "$(stat -c %s -- "$at")" \
            "$(sha256sum < "$at" | cut -d ' ' -f 1)" "$(grep -c '^entry ' "$making/made/$set.description")"
        done
        for list in "$making"/paths/*; do
          [ -s "$making/made/\${list##*/}.missing" ] || cat -- "$making/made/\${list##*/}.description"
        done
      } > "$making/manifest"
      grep -q '^set ' "$making/manifest" || { echo 'refused: not one set is whole' >&2; exit 1; }
      printf 'seal %s\n' "$(sha256sum < "$making/manifest" | cut -d ' ' -f 1)" >> "$making/manifest"

      for file in "$making"/made/"$server"-*; do
        [ ! -e "$file" ] || mv -n -T -- "$file" "\${file##*/}"
      done
      sync -- . "$making/manifest"
      mv -n -T -- "$making/manifest" "$manifest"
      sync -- .
      rm -rf -- "$making"
    `,
    verify: sh`
      server=${server}
      generation=${generation}
      cd -- "/archive/blaze-backup/$server"
      manifest=$server-manifest-$generation
      seal=$(sed '/^seal /d' "$manifest" | sha256sum | cut -d ' ' -f 1)
      grep -qxF "seal $seal" "$manifest"
      while read -r _ _ file bytes _; do
        [ "$(stat -c %s -- "$file")" = "$bytes" ]
      done < <(sed -n '/^set /p' "$manifest")
    `,
  });
});
