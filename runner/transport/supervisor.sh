#!/bin/sh
# The far end of a connection: one process a host. It reads requests and writes answers, one line each (protocol.ts),
# until its stdin ends. Every job has a keeper, a forked copy of this shell that waits for it and tells how it ended.
# A detached job and its keeper go on when the connection is gone: its claim, output and exit are files on this host.
#
#   $1  state folder, kept over a reboot:  claim, runs/<run>/boot, runs/<run>/<token>.{record,out,err}
#   $2  live folder, empty after a reboot: lock, turn, holder, session.<pid>.<start>/, and runs/ where $1 takes no data
#
# A process is known by its pid and by when it began: a pid alone comes back. What is done with jobs and with the host's
# lock is in supervisor-jobs.sh and supervisor-lock.sh, which supervisor-text.ts puts before this.
# shellcheck disable=SC2034,SC2154 # the parts share their variables
set -u
umask 077
cd / && unset OLDPWD
state=$1
live=$2
locked=
run_ready=

# when PID: sets $began to when that process began, in ticks since boot; fails when it is gone, or only a zombie.
when() {
  began=
  read -r _ _ condition _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ began _ 2>/dev/null <"/proc/$1/stat" || return 1
  [ "$condition" != Z ]
}

alive() { when "$1" && [ "$began" = "$2" ]; }

# first_line FILE: sets $line, to - where there is nothing to read.
first_line() { read -r line 2>/dev/null <"$1" && [ -n "$line" ] || line=-; }

# What runs beside the supervisor must hold neither its lock nor its end of a FIFO. A redirection of the call would keep
# copies of the descriptors.
leave() { exec 5>&- 8>&- 9>&-; }

# --- who this machine is, and what it can do ---

identity() { # ANSWER N
  first_line /proc/sys/kernel/hostname && hostname=$line
  first_line /etc/machine-id && machine=$line
  first_line /proc/sys/kernel/random/boot_id && boot=$line
  say "$1" "$2" 1 "$hostname" "$machine" "$boot" "$me" "${degraded:--}"
}

hello() { # N VERSION MODE RUN
  if [ "$2" != 1 ]; then
    say refused "$1" version
    exit 1
  fi
  mode=$3
  spool=$state/runs/$4
  spare=$live/runs/$4
  when "$$"
  me_began=$began
  session=$live/session.$$.$began
  me=$(id -un)
  if ! problem=$(mkdir -p "$session" 2>&1); then
    if [ "$me" = root ]; then say refused "$1" live "$problem"; else say refused "$1" account "$me"; fi
    exit 1
  fi
  first_line "$spool/ended" && ended=$line
  sweep
  eval "my_home=~$me"
  locale=C
  [ -n "$(LC_ALL=C.UTF-8 bash --noprofile --norc -c : 2>&1)" ] || locale=C.UTF-8
  degraded=
  [ "$mode" = plan ] || degraded=$(state_problem)
  start_keeper
  identity hello "$1"
}

# Prints why the state folder takes no data, in one line; nothing where it does.
state_problem() {
  probe=$state/probe.$$
  {
    mkdir -p "$state/runs" && printf '%4096s' '' >"$probe" && rm -f "$probe" || echo "$state takes no data"
  } 2>&1 | head -n 1
}

# Clears up after supervisors that are gone.
sweep() {
  for other in "$live"/session.*; do
    owner=${other##*/session.}
    alive "${owner%.*}" "${owner#*.}" || end_session "$other"
  done
}

# Ends the inline jobs of a session, and removes its folder.
end_session() { # FOLDER
  ending=
  for at in "$1"/*.inline; do
    [ -e "$at" ] || continue
    at=${at%.inline}
    [ -s "$at.record" ] || sleep 0.1
    read_record
    if [ -n "$child" ] && alive "$child" "$child_began" && kill -TERM "-$child" 2>/dev/null; then
      ending="$ending -$child"
    fi
  done
  [ -z "$ending" ] || sleep 0.3
  for child in $ending; do kill -KILL "$child" 2>/dev/null; done
  rm -rf "$1"
}

# --- the conversation ---

while IFS=' ' read -r request n a b c d e f; do
  # dash forgets workers that have ended only when asked about them.
  jobs >/dev/null
  case $request in
    hello) hello "$n" "$a" "$b" "$c" ;;
    identify) identity identity "$n" ;;
    exec) execute "$n" "$a" "$b" "$c" "$d" "$e" "$f" ;;
    attach) attend "$n" "$a" & ;;
    status) look "$a" && say state "$n" "$found" ;;
    doubt) doubt "$n" "$a" "$b" & ;;
    output) output "$n" "$a" "$b" "$c" "$d" & ;;
    cancel) cancel "$n" "$a" "$b" & ;;
    free) free "$a $b $c $d $e $f" && say ok "$n" ;;
    lock | unlock)
      if [ "$mode" = plan ]; then
        say refused "$n" plan
      else
        in_turn "$request" "$n" "$a" "$b" "$c" "$d"
      fi
      ;;
    bye) break ;;
    *) say refused "$n" request ;;
  esac
done
[ -z "${session-}" ] || end_session "$session"
# What was forked a moment ago and still has the descriptor must not hold the host for one that is gone.
[ -z "$locked" ] || flock -u 8
[ "${request-}" != bye ] || say bye "$n"
