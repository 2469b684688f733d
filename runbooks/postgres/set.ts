import { line, procedure, sh, type AnyHost, type Ref } from "../../dsl/index.ts";

interface Checked {
  readonly on: AnyHost;
  /** Its folder. */
  readonly set: Ref<string>;
  /** Whether nothing newer than the set is to come back; so it is where left out. */
  readonly newest?: boolean;
}

/**
 * A set is one backup of one database: a folder named by its moment, with these files in it.
 *
 * - `database.dump`: pg_dump's custom format
 * - `globals.sql`: roles and tablespaces
 * - `config.tar`: the cluster's own configuration files
 * - `MANIFEST`: written when the set is made; lines of a key and its value: `format`, `host`, `database`,
 *   `system-identifier`, `server-version-num`, `begun`, `finished`, `newest` (the newest moment inside the data),
 *   `file NAME BYTES SHA256`, `rows TABLE COUNT`, `proven` (when it was restored and its rows were counted), and last
 *   `seal`, the SHA-256 of all lines above it
 *
 * This procedure reads every byte of a set and compares it with its manifest. It gives the newest moment inside the
 * data, and fails with the cause: nothing is inferred from what a dump's own tools can still parse, because they
 * accept dumps that were cut or altered.
 */
export const checkSet = procedure("set", ({ read }, { on, set, newest = true }: Checked) =>
  read("Check every byte", {
    on,
    run: sh`
      cd -- ${set}
      refuse() { printf 'refused: %s: %s\n' "$PWD" "$1" >&2; exit 1; }
      [ -s MANIFEST ] || refuse "there is no MANIFEST, so this set was never finished"
      seal=$(sed -n 's/^seal //p' MANIFEST)
      [ "$(sed '/^seal /d' MANIFEST | sha256sum | cut -d ' ' -f 1)" = "$seal" ] ||
        refuse "MANIFEST was altered after it was sealed"
      files=0
      while read -r _ name bytes digest; do
        [ -e "$name" ] || refuse "$name is missing"
        size=$(stat -c %s -- "$name")
        [ "$size" -gt 0 ] || refuse "$name is empty; it should have $bytes bytes"
        [ "$size" -ge "$bytes" ] || refuse "$name is truncated: $size of $bytes bytes"
        [ "$size" -eq "$bytes" ] || refuse "$name has grown: $size bytes instead of $bytes"
        [ "$(sha256sum -- "$name" | cut -d ' ' -f 1)" = "$digest" ] ||
          refuse "$name was altered: its SHA-256 is not the one it was made with"
        files=$((files + 1))
      done < <(grep '^file ' MANIFEST)
      [ "$files" -ge 3 ] || refuse "MANIFEST lists $files files; a set has three"
      sed -n 's/^newest //p' MANIFEST
    `,
    gives: line(),
    ...(newest && { newest }),
  }),
);
