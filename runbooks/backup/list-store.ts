import {
  holds,
  integer,
  isHost,
  procedure,
  sh,
  text,
  type AnyHost,
  type HostParam,
  type Ref,
} from "../../dsl/index.ts";

interface Listing {
  readonly on: AnyHost;
  readonly server: HostParam<never>;
  readonly holder: HostParam<never>;
  readonly generation: Ref<string>;
  /** The generation before, where there is one. */
  readonly held: Ref<string | undefined>;
}

/**
 * Lists a store in /var/lib/copy-repository, and what of it is new, altered, unchanged or gone since the generation that
 * the holder has. A line of a list is path, type, mode, owner, size, time and, where it is known, the target of a link or
 * the digest of a file, with tabs between them.
 */
export const listStore = procedure("list", ({ read, change }, { on, server, holder, generation, held }: Listing) => {
  change("List the store", {
    on,
    effect: "idempotent",
    timeout: "2h",
    guard: [
      isHost(on),
      holds(
        "the store is mounted: it has packages",
        sh`[ -n "$(find /mnt/koji/packages -mindepth 1 -maxdepth 1 -print -quit)" ]`,
      ),
    ],
    run: sh`
      umask 077
      export LC_ALL=C
      server=${server}
      holder=${holder}
      generation=${generation}
      held=${held}
      work=/var/lib/copy-repository
      rm -rf -- "$work"
      mkdir -p -- "$work"
      cd -- "$work"
      read -r type uuid < <(findmnt -n -o FSTYPE,UUID --target /mnt/koji | tail -n 1)
      printf '%s %s\n' "$type" "\${uuid:--}" > filesystem
      stat -c '%a %U:%G' /mnt/koji > root

      # Not what a recovery set aside; of work and scratch the folders alone. Builders go on meanwhile.
      (
        cd -- /mnt/koji
        find . -ignore_readdir_race -mindepth 1 \
          \( -path ./set-aside -o -path './.restored-*' -o -path './lost+found' -o -path './work/*' -o -path './scratch/*' \) \
          -prune -o -type f -printf '%P\t%y\t%m\t%u:%g\t%s\t%Ts\t\n' -o -type l -printf '%P\t%y\t777\t%u:%g\t0\t%Ts\t%l\n' \
          -o -type d -printf '%P\t%y\t%m\t%u:%g\t0\t%Ts\t\n'
      ) | sort -t $'\t' -k 1,1 > now
      awkward=$(awk -F '\t' 'NF != 7' now | head -n 1)
      [ -z "$awkward" ] || { printf 'refused: there is a tab or a line break in a name: %s\n' "$awkward" >&2; exit 1; }

      : > earlier
      if [ -n "$held" ]; then
        rsync -t -- "$holder:repo-backup/$server-koji-manifest-$held" previous
        [ "$(sed '/^seal /d' previous | sha256sum | cut -d ' ' -f 1)" = "$(sed -n 's/^seal //p' previous)" ]
        sed -n 's/^entry //p' previous > earlier
      fi
      touch new altered unchanged
      join -t $'\t' -a 2 -e - -o 0,2.2,2.5,2.6,2.7,1.2,1.5,1.6,1.7 earlier now | awk -F '\t' '
        $2 == "d" { next }
        $6 == "-" { print $1 > "new"; next }
        $2 != $6 || $2 == "f" && ($3 != $7 || $4 != $8) || $2 == "l" && $5 != $9 { print $1 > "altered"; next }
        $2 == "f" { print $1 FS $9 > "unchanged" }'
      # A repository that went while its tag has another is kojira at work.
      awk -F '\t' '
        FNR == NR {
          if ($2 == "d" && $1 ~ /^repos(-dist)?\/[^\/]+\/[^\/]+$/) {
            there[$1]
            sub(/\/[^\/]+$/, "", $1)
            served[$1]
          }
          next
        }
        $2 == "d" { next }
        split($1, part, "/") > 3 && part[1] ~ /^repos(-dist)?$/ && (part[1] "/" part[2]) in served &&
          !((part[1] "/" part[2] "/" part[3]) in there) { next }
        { print $1 }' now <(join -t $'\t' -v 1 earlier now) > gone
      printf '%s\n' "$generation" > listed
    `,
    verify: sh`
      generation=${generation}
      grep -qxF -- "$generation" /var/lib/copy-repository/listed
    `,
  });

  const changes = read("Files gone or altered since then", {
    on,
    run: sh`
      cd -- /var/lib/copy-repository
      # Which repository of a tag is the latest changes with every new one.
      grep -vE '^repos(-dist)?/[^/]+/[^/]+$' altered > counted || true
      printf 'gone %s, altered %s, new %s, of the %s entries that the holder has\n' "$(wc -l < gone)" \
        "$(wc -l < counted)" "$(wc -l < new)" "$(wc -l < earlier)"
      if [ -e previous ]; then
        before=$(sed -n '/^filesystem /{s///p;q}' previous)
        [ "$(cat filesystem)" = "$before" ] ||
          printf 'the store lies on another file system: %s, and the copy before was made of %s\n' "$(cat filesystem)" "$before"
      fi
      sed 's/^/gone /' gone | head -n 40
      sed 's/^/altered /' counted | head -n 40
    `,
    gives: text(),
  });

  const bytes = read("Bytes that are new or altered", {
    on,
    run: sh`
      export LC_ALL=C
      cd -- /var/lib/copy-repository
      sort new altered | join -t $'\t' -o 2.5 - now | awk '{ sum += $1 } END { printf "%.0f\n", sum }'
    `,
    gives: integer(),
  });

  return { changes, bytes };
});
