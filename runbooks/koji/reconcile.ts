import { eq, isHost, line, list, name, procedure, sh, text, type Ref } from "../../dsl/index.ts";
import { hongkong, ireland } from "./inventory.ts";
import { deletersAreHeldBack, storeIsMounted } from "./services.ts";

interface Repositories {
  readonly database: Ref<string>;
  readonly set: Ref<string>;
}

/** Takes repositories that the database does not know out of kojira's reach, before there is a hub for it to ask. */
export const reconcileRepositories = procedure(
  "repositories",
  ({ read, change }, { database, set }: Repositories): Ref<string> => {
    const onDisk = read("Repositories on the disk", {
      on: hongkong,
      run: sh`find /mnt/koji/repos -mindepth 2 -maxdepth 2 -type d -name '[0-9]*' -printf '%P\n' | sort`,
      gives: text(),
    });

    const unknown = read("Repositories that the database does not know", {
      on: ireland,
      as: "postgres",
      run: sh`
        disk=${onDisk}
        export PGDATABASE=${database}
        psql -X -q -At -v ON_ERROR_STOP=1 -c 'create temporary table disk (path text)' -c 'copy disk from stdin' -c "
          select path from disk where path <> '' and not exists
            (select from repo r join tag t on t.id = r.tag_id where r.state < 3 and path = t.name || '/' || r.id)
            order by path" <<< "$disk"
      `,
      gives: text(),
    });

    // They are newer than the database. Kept aside, they still tell what was in which tag; new ones are made below.
    change("Set the newer repositories aside", {
      on: hongkong,
      as: "apache",
      effect: "idempotent",
      guard: [isHost(hongkong), storeIsMounted, deletersAreHeldBack],
      run: sh`
        set=${set}
        unknown=${unknown}
        aside=/mnt/koji/set-aside/\${set##*/}/repos
        cd -- /mnt/koji/repos
        while read -r found; do
          if [ -z "$found" ] || [ ! -e "$found" ]; then continue; fi
          mkdir -p -- "$aside/\${found%/*}"
          mv -T -- "$found" "$aside/$found"
        done <<< "$unknown"
        # Where the newest one went, "latest" names the newest that is left.
        for latest in */latest; do
          if [ ! -L "$latest" ] || [ -e "$latest" ]; then continue; fi
          newest=$(find "\${latest%/*}" -mindepth 1 -maxdepth 1 -type d -name '[0-9]*' -printf '%f\n' | sort -n | tail -n 1)
          if [ -n "$newest" ]; then ln -sfn -- "$newest" "$latest"; else rm -- "$latest"; fi
        done
      `,
      verify: sh`
        unknown=${unknown}
        cd -- /mnt/koji/repos
        while read -r found; do
          [ -z "$found" ] || [ ! -e "$found" ]
        done <<< "$unknown"
      `,
    });
    return unknown;
  },
);

interface Build {
  readonly set: Ref<string>;
  /** Its folder below packages: package/version/release. */
  readonly build: Ref<string>;
  readonly decision: Ref<"import" | "set-aside">;
}

/** One build that only the store has. The hub imports nothing over files that are there, not even over the same ones. */
const treatBuild = procedure("build", ({ change, when }, { set, build, decision }: Build) => {
  change("Take it out of the way", {
    on: hongkong,
    as: "apache",
    effect: "idempotent",
    guard: [isHost(hongkong), storeIsMounted],
    run: sh`
      set=${set}
      build=${build}
      from=/mnt/koji/packages/$build
      to=/mnt/koji/set-aside/\${set##*/}/packages/$build
      mkdir -p -- "\${to%/*}"
      # Taken out of the way before, and there again: the rest of an import that was cut short.
      if [ -e "$to" ] && [ -e "$from" ]; then
        rest=/mnt/koji/set-aside/\${set##*/}/cut-short/\${build//'/'/-}.$(date -u +%H%M%S)
        mkdir -p -- "\${rest%/*}"
        mv -T -- "$from" "$rest"
      fi
      # A build on another volume is a link; what it names is what has to move.
      if [ -L "$from" ]; then
        behind=$(readlink -f -- "$from")
        if [ -e "$behind" ]; then mv -T -- "$behind" "$to"; fi
        rm -- "$from"
      elif [ -e "$from" ]; then
        mv -T -- "$from" "$to"
      fi
    `,
    verify: sh`
      set=${set}
      build=${build}
      [ -d "/mnt/koji/set-aside/\${set##*/}/packages/$build" ]
    `,
  });

  when("It is to be imported", eq(decision, "import"), () => {
    // An import that is refused exits with 0 too: what the hub then knows is what counts. A folder without packages, of
    // a build that was never finished, stays set aside.
    change("Import it", {
      on: hongkong,
      effect: "idempotent",
      guard: [isHost(hongkong), storeIsMounted],
      run: sh`
        set=${set}
        build=${build}
        place=/mnt/koji/packages/$build
        cd -- "/mnt/koji/set-aside/\${set##*/}/packages/$build"
        # A file that an import which was cut short has left, without the hub knowing it, is in the way of the next.
        while read -r file; do
          if [ -e "$place/$file" ] && [ "$(koji call getRPM "\${file##*/}")" = None ]; then
            cmp -- "$file" "$place/$file"
            runuser -u apache -- rm -- "$place/$file"
          fi
        done < <(find . -path ./data -prune -o -name '*.rpm' -print)
        find . -path ./data -prune -o -name '*.rpm' -print0 | xargs -0 -r koji import --create-build
      `,
      verify: sh`
        set=${set}
        build=${build}
        cd -- "/mnt/koji/set-aside/\${set##*/}/packages/$build"
        [ -n "$(find . -path ./data -prune -o -name '*.rpm' -print -quit)" ] || exit 0
        # Every file that was set aside is back in its place, byte for byte, and the hub knows its build.
        while read -r file; do
          cmp -s -- "$file" "/mnt/koji/packages/$build/$file"
        done < <(find . -path ./data -prune -o -name '*.rpm' -print)
        koji call --json-output getBuild "\${build//'/'/-}" | grep -qE '^ *"state": 1,?$'
      `,
    });
  });
});

