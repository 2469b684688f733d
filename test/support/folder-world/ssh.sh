#!/bin/sh
# Stands where ssh is looked up by the operators of a folder world: the one machine of that world is this one, with the
# world's folders over /srv, /var/lib and /run. What follows `--` is the host, then the command.
set -eu

if [ "$1" = inside ]; then
  for folder in srv var/lib run; do mount --bind "$FOLDER_WORLD/$folder" "/$folder"; done
  exec sh -c "$2"
fi

while [ "$1" != -- ]; do shift; done
exec unshare --mount "$0" inside "$3"
