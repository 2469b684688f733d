import { isHost, procedure, sh, type AnyHost, type HostParam, type Ref } from "../../dsl/index.ts";

interface Receiving {
  readonly on: AnyHost;
  readonly server: HostParam<never>;
  readonly generation: Ref<string>;
}

/**
 * Reads every byte of a generation that has arrived, compares it with its manifest, and gives it its name. Nothing that
 * has a name already is altered: where another content has it, the run stops.
 */
export const receiveGeneration = procedure("receive", ({ change }, { on, server, generation }: Receiving) => {
  change("Give the generation its name", {
    on,
    as: "backup",
    effect: "idempotent",
    guard: [isHost(on)],
    timeout: "1h",
    run: sh`
      server=${server}
      generation=${generation}
      cd -- "/archive/blaze-backup/$server"
      incoming=.incoming-$generation
      manifest=$server-manifest-$generation
      refuse() { printf 'refused: %s: %s\n' "$PWD/$incoming" "$1" >&2; exit 1; }

      # All of it first: a generation is named when nothing of it is missing.
      [ -s "$incoming/$manifest" ] || refuse "$manifest has not arrived"
      seal=$(sed '/^seal /d' "$incoming/$manifest" | sha256sum | cut -d ' ' -f 1)
      grep -qxF "seal $seal" "$incoming/$manifest" || refuse "$manifest was altered after it was sealed"
      grep -qxF "host $server" "$incoming/$manifest" || refuse "$manifest is of another server"
      grep -qxF "generation $generation" "$incoming/$manifest" || refuse "$manifest is of another generation"
      sets=0
      while read -r _ set file bytes digest _; do
        [[ $file == "$server-$set-$generation".* && $file != */* ]] || refuse "$file is no name for $set"
        [ "$(stat -c %s -- "$incoming/$file" || echo no)" = "$bytes" ] || refuse "$file has not $bytes bytes"
        [ "$(sha256sum < "$incoming/$file" | cut -d ' ' -f 1)" = "$digest" ] || refuse "$file is not what was sent"
        sets=$((sets + 1))
      done < <(grep '^set ' "$incoming/$manifest")
      [ "$sets" -gt 0 ] || refuse "$manifest lists no set"

      # The manifest last. What has its name from an attempt before is the same, or stays.
      while read -r file; do
        if [ -e "$file" ]; then
          cmp -s -- "$incoming/$file" "$file" || refuse "there is another $file"
        else
          sync -- "$incoming/$file"
          ln -- "$incoming/$file" "$file"
        fi
      done < <(sed -n 's/^set [^ ]* \([^ ]*\) .*/\1/p' "$incoming/$manifest"; printf '%s\n' "$manifest")
      sync -- .
      rm -r -- "$incoming"
    `,
    verify: sh`
      server=${server}
      generation=${generation}
      cd -- "/archive/blaze-backup/$server"
      [ ! -e ".incoming-$generation" ]
      while read -r _ _ file _ digest _; do
        [ "$(sha256sum < "$file" | cut -d ' ' -f 1)" = "$digest" ]
      done < <(grep '^set ' "$server-manifest-$generation")
    `,
  });
});
