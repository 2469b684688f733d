import { holds, hostOf, isHost, item, name, runbook, secret, sh, text, timestamp, tools } from "../../dsl/index.ts";
import { hub, iraq } from "../koji/inventory.ts";
import { chooseGeneration } from "./choose-generation.ts";

/** The private half of one of the recipients, as age-keygen wrote it: the daily key, or the one in escrow. */
const key = secret("age-key");

/**
 * Bring the farm's certificate authority back, with nothing but a key from the escrow.
 *
 * Use it when `/etc/pki/koji` is lost or cannot be trusted. It comes back whole: key, certificate, list of
 * what was issued, serial number, list of what was revoked, settings. The key that opens the set is read from
 * stdin and is written nowhere.
 *
 * What was issued after the set was made is not in its list: those certificates go on working, but their numbers would be
 * given out again. So the serial number is moved on, far past any that can have been issued since.
 */
export default runbook(
  "recover-authority",
  {
    recovers: ({ server }) => server["certificate-authority"],
    objective: { rto: "1h", rpo: "24h" },
    needs: ({ server }) => [
      iraq.archive,
      item("the private half of one of the recipients of the server's sealed sets: the escrow's copy will do"),
      item("root's ssh key on the server, accepted by backup@iraq"),
      tools(server, "age", "bzip2", "openssl", "rsync", "sha256sum", "tar"),
    ],
    params: {
      server: hostOf(hub, "The host of the authority"),
      before: timestamp("Use the newest generation begun before this moment").optional(),
    },
  },
  ({ read, change, confirm, params }) => {
    const { server, before } = params;
    const set = read("Set that holds an authority", { on: iraq, run: sh`echo ca`, gives: name() });
    const { looked, generation } = chooseGeneration({ on: iraq, server, set, before });

    const state = read("What is there now", {
      on: server,
      run: sh`
        if [ -e /etc/pki/koji/index.txt ]; then
          printf '%s certificates issued, the next is number %s\n' "$(wc -l < /etc/pki/koji/index.txt)" \
            "$(cat /etc/pki/koji/serial)"
        else
          echo 'there is no authority in /etc/pki/koji'
        fi
      `,
      gives: text(),
    });

    confirm("Put this authority in its place", { evidence: [looked, state] });

    change("Fetch the set", {
      on: server,
      effect: "idempotent",
      guard: [isHost(server)],
      run: sh`
        umask 077
        server=${server}
        generation=${generation}
        scratch=/var/lib/recover-authority
        rm -rf -- "$scratch"
        mkdir -p -- "$scratch"
        cd -- "$scratch"
        rsync -t -- "iraq:blaze-backup/$server/$server-manifest-$generation" manifest
        read -r _ _ file _ < <(grep '^set ca ' manifest)
        rsync -t -- "iraq:blaze-backup/$server/$file" set.age
      `,
      verify: sh`
        generation=${generation}
        cd -- /var/lib/recover-authority
        grep -qxF -- "generation $generation" manifest
        read -r _ _ _ _ digest _ < <(grep '^set ca ' manifest)
        [ "$(sha256sum < set.age | cut -d ' ' -f 1)" = "$digest" ]
      `,
    });

    // Beside its place, on the same disk. age says itself whether a byte of it was altered.
    change("Open the set beside the authority's place", {
      on: server,
      effect: "idempotent",
      stdin: key,
      guard: [isHost(server)],
      run: sh`
        umask 077
        export LC_ALL=C
        new=/etc/pki/.koji-restored
        rm -rf -- "$new"
        mkdir -p -- "$new"
        cd -- "$new"
        age --decrypt --identity - /var/lib/recover-authority/set.age |
          tar --extract --bzip2 --preserve-permissions --same-owner --acls --xattrs --xattrs-include='*'
        # As many entries as the manifest says, and the key is the certificate's own.
        [ "$(find etc/pki/koji | wc -l)" = "$(grep -c '^entry ca ' /var/lib/recover-authority/manifest)" ]
        public=$(openssl x509 -in etc/pki/koji/koji_ca_cert.crt -noout -pubkey)
        [ "$public" = "$(openssl pkey -in etc/pki/koji/private/koji_ca_cert.key -pubout)" ]
        # 4096 further on: more than can have been issued since, and in the form that openssl reads, an even number of digits.
        serial=$(cat etc/pki/koji/serial)
        [ "\${#serial}" -lt 16 ] || { echo "refused: $serial is too long to be moved on here" >&2; exit 1; }
        serial=$(printf '%X' "$((16#$serial + 4096))")
        [ "$((\${#serial} % 2))" -eq 0 ] || serial=0$serial
        printf '%s\n' "$serial" > etc/pki/koji/serial
        sync -f -- "$new"
        touch "$new/opened"
      `,
      verify: sh`[ -e /etc/pki/.koji-restored/opened ]`,
    });

    change("Put the authority in its place", {
      on: server,
      effect: "idempotent",
      destroys: [server["certificate-authority"]],
      guard: [isHost(server), holds("the set was opened beside its place", sh`[ -e /etc/pki/.koji-restored/opened ]`)],
      // Two renames: where a crash falls between them, only the second is left to do.
      run: sh`
        cd /etc/pki
        if [ -e .koji-restored/etc/pki/koji ]; then
          if [ -e koji ]; then mv -T -- koji "koji.before-$(date -u +%Y-%m-%dT%H-%M-%SZ)"; fi
          mv -T -- .koji-restored/etc/pki/koji koji
        fi
        if command -v restorecon > /dev/null; then restorecon -R koji; fi
        sync -f koji
      `,
      verify: sh`
        cd /etc/pki
        [ ! -e .koji-restored/etc/pki/koji ]
        [ -s koji/private/koji_ca_cert.key ]
        # Every certificate that it has issued is still its own, those that have run out too.
        for certificate in koji/certs/*.pem; do
          openssl verify -no_check_time -CAfile koji/koji_ca_cert.crt "$certificate" > /dev/null
        done
      `,
    });

    change("Clear what was fetched", {
      on: server,
      effect: "idempotent",
      run: sh`rm -rf -- /var/lib/recover-authority /etc/pki/.koji-restored`,
      verify: sh`[ ! -e /var/lib/recover-authority ] && [ ! -e /etc/pki/.koji-restored ]`,
    });
  },
);
