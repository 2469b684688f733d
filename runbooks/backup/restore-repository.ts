import {
  holds,
  freeSpace,
  hostOf,
  integer,
  isHost,
  item,
  runbook,
  sh,
  text,
  timestamp,
  tools,
} from "../../dsl/index.ts";
import { hongkong, storeServer } from "../koji/inventory.ts";
import { stopServices } from "../koji/services.ts";
import { chooseCopy } from "./choose-copy.ts";
import { managementServers } from "./management.ts";

/**
 * Bring the repository, /mnt/koji, back from its newest whole copy.
 *
 * Use it when the store's files are gone, or cannot be trusted any more, and the store itself runs with /mnt/koji mounted:
 * on a new, empty file system too. Everything comes back beside what is there, with owners, modes, times and links, and
 * every byte is compared with the manifest before it takes its place. A file that is still there with the size and time of
 * the copy is not fetched but linked, and read like the others: one whose content is another one is fetched after all. What
 * was in the place goes to /mnt/koji/set-aside, and nothing is deleted; `work` and `scratch` stay as they are.
 *
 * Hub and kojira are stopped meanwhile, so that nobody writes between the two. kojira deletes what the hub does not know,
 * and the clean-up of `work` and `scratch` whatever lies there for two weeks, by the times of files and folders: nothing
 * comes back into those two, and the folder of each repository gets a fresh time. So there is a week, before kojira deletes
 * a repository that the hub does not know, to look after it; what is in the folders keeps the time that it had.
 *
 * The copy is older than the database: what was built since is in the database and not in the store, and `kojicheck` says
 * what. Where builders still have it, import it again; otherwise build it again. Keep set-aside until nobody misses
 * anything, then delete it.
 */
