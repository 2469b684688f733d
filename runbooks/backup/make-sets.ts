import { procedure, sh, type AnyHost, type Guard, type HostParam, type Ref } from "../../dsl/index.ts";

interface Making {
  readonly on: AnyHost;
  readonly server: HostParam<never>;
  readonly generation: Ref<string>;
  readonly guard: readonly Guard[];
}

/**
 * Makes the sets of a generation in `.making-GENERATION`, each unpacked and compared before it counts. Beside a set that
 * is whole stands its description, what of it goes into the manifest; beside one that is not, why.
 */
export const makeSets = procedure("sets", ({ change }, { on, server, generation, guard }: Making) => {
  change("List what goes into each set", {
    on,
    effect: "idempotent",
    guard,
    run: sh`
      umask 077
      export LC_ALL=C
      server=${server}
      generation=${generation}
      work=/archive/blaze-backup/$server/.making-$generation
      # Also what a run left that was given up: no other works here now.
      rm -rf -- "/archive/blaze-backup/$server"/.making-*
      mkdir -p -- "$work/facts" "$work/paths"
      cd -- "$work"
      date -u +%Y-%m-%dT%H:%M:%SZ > begun
      refuse() { printf 'refused: %s\n' "$1" >&2; exit 1; }

      # A key that is lost must not take the secrets with it.
      [ -e /etc/blaze/recipients ] || refuse 'there is no /etc/blaze/recipients to encrypt the secrets for'
      sed '/^#/d; /^$/d' /etc/blaze/recipients | sort -u > recipients
      [ "$(wc -l < recipients)" -ge 2 ] || refuse '/etc/blaze/recipients names fewer than two recipients'
      awkward=$(find /etc /var/spool/cron /usr/local/bin -name $'*\n*' -print -quit)
      [ -z "$awkward" ] || refuse "there is a line break in a file's name: $awkward"

      if command -v dpkg-query > /dev/null; then
        dpkg-query -W -f='\${Package} \${Version} \${Architecture} \${Status}\n' > facts/packages
      else
        rpm -qa --queryformat '%{NEVRA}\n' | sort > facts/packages
      fi
      if [ -d /sys/fs/selinux ] && command -v selinuxenabled > /dev/null && selinuxenabled; then
        { semanage export; find /etc /var/spool/cron /usr/local/bin -printf 'label %Z %p\n'; } > facts/labels
      else
        printf 'there are none: SELinux is not enabled on %s\n' "$server" > facts/labels
      fi

      cd /
      : > "$work/paths/ca"
      if [ -e etc/pki/koji/private/koji_ca_cert.key ]; then find etc/pki/koji ! -type s > "$work/paths/ca"; fi
      {
        printf '%s\n' '/etc/*shadow*' '/etc/ssh/ssh_host_*_key'
        if [ -e /etc/blaze/secrets ]; then sed '/^#/d; /^$/d' /etc/blaze/secrets; fi
      } > "$work/marks"
      while read -r mark; do
        # A mark that nothing bears is no mistake: the same file of marks serves several servers.
        found=$(compgen -G "$mark" || true)
        while read -r path; do
          # Where a link is marked, what it points to is meant; one that points nowhere hides nothing.
          path=$(realpath -e -- "$path" 2> /dev/null) || continue
          find "\${path#/}" -type f
        done <<< "$found"
      done < "$work/marks" > "$work/marked"
      # A private key needs no mark. Status 2 is a file that went away meanwhile.
      find etc var/spool/cron usr/local/bin -type f -print0 | xargs -0 -r bash -c \
        'grep -lE -e "^-----BEGIN ([A-Z]+ )*PRIVATE KEY-----" -- "$@" || [ "$?" -le 2 ]' grep >> "$work/marked"
      # What a recovery set aside, or left half way, is no part of the server, and may hold what was sealed in its own place.
      parts() { grep -vE '[.]before-[0-9]{4}(-[0-9]{2}){2}T[0-9]{2}(-[0-9]{2}){2}Z(/|$)|(^|/)[.](koji-)?restored(-|/|$)'; }
      sort -u "$work/marked" | parts | grep -vxF -f "$work/paths/ca" > "$work/paths/secrets"
      cat "$work/paths/ca" "$work/paths/secrets" > "$work/apart"
      open() { find "$1" ! -type s | parts | grep -vxF -f "$work/apart"; }
      open etc > "$work/paths/etc"
      open var/spool/cron > "$work/paths/cron"
      open usr/local/bin > "$work/paths/userlocalbin"
      for fact in packages labels; do echo "$fact" > "$work/paths/$fact"; done
      [ -s "$work/paths/ca" ] || rm -- "$work/paths/ca"
    `,
    verify: sh`
      server=${server}
      generation=${generation}
      cd -- "/archive/blaze-backup/$server/.making-$generation"
      [ -s begun ]
      for set in etc cron userlocalbin packages labels secrets; do [ -s "paths/$set" ]; done
    `,
  });

  // A set is compared three times: the server before and after it was read, which shows what changed meanwhile, and what
  // came out of the archive. The exit status of a program says nothing about what it wrote.
  change("Make each set, and prove it", {
    on,
    effect: "idempotent",
    timeout: "2h",
    guard,
    run: sh`
      umask 077
      export LC_ALL=C TZ=UTC
      server=${server}
      generation=${generation}
      work=/archive/blaze-backup/$server/.making-$generation
      cd -- "$work"
      rm -rf -- made
      mkdir -- made
      # In memory: what comes out of a sealed set never lies on a disk outside its own place.
      scratch=$(mktemp -d /run/blaze.XXXXXX)
      trap 'rm -rf -- "$scratch"' EXIT

      # All that is known of the files named on stdin, in the present folder. Not the contents of secrets: the digest of a
      # short one gives it away. And not a folder's time: a file that came since the list was made is in the next set.
      describe() {
        sort > "$scratch/paths"
        tr '\n' '\0' < "$scratch/paths" | xargs -0 -r bash -c 'find "$@" -maxdepth 0 \
          \( -type f -printf "entry %y %m %u:%g %s %T@ %p\n" -o -type l -printf "entry %y 777 %u:%g 0 %T@ %p -> %l\n" \
          -o -printf "entry %y %m %u:%g 0 - %p\n" \)' find
        tr '\n' '\0' < "$scratch/paths" | xargs -0 -r getfacl -P --skip-base --absolute-names --no-effective -- |
          sed '/^$/d; s/^/acl /'
        tr '\n' '\0' < "$scratch/paths" | xargs -0 -r getfattr -h --absolute-names -d -e hex -m '^(user|security)[.]' -- |
          sed '/^$/d; s/^/xattr /'
        if [ "$1" = open ]; then
          tr '\n' '\0' < "$scratch/paths" |
            xargs -0 -r bash -c 'find "$@" -maxdepth 0 -type f -exec sha256sum {} +' find | sed 's/^/sum /'
        fi
      }

      pack() { tar --create --format=posix --acls --xattrs --xattrs-include='*' --no-recursion --files-from="$1" | bzip2; }
      unpack() { bzip2 -d | tar --extract --preserve-permissions --same-owner --acls --xattrs --xattrs-include='*'; }
      same() { cmp -s -- "$1" "$2" || { diff -- "$1" "$2" | sed -n "s/^[<>]/$3:/p" | head -n 3 >&2; exit 1; }; }

      make() {
        local set=$1 base=/ kind=open unpacked=$work/unpacked file=$work/made/$server-$1-$generation.tar.bz2
        case $set in
          packages | labels) base=$work/facts ;;
          secrets | ca) kind=sealed unpacked=$scratch/unpacked ;;
        esac
        rm -rf -- "$work/unpacked" "$scratch/unpacked"
        mkdir -- "$unpacked"
        cd -- "$base"
        describe "$kind" < "$work/paths/$set" > "$scratch/before"
        if [ "$kind" = open ]; then
          pack "$work/paths/$set" > "$file"
        else
          # A key that is made for the proof alone, and forgotten: nobody who could open a set need be here to prove it.
          key=$(age-keygen 2> /dev/null)
          file+=.age
          pack "$work/paths/$set" | age -R "$work/recipients" -r "$(age-keygen -y <<< "$key")" > "$file"
        fi
        describe "$kind" < "$work/paths/$set" > "$scratch/after"
        same "$scratch/before" "$scratch/after" 'it changed while it was read'

        cd -- "$unpacked"
        if [ "$kind" = open ]; then unpack < "$file"; else age -d -i <(printf '%s\n' "$key") -- "$file" | unpack; fi
        describe "$kind" < "$work/paths/$set" > "$scratch/out"
        same "$scratch/before" "$scratch/out" 'what comes out of it is not what went in'
        [ "$(find . -mindepth 1 | wc -l)" -ge "$(wc -l < "$work/paths/$set")" ]
        sync -- "$file"
        sed "s/^[a-z]*/& $set/" "$scratch/before" > "$work/made/$set.description"
        printf '%s\n' "\${file##*/}" > "$work/made/$set.file"
      }

      # Each by itself: one that cannot be made keeps no other from being made.
      for list in paths/*; do
        set=\${list##*/}
        set +e
        ( set -euo pipefail; make "$set" ) 2> "made/$set.said"
        status=$?
        set -e
        if [ "$status" -ne 0 ]; then
          printf '%s\n' "$(head -n 1 "made/$set.said"), exit status $status" > "made/$set.missing"
          rm -f -- "made/$server-$set-$generation".*
          printf '%s is not whole: ' "$set" >&2
          cat -- "made/$set.said" >&2
        fi
      done
      rm -rf -- unpacked
      date -u +%Y-%m-%dT%H:%M:%SZ > finished
    `,
    verify: sh`
      server=${server}
      generation=${generation}
      cd -- "/archive/blaze-backup/$server/.making-$generation"
      [ -s finished ]
      for list in paths/*; do [ -s "made/\${list##*/}.file" ] || [ -s "made/\${list##*/}.missing" ]; done
    `,
  });
});
