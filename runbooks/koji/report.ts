import { isHost, path, procedure, sh, type Ref } from "../../dsl/index.ts";
import { hongkong } from "./inventory.ts";

interface Loss {
  readonly set: Ref<string>;
  /** Newest moment inside the restored data. */
  readonly newest: Ref<string>;
  /** Tasks and builds that were cancelled, a line each. */
  readonly cancelled: Ref<string>;
  /** Builds without files, a line each. */
  readonly hollow: Ref<string>;
}

/** Writes down what was lost, build by build, as a file that can be sent to those whose work it was. */
export const reportLoss = procedure(
  "report",
  ({ read, change }, { set, newest, cancelled, hollow }: Loss): Ref<string> => {
    const file = read("Name of the report", {
      on: hongkong,
      run: sh`
      set=${set}
      printf '/var/log/koji-recovery/lost-since-%s.txt\n' "\${set##*/}"
    `,
      gives: path(),
    });

    change("Write down what was lost", {
      on: hongkong,
      effect: "idempotent",
      guard: [isHost(hongkong)],
      run: sh`
      set=${set}
      newest=${newest}
      cancelled=${cancelled}
      hollow=${hollow}
      file=${file}
      export LC_ALL=C
      aside=/mnt/koji/set-aside/\${set##*/}
      or_none() { if [ -n "$1" ]; then printf '%s\n' "$1"; else echo "(none)"; fi; }
      mkdir -p -- "$aside/packages" "$aside/repos" "\${file%/*}"
      koji call --json-output listBuilds state=1 | sed -n 's/^ *"nvr": "\(.*\)",*$/\1/p' | sort > "$file.known"
      {
        printf 'The Koji database was restored from %s.\n' "\${set##*/}"
        printf 'Newest moment inside it: %s. What was done on the hub after that moment is lost:\n' "$newest"
        printf 'tags and untags, packages added, permissions, users, tasks and their history, signatures of the builds below.\n'

        printf '\nBuilds finished after it: name-version-release, what became of it, when built, repositories that had it.\n'
        printf 'An imported build is in no tag yet: koji tag-build TAG BUILD. What stays untagged, koji-gc removes in time.\n'
        find "$aside/packages" -mindepth 3 -maxdepth 3 -printf '%P %TY-%Tm-%TdT%TH:%TMZ\n' | sort > "$file.builds"
        while read -r build at; do
          nvr=\${build//'/'/-}
          if grep -qxF -- "$nvr" "$file.known"; then became="imported, untagged"; else became="set aside"; fi
          # It may have been in none.
          had=$(grep -rlF --include=pkglist -- "packages/$build/" "$aside/repos" | sed "s|^$aside/repos/||" | cut -d / -f 1,2 | sort -u || true)
          printf '%s\t%s\t%s\t%s\n' "$nvr" "$became" "$at" "$(tr '\n' ' ' <<< "\${had:--}")"
        done < "$file.builds"
        [ -s "$file.builds" ] || echo "(none)"

        printf '\nBuilds that the database has and the store has not\n'
        or_none "$hollow"
        printf '\nUnder way at that moment, now cancelled\n'
        or_none "$cancelled"
        printf '\nRepositories set aside in %s/repos\n' "$aside"
        or_none "$(find "$aside/repos" -mindepth 2 -maxdepth 2 -printf '%P\n' | sort)"
      } > "$file.new"
      rm -- "$file.known" "$file.builds"
      sync -- "$file.new"
      mv -T -- "$file.new" "$file"
    `,
      verify: sh`
      set=${set}
      file=${file}
      aside=/mnt/koji/set-aside/\${set##*/}
      [ -s "$file" ]
      while read -r build; do
        grep -qF -- "\${build//'/'/-}" "$file"
      done < <(find "$aside/packages" -mindepth 3 -maxdepth 3 -printf '%P\n')
    `,
    });
    return file;
  },
);