export default runbook(
  "restore-repository",
  {
    recovers: ({ server }) => server.repository,
    objective: { rto: "24h", rpo: "24h" },
    needs: ({ server, holder }) => [
      holder,
      hongkong,
      item("root's ssh key on the server, accepted by backup@ the holder"),
      tools(server, "awk", "rsync", "sha256sum"),
    ],
    params: {
      server: hostOf(storeServer, "The server whose repository is lost"),
      holder: hostOf(managementServers, "The host that keeps the copy: iraq, or the server's peer"),
      before: timestamp("Use the newest generation begun before this moment").optional(),
    },
  },
  ({ read, change, confirm, params }) => {
    const { server, holder, before } = params;
    const { looked, generation, newest } = chooseCopy({ on: holder, server, before });

    const contents = read("What is in it", {
      on: holder,
      run: sh`
        server=${server}
        generation=${generation}
        sed -nE '/^entry /q; /^(files|bytes|filesystem|source-altered|both-altered|missing) /p' \
          "/archive/repo-backup/$server-koji-manifest-$generation" | head -n 60
      `,
      gives: text(),
    });

    const state = read("What is there now", {
      on: server,
      timeout: "2h",
      run: sh`
        findmnt -n -o TARGET,SOURCE,FSTYPE,AVAIL --target /mnt/koji | tail -n 1
        for part in packages repos vol; do
          if [ -e "/mnt/koji/$part" ]; then
            printf '%s files in %s\n' "$(find "/mnt/koji/$part" -ignore_readdir_race -type f | wc -l)" "$part"
          else
            printf 'there is no %s\n' "$part"
          fi
        done
      `,
      gives: text(),
    });

    confirm("Bring this copy back", { evidence: [looked, newest, contents, state] });

    stopServices();

    change("Fetch the manifest", {
      on: server,
      effect: "idempotent",
      timeout: "2h",
      guard: [isHost(server), holds("the store is mounted, or its place is there", sh`[ -d /mnt/koji ]`)],
      run: sh`
        umask 077
        export LC_ALL=C
        server=${server}
        holder=${holder}
        generation=${generation}
        work=/var/lib/restore-repository
        mkdir -p -- "$work"
        cd -- "$work"
        rsync -t -- "$holder:repo-backup/$server-koji-manifest-$generation" manifest
        [ "$(sed '/^seal /d' manifest | sha256sum | cut -d ' ' -f 1)" = "$(sed -n 's/^seal //p' manifest)" ]
        sed -n 's/^entry //p' manifest > entries
        # What is not there with the same size and time will be fetched.
        (
          cd -- /mnt/koji
          awk -F '\t' '$2 == "f" { print $1 }' "$OLDPWD/entries" | sed 's|^|./|' | tr '\n' '\0' | {
            xargs -0 -r bash -c 'find "$@" -maxdepth 0 -type f -printf "%p\t%s\t%Ts\n"' find 2> "$OLDPWD/said" ||
              [ "$?" -eq 123 ]
          }
        ) | sed 's|^\./||' | sort > there
        awk -F '\t' '$2 == "f" { print $1 FS $5 FS $6 }' entries | comm -23 - there > absent
        printf '%s\n' "$generation" > fetched
      `,
      verify: sh`
        generation=${generation}
        grep -qxF -- "$generation" /var/lib/restore-repository/fetched
      `,
    });

    const bytes = read("Bytes that are not there", {
      on: server,
      run: sh`awk -F '\t' '{ sum += $2 } END { printf "%.0f\n", sum }' /var/lib/restore-repository/absent`,
      gives: integer(),
    });

    change("Bring the files back beside what is there", {
      on: server,
      effect: "idempotent",
      timeout: "72h",
      guard: [isHost(server), freeSpace("/mnt/koji", { times: 1, of: bytes })],
      run: sh`
        export LC_ALL=C
        server=${server}
        holder=${holder}
        generation=${generation}
        work=/var/lib/restore-repository
        new=/mnt/koji/.restored-repository
        mkdir -p -- "$new"
        rsync -rlt --delete --link-dest=/mnt/koji/ -- "$holder:repo-backup/$server-koji-$generation/" "$new/"

        cd -- "$new"
        # Each file as it was when it was copied; one that is not is fetched, whatever its size and time say.
        differing() {
          tr '\n' '\0' | xargs -0 -r sha256sum --zero -- | tr '\0' '\n' | sed -E 's/^([0-9a-f]{64})  (.*)/\2\t\1/' |
            sort | comm -13 - "$work/sums" > "$work/differing"
        }
        awk -F '\t' '$2 == "f" { print $1 FS $7 }' "$work/entries" > "$work/sums"
        cut -f 1 "$work/sums" | differing
        if [ -s "$work/differing" ]; then
          cut -f 1 "$work/differing" | tr '\n' '\0' | rsync -lt --ignore-times --from0 --files-from=- -- \
            "$holder:repo-backup/$server-koji-$generation/" ./
          mv -- "$work/differing" "$work/sums"
          cut -f 1 "$work/sums" | differing
          if [ -s "$work/differing" ]; then
            printf 'refused: the copy has another content than was sealed; use an older one, or the other holder:\n' >&2
            cut -f 1 "$work/differing" | head -n 20 >&2
            exit 1
          fi
        fi

        # The holder keeps neither owners nor modes. The owner before the mode: a change of the first takes bits of the other.
        awk -F '\t' '{ print $4 }' "$work/entries" | sort -u | while read -r owner; do
          awk -F '\t' -v owner="$owner" '$4 == owner { print $1 }' "$work/entries" | tr '\n' '\0' |
            xargs -0 -r chown -h -- "$owner"
        done
        awk -F '\t' '$2 != "l" { print $3 }' "$work/entries" | sort -u | while read -r mode; do
          awk -F '\t' -v mode="$mode" '$2 != "l" && $3 == mode { print $1 }' "$work/entries" | tr '\n' '\0' |
            xargs -0 -r chmod -- "$mode"
        done
        # kojira goes by the time of a repository's folder.
        for repositories in repos repos-dist; do
          if [ -d "$repositories" ]; then find "$repositories" -mindepth 2 -maxdepth 2 -type d -exec touch -- {} +; fi
        done
        sync -f -- .
        printf '%s\n' "$generation" > "$work/compared"
      `,
      verify: sh`
        export LC_ALL=C
        generation=${generation}
        work=/var/lib/restore-repository
        grep -qxF -- "$generation" "$work/compared"
        cmp -s <(awk -F '\t' '{ print $1 FS $2 FS $3 FS $4 ($2 == "f" ? FS $5 FS $6 FS : $2 == "l" ? FS FS $6 FS $7 : "") }' \
          "$work/entries") \
          <(find /mnt/koji/.restored-repository -mindepth 1 \( -type f -printf '%P\t%y\t%m\t%u:%g\t%s\t%Ts\t\n' \
            -o -type l -printf '%P\t%y\t777\t%u:%g\t\t%Ts\t%l\n' -o -printf '%P\t%y\t%m\t%u:%g\n' \) | sort -t $'\t' -k 1,1)
      `,
    });

    // Folder by folder: /mnt/koji itself stays, and with it what others have mounted. Each is two renames, and where a crash
    // falls between them only the second is left to do.
    change("Switch to it", {
      on: server,
      effect: "idempotent",
      destroys: [server.repository],
      guard: [isHost(server), holds("what came back was compared", sh`[ -e /var/lib/restore-repository/compared ]`)],
      run: sh`
        work=/var/lib/restore-repository
        [ -e "$work/aside" ] || date -u +/mnt/koji/set-aside/repository-%Y-%m-%dT%H-%M-%SZ > "$work/aside"
        aside=$(cat "$work/aside")
        cd -- /mnt/koji
        read -r mode owner < <(sed -n '/^root /{s///p;q}' "$work/manifest")
        chown -- "$owner" .
        chmod -- "$mode" .
        for new in .restored-repository/*; do
          [ -e "$new" ] || [ -L "$new" ] || continue
          name=\${new##*/}
          # Nothing came back into them: what is there is at work.
          case $name in
            work | scratch) [ ! -d "$name" ] || continue ;;
          esac
          if [ -e "$name" ] || [ -L "$name" ]; then
            # The owner's, as all of the store: the hub's recovery puts builds there too, and is no root on this host.
            install -d -o "\${owner%:*}" -g "\${owner#*:}" -- set-aside "$aside"
            mv -T -- "$name" "$aside/$name"
          fi
          mv -T -- "$new" "$name"
        done
        if command -v restorecon > /dev/null; then restorecon -R -- .; fi
        sync -f -- .
        rm -rf -- .restored-repository
      `,
      verify: sh`
        [ ! -e /mnt/koji/.restored-repository ]
        while read -r name; do
          [ -e "/mnt/koji/$name" ]
        done < <(cut -f 1 /var/lib/restore-repository/entries | grep -v /)
      `,
    });

    // A farm without koji-gc has only kojira to let go, and a hub that is lost too has neither.
    change("Let the hub, kojira and koji-gc go", {
      on: hongkong,
      effect: "idempotent",
      guard: [isHost(hongkong)],
      run: sh`
        systemctl unmask httpd.service kojira.service koji-gc.timer koji-gc.service
        for unit in httpd.service kojira.service koji-gc.timer; do
          # What was enabled before is enabled still: masking hides it, and unmasking shows it again.
          [ "$(systemctl is-enabled "$unit" || true)" != enabled ] || systemctl start "$unit"
        done
      `,
      verify: sh`
        for unit in httpd.service kojira.service koji-gc.timer; do
          [ "$(systemctl show --property=LoadState --value "$unit")" != masked ]
          [ "$(systemctl is-enabled "$unit" || true)" != enabled ] || systemctl is-active --quiet "$unit"
        done
      `,
    });

    change("Clear the scratch place", {
      on: server,
      effect: "idempotent",
      run: sh`rm -rf -- /var/lib/restore-repository`,
      verify: sh`[ ! -e /var/lib/restore-repository ]`,
    });
  },
);
