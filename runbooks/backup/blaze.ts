import { freeSpace, holds, hostOf, integer, isHost, item, name, runbook, sh, text, tools } from "../../dsl/index.ts";
import { escrow } from "../koji/inventory.ts";
import { managementServers } from "./management.ts";
import { makeSets } from "./make-sets.ts";
import { nameGeneration } from "./name-generation.ts";

/**
 * Make a backup of what makes a management server what it is, and prove it before it gets its name.
 *
 * One run makes one generation: the sets `etc`, `cron` and `userlocalbin`, the list of packages, the SELinux labels (or
 * the note that there are none), the files that are marked as secret, and the certificate authority where the server has
 * one. They lie in `/archive/blaze-backup/HOST/` under the names they always had, `HOST-SET-Mon-DD-YYYY.tar.bz2`, beside
 * their manifest. Each is read back, unpacked and compared with the server before it gets its name: a set that has its
 * name is whole. One that is not, because a file changed under it or there was no room, is left out, and the manifest
 * says why; the others are kept. The run tells of it, and `check-sets` is red until there is a whole one again.
 *
 * Secrets never lie in a set that anyone can read: what `/etc/blaze/secrets` names, a pattern a line, and what is secret
 * on every server (private keys, `shadow`) is encrypted with age for all recipients in `/etc/blaze/recipients`, which must
 * be at least two: the key in daily use, and the one in escrow. What a recovery set aside is in no set.
 *
 * The database is no part of it: `back-up-database` makes ireland's `pgdump`.
 */
export default runbook(
  "blaze",
  {
    backsUp: ({ server }) => server.configuration,
    keeps: ({ server }) => [server],
    opens: escrow,
    objective: { rto: "1h", rpo: "24h" },
    needs: ({ server }) => [
      server,
      item("/etc/blaze/recipients on the server: the public keys, one a line, of at least two age identities"),
      tools(server, "age", "age-keygen", "bzip2", "getfacl", "getfattr", "sha256sum", "tar"),
    ],
    params: {
      server: hostOf(managementServers, "The server whose sets are made"),
    },
  },
  ({ read, params }) => {
    const { server } = params;

    // The farm's name for a day; where it is taken already, the time of day goes with it. What finds sets by the old names
    // finds each day's first.
    const generation = read("Name of the generation", {
      on: server,
      run: sh`
        server=${server}
        IFS=' ' read -r day time < <(LC_ALL=C date -u '+%b-%d-%Y %H%M%SZ')
        if [ -e "/archive/blaze-backup/$server/$server-manifest-$day" ]; then day+=.$time; fi
        printf '%s\n' "$day"
      `,
      gives: name(),
    });

    const bytes = read("Size of what is backed up", {
      on: server,
      run: sh`du -scB1 /etc /var/spool/cron /usr/local/bin | tail -n 1 | cut -f 1`,
      gives: integer(),
    });

    makeSets({
      on: server,
      server,
      generation,
      guard: [
        isHost(server),
        holds("/archive is mounted: it has its place for sets", sh`[ -d /archive/blaze-backup ]`),
        freeSpace("/archive", { times: 3, of: bytes }),
      ],
    });
    nameGeneration({ on: server, server, generation });

    // It ends well with one that is not: what holds the server until somebody comes would be in the next night's way.
    read("Which sets are whole", {
      on: server,
      run: sh`
        server=${server}
        generation=${generation}
        manifest=/archive/blaze-backup/$server/$server-manifest-$generation
        # What is missing comes first: a line of it is all that a terminal shows.
        sed -n '/^missing /p' "$manifest"
        sed -nE 's/^set ([a-z]+) .*/whole \1/p' "$manifest"
      `,
      gives: text(),
    });
  },
);
