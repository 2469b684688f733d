import { isHost, procedure, sh, type AnyHost, type HostParam, type Ref } from "../../dsl/index.ts";

interface Receiving {
  readonly on: AnyHost;
  readonly server: HostParam<never>;
  readonly generation: Ref<string>;
  /** The generation before, where there is one. */
  readonly held: Ref<string | undefined>;
}

/**
 * Compares a copy that has arrived with its manifest, and gives it its name, the manifest last: a generation is one that
 * has a manifest. Every file is looked at, and every one is read that is not the very file of the generation before.
 *
 * A manifest is lines of a key and its value: `format`, `host`, `generation`, `begun` and `finished`, `tool`, `previous`
 * with the name and the SHA-256 of the manifest before, `filesystem` and `root` of the store, `reread`, what was counted,
 * `source-altered`, `copy-altered` and `both-altered` with the path of each file that was not what it had been, `missing
 * PATH WHY`, `entry` with path, type, mode, owner, size, time and digest or target of each, and last `seal`, the SHA-256 of
 * all lines above it. What may have spaces in it is parted by tabs.
 */
export const nameCopy = procedure("name", ({ change }, { on, server, generation, held }: Receiving) => {
  change("Give the copy its name", {
    on,
    as: "backup",
    effect: "idempotent",
    guard: [isHost(on)],
    timeout: "24h",
    run: sh`
      export LC_ALL=C
      server=${server}
      generation=${generation}
      held=${held}
      cd -- /archive/repo-backup
      incoming=.incoming-$server-$generation
      tree=$server-koji-$generation
      manifest=$server-koji-manifest-$generation
      refuse() { printf 'refused: %s: %s\n' "$PWD/$incoming" "$1" >&2; exit 1; }
      if [ ! -e "$manifest" ]; then
        seal=$(sed '/^seal /d' "$incoming/manifest" | sha256sum | cut -d ' ' -f 1)
        grep -qxF "seal $seal" "$incoming/manifest" || refuse "its manifest is not what was sent"
        grep -qxF "host $server" "$incoming/manifest" || refuse "its manifest is of another server"
        grep -qxF "generation $generation" "$incoming/manifest" || refuse "its manifest is of another generation"
        # Named in an attempt before, that ended there.
        at=$tree
        [ -e "$at" ] || at=$incoming/tree

        sed -n 's/^entry //p' "$incoming/manifest" > "$incoming/listed"
        find "$at" -mindepth 1 -printf '%P\n' | sort > "$incoming/found"
        cut -f 1 "$incoming/listed" | comm -13 - "$incoming/found" > "$incoming/more"
        # What went or changed at the source meanwhile, and what an interrupted rsync left.
        ( cd -- "$at" && tr '\n' '\0' < "$OLDPWD/$incoming/more" | xargs -0 -r rm -rf -- )

        awk -F '\t' '{ print $1 FS $2 ($2 == "f" ? FS $5 FS $6 FS : $2 == "l" ? FS FS FS $7 : "") }' \
          "$incoming/listed" > "$incoming/wanted"
        find "$at" -mindepth 1 \( -type f -printf '%P\t%y\t%s\t%Ts\t\n' -o -type l -printf '%P\t%y\t\t\t%l\n' \
          -o -printf '%P\t%y\n' \) | sort -t $'\t' -k 1,1 > "$incoming/found"
        different=$(comm -3 "$incoming/wanted" "$incoming/found" | head -n 1)
        [ -z "$different" ] || refuse "it is not as listed: $different"

        : > "$incoming/same"
        if [ -n "$held" ]; then
          inodes() { find "$1" -type f -printf '%P\t%i\n' | sort; }
          # What was found to be damaged there is none of them.
          comm -12 <(inodes "$at") <(inodes "$server-koji-$held") | cut -f 1 | comm -23 - "$incoming/spoilt" | join -t $'\t' - \
            <(sed -n 's/^entry //p' "$server-koji-manifest-$held" | awk -F '\t' '$2 == "f" { print $1 FS $7 }') \
            > "$incoming/same"
        fi
        awk -F '\t' '$2 == "f" { print $1 FS $7 }' "$incoming/listed" | comm -23 - "$incoming/same" > "$incoming/unread"
        (
          cd -- "$at"
          cut -f 1 "$OLDPWD/$incoming/unread" | tr '\n' '\0' | xargs -0 -r sha256sum --zero --
        ) | tr '\0' '\n' | sed -E 's/^([0-9a-f]{64})  (.*)/\2\t\1/' | sort > "$incoming/read"
        different=$(comm -3 <(sort "$incoming/unread") "$incoming/read" | head -n 1)
        [ -z "$different" ] || refuse "it is not what was read at the source: $different"

        [ "$at" = "$tree" ] || mv -n -T -- "$at" "$tree"
        sync -f -- "$tree"
        mv -n -T -- "$incoming/manifest" "$manifest"
        sync -f -- "$manifest"
      fi
      rm -rf -- "$incoming"
    `,
    verify: sh`
      server=${server}
      generation=${generation}
      cd -- /archive/repo-backup
      [ ! -e ".incoming-$server-$generation" ]
      [ -d "$server-koji-$generation" ]
      manifest=$server-koji-manifest-$generation
      [ "$(sed '/^seal /d' "$manifest" | sha256sum | cut -d ' ' -f 1)" = "$(sed -n 's/^seal //p' "$manifest")" ]
    `,
  });
});