interface Builds {
  readonly set: Ref<string>;
  readonly decision: Ref<"import" | "set-aside">;
}

/** Finds every build that only the store has, and either brings it into the database or takes it out of the way. */
export const reconcileBuilds = procedure("builds", (tools, { set, decision }: Builds): Ref<string> => {
  const { read, confirm, forEach } = tools;
  const orphans = read("Builds that only the store has", {
    on: hongkong,
    run: sh`
      work=$(mktemp -d)
      trap 'rm -r "$work"' EXIT
      export LC_ALL=C
      set=${set}
      # What an earlier attempt took out of the way belongs to them until it is known.
      aside=/mnt/koji/set-aside/\${set##*/}/packages
      mkdir -p -- "$work/none"
      [ -d "$aside" ] || aside=$work/none
      find /mnt/koji/packages "$aside" -mindepth 3 -maxdepth 3 -printf '%P\n' | sort -u > "$work/disk"
      koji call --json-output listBuilds state=1 > "$work/answer"
      sed -En 's|^ *"nvr": "(.*)-([^-]*)-([^-]*)",?$|\1/\2/\3|p' "$work/answer" | sort > "$work/hub"
      comm -23 "$work/disk" "$work/hub"
    `,
    gives: list(line()),
  });

  const hollow = read("Builds that only the database has", {
    on: hongkong,
    run: sh`
      work=$(mktemp -d)
      trap 'rm -r "$work"' EXIT
      export LC_ALL=C
      find /mnt/koji/packages -mindepth 3 -maxdepth 3 -printf '%P\n' | sort > "$work/disk"
      koji call --json-output listBuilds state=1 > "$work/answer"
      sed -En 's|^ *"nvr": "(.*)-([^-]*)-([^-]*)",?$|\1/\2/\3|p' "$work/answer" | sort > "$work/hub"
      comm -13 "$work/disk" "$work/hub"
    `,
    gives: text(),
  });

  confirm("Treat the builds that only the store has as asked", { evidence: [orphans, hollow, decision] });

  // Each is named by its folder: package/version/release.
  forEach("Each build that only the store has", orphans, (build) => treatBuild({ set, build, decision }));
  return hollow;
});

interface Targets {
  readonly database: Ref<string>;
  readonly newest: Ref<number>;
}

/** Builders build in the newest repository of a target's tag, and the newest ones were set aside. */
export const makeRepositories = procedure("repository", ({ read, change, forEach }, { database, newest }: Targets) => {
  const tags = read("Tags that are built in", {
    on: ireland,
    as: "postgres",
    run: sh`
      export PGDATABASE=${database}
      psql -X -At -v ON_ERROR_STOP=1 <<'SQL'
      select distinct t.name from build_target_config c join tag t on t.id = c.build_tag where c.active order by 1;
      SQL
    `,
    gives: list(name()),
  });
  forEach("Each tag that is built in", tags, (tag) => {
    change("Make its repository", {
      on: hongkong,
      effect: "idempotent",
      guard: [isHost(hongkong), storeIsMounted],
      timeout: "2h",
      run: sh`koji regen-repo --make-task --wait ${tag}`,
      verify: sh`
        tag=${tag}
        newest=${newest}
        latest=$(readlink -- "/mnt/koji/repos/$tag/latest")
        if [ "$latest" -le "$newest" ]; then
          printf '%s is number %s, and %s was given out before: sequences are behind the store\n' "$tag" "$latest" "$newest" >&2
          exit 1
        fi
        find "/mnt/koji/repos/$tag/$latest" -name repomd.xml | grep -q .
      `,
    });
  });
});
