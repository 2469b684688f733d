#!/bin/sh
# Part of supervisor.sh, and of the keeper's: what both tell the runner. An answer is one line and one write, shorter
# than those that a pipe may take apart, so that what several processes tell does not mix.

say() { printf '%s\n' "$*"; }

# How a job ended, after the beginning of its output, 2250 bytes or fewer; the runner asks for the rest.
report() { # N STATUS PATHS-BEGINNING
  send "$1" stdout "$3.out"
  send "$1" stderr "$3.err"
  say exit "$1" "$2"
}

send() { # N STREAM FILE
  [ ! -s "$3" ] || base64 -w 3000 "$3" | sed -e "s/^/data $1 $2 /" -e 1q
}
