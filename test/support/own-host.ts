import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Where a supervisor keeps its files. */
const supervised = ["/var/lib/drillbook", "/run/drillbook"];

/**
 * What a login runs, for sshd's ForceCommand: the supervisor's folders become private ones of the address that was
 * connected to, `host-ADDRESS-0` and `-1` in a folder, so that each address is a host of its own and nobody sees another's
 * locks. With a file `machine-id` in that folder, it is another machine.
 * @param only logins whose command has this word; all where left out
 */
export function ownHost(folder: string, only = ""): string {
  const file = join(folder, "login");
  for (const index of supervised.keys()) mkdirSync(join(folder, `host-127.0.0.1-${index}`));
  const places = supervised.map(
    (place, index) => `mkdir -p "$own-${index}" ${place}; mount --bind "$own-${index}" ${place}`,
  );
  const other = join(folder, "machine-id");
  places.push(`[ ! -e ${other} ] || mount --bind ${other} /etc/machine-id`);
  const inside = `${places.join("; ")}; exec /bin/sh -c "$SSH_ORIGINAL_COMMAND"`;
  const others = `case $SSH_ORIGINAL_COMMAND in *${only}*) ;; *) exec /bin/sh -c "$SSH_ORIGINAL_COMMAND" ;; esac`;
  const own = `set -- $SSH_CONNECTION; own=${folder}/host-$3; export own`;
  writeFileSync(
    file,
    `#!/bin/sh\n${others}\n${own}\nexec unshare --mount --propagation private /bin/sh -c '${inside}'\n`,
  );
  chmodSync(file, 0o755);
  return file;
}
