#!/bin/sh
# Part of supervisor.sh: the host's lock. flock tells whether its holder lives; a claim outlives holder and machine.
# shellcheck disable=SC2034,SC2154 # the parts share their variables

# Sets $holder: run, who, since and runbook of the claim, or a dash for each; $holder_run: the first of them.
read_claim() {
  holder='- - - -'
  for each in "$live/claim" "$state/claim"; do
    first_line "$each"
    [ "$line" = - ] || holder=$line
  done
  holder_run=${holder%% *}
}

# One supervisor at a time asks for the lock, or gives it back: whoever finds it taken finds the claim that belongs to it,
# and does not take the look of a third one for a holder. A turn that does not come is not waited for: the lock holds.
in_turn() { # WORD…
  exec 9>>"$live/turn"
  flock -w 10 9
  "$@"
  flock -u 9
  exec 9>&-
}

lock() { # N RUN WHO SINCE RUNBOOK
  exec 8>>"$live/lock"
  if ! flock -n 8; then
    read_claim
    # A run takes its lock over from its own supervisor, whose connection was lost and which has not noticed yet.
    case $holder in "$2 $3 "*) read -r other other_began <"$live/holder" ;; *) other= ;; esac
    if [ -z "$other" ] || ! alive "$other" "$other_began" || ! kill -KILL "$other" || ! flock -w 5 8; then
      exec 8>&-
      say held "$1" alive "$holder"
      return
    fi
    sweep
  fi
  read_claim
  if [ "$holder_run" != - ] && [ "$holder_run" != "$2" ]; then
    exec 8>&-
    say held "$1" stale "$holder"
    return
  fi
  # The run was resumed and ended since its runner said hello, and nobody is left to give the host back.
  first_line "$spool/ended"
  if [ "$line" != "$ended" ]; then
    exec 8>&-
    say refused "$1" ended
    return
  fi
  locked=yes
  printf '%s %s\n' "$$" "$me_began" >"$live/holder"
  for each in "$state/claim" "$live/claim"; do
    ! { printf '%s %s %s %s\n' "$2" "$3" "$4" "$5" >"$each.$$" && sync "$each.$$" && mv "$each.$$" "$each"; } || break
  done 2>/dev/null
  rm -f "$spool/ended"
  ended=-
  prune &
  say ok "$1"
}

unlock() { # N RUN
  if [ -z "$locked" ]; then
    exec 8>>"$live/lock"
    if ! flock -n 8; then
      exec 8>&-
      read_claim
      say held "$1" alive "$holder"
      return
    fi
    # Another run gives this one's claim up: not while a command of it still works here, though its runner is gone.
    if still_works "$2"; then
      exec 8>&-
      read_claim
      say held "$1" alive "$holder"
      return
    fi
  fi
  read_claim
  answer="held $1 stale $holder"
  if [ "$holder_run" = - ] || [ "$holder_run" = "$2" ]; then
    rm -f "$state/claim" "$live/claim"
    # Each end is told from every other: by whoever gave the host back, and for which request.
    [ ! -d "$state/runs/$2" ] || printf '%s\n' "$boot.$$.$me_began.$1" >"$state/runs/$2/ended"
    first_line "$spool/ended" && ended=$line
    answer="ok $1"
  fi
  # What was forked a moment ago and still has the descriptor must not hold it either.
  flock -u 8
  exec 8>&-
  locked=
  say "$answer"
}

# Whether a command that RUN has sent still runs.
still_works() { # RUN
  for at in "$state/runs/$1"/*.record "$live/runs/$1"/*.record; do
    at=${at%.record}
    ! is_kept || return 0
  done
  return 1
}

# Removes what finished runs left: all but the last twenty, and whatever is older than thirty days.
prune() {
  leave
  kept=0
  touch -d '30 days ago' "$session/month"
  # shellcheck disable=SC2012,SC3013 # names of runs have no line breaks; dash, bash and busybox know -nt
  ls -t "$state"/runs/*/ended 2>/dev/null | while read -r mark; do
    kept=$((kept + 1))
    if [ "$kept" -gt 20 ] || [ "$session/month" -nt "$mark" ]; then rm -rf "${mark%/ended}"; fi
  done
}
