#!/bin/sh
# Part of supervisor.sh: how a job is claimed, kept, watched and ended.
# shellcheck disable=SC2034,SC2154 # the parts share their variables

# Runs a job in bash: its text, then names and values in turn, NUL-terminated on fd 3. A value never becomes text.
# shellcheck disable=SC2016 # it is bash that expands it
start='mapfile -d "" -t -u 3 _job; exec 3<&-; ((${#_job[@]} % 2)) || exit 125; set -- "${_job[@]:1}"; while (($#)); do printf -v "$1" %s "$2"; shift 2; done; set -- "${_job[0]}"; unset _job; set -euo pipefail; eval "set --;$1"'

# place KIND NAME: sets $at, what the paths of a job's files begin with. An inline job is named by its request's number.
place() {
  at=$session/$2
  [ "$1" = detached ] || return 0
  at=$spare/$2
  [ -e "$at.claim" ] || at=$spool/$2
}

execute() { # N KIND TOKEN USER STDIN-BYTES PAYLOAD
  given=$session/$1
  # The bytes of stdin follow the line; the empty line behind them tells that they are whole.
  if [ "$5" != 0 ] && ! { head -c "$5" >"$given.stdin" && read -r line && [ -z "$line" ]; }; then
    say refused "$1" stdin
    exit 1
  fi
  if [ "$mode $2" = 'plan detached' ]; then
    say refused "$1" plan
  elif ! resolve "$4"; then
    say refused "$1" user
  elif ! printf %b "$6" >"$given.job"; then
    say refused "$1" live "$live takes no data"
  elif [ "$2" = detached ] && ! claim "$3"; then
    say "$claimed" "$1" state
  else
    [ "$2" = detached ] || at=$given
    exec 3<"$given.job"
    if [ "$5" = 0 ]; then exec 4</dev/null; else exec 4<"$given.stdin"; fi
    say started "$1"
    keep "$1" "$2" 2>/dev/null &
    exec 3<&- 4<&-
  fi
  # It may be a secret.
  [ "$5" = 0 ] || rm -f "$given.stdin"
}

# resolve USER: sets $account, $home and $become for a job of that user; fails when it cannot be.
resolve() {
  [ "$1" != - ] || set -- "$me"
  [ "$1" != "$account" ] || return 0
  case $1 in *[!A-Za-z0-9._-]* | [!A-Za-z_]*) return 1 ;; esac
  become=
  if [ "$1" != "$me" ]; then
    [ "$me" = root ] && group=$(id -g "$1" 2>/dev/null) || return 1
    become="setpriv --reuid=$1 --regid=$group --init-groups"
  fi
  account=$1
  eval "home=~$1"
}

# claim TOKEN: creates the token's claim and sets $at. Whoever creates it runs the job, nobody runs it after them.
claim() {
  [ -n "$run_ready" ] || begin_run
  claimed=again
  for at in "$spare/$1" "$spool/$1"; do
    [ ! -e "$at.claim" ] || return 1
  done
  set -C
  for at in "$spool/$1" "$spare/$1"; do
    ! { printf '%s %s %s\n' "$boot" "$$" "$me_began" >"$at.claim"; } 2>/dev/null || break
    at=
  done
  set +C
  claimed=refused
  [ -n "$at" ]
}

# Makes the run's folders, and notes the boot in them, durably: after another boot a claim that is missing may be lost.
begin_run() {
  mkdir -p "$spare"
  if mkdir -p "$spool" && printf '%s\n' "$boot" >"$spool/boot"; then
    sync "$spool/boot" "$spool" "$state/runs"
  fi 2>/dev/null
  run_ready=yes
}

# The keeper of a job whose payload is on fd 3 and whose stdin is on fd 4.
keep() { # N KIND
  leave_lock
  # A connection that is gone must not end the keeper; the job starts with the default, as it would not if ignored.
  trap : PIPE
  # Any user may open its own /dev/stderr; nobody else gets into the folder.
  umask 000
  if ! { true >>"$at.out" && true >>"$at.err"; }; then
    rm -f "$at.claim"
    say refused "$1" state
    exit
  fi
  umask 022
  # shellcheck disable=SC2086 # both are words of ours, or nothing
  HOME=$home USER=$account LOGNAME=$account SHELL=/bin/bash LANG=$locale LC_ALL=$locale \
    setsid $reset $become bash --noprofile --norc -c "$start" drillbook <&4 4<&- >>"$at.out" 2>>"$at.err" &
  child=$!
  exec 3<&- 4<&-
  when "$child"
  child_began=$began
  read -r keeper _ </proc/self/stat
  when "$keeper"
  printf '%s %s %s %s\n' "$child" "$child_began" "$keeper" "$began" >"$at.pid"
  wait "$child"
  status=$?
  # Its closing dot tells that it is whole. What the runner hears it writes down itself, so the disk is not waited for.
  [ "$2" = inline ] || for exit_file in "$at.exit" "$spare/${at##*/}.exit"; do
    ! printf 'exited %s .\n' "$status" >"$exit_file" || break
  done
  report "$1" "$status"
  [ "$2" = inline ] || exec sync "$at.out" "$at.err" "$exit_file" "${exit_file%/*}"
}

report() { # N STATUS
  send "$1" stdout "$at.out"
  send "$1" stderr "$at.err"
  say exit "$1" "$2"
}

# The beginning of the output of the job at $at, as a line of 2250 bytes or fewer; the runner asks for the rest.
send() { # N STREAM FILE
  [ ! -s "$3" ] || base64 -w 3000 "$3" | sed -e "s/^/data $1 $2 /" -e 1q
}

# Output from an offset. Each line is one write, shorter than those that a pipe may take apart, so that none mix.
output() { # N KIND NAME STREAM OFFSET
  leave_lock
  place "$2" "$3"
  case $4 in stdout) file=$at.out ;; *) file=$at.err ;; esac
  tail -c "+$(($5 + 1))" "$file" | base64 -w 3000 | stdbuf -oL sed -e "s/^/data $1 $4 /" -e 400q
  say end "$1"
}

# look TOKEN: sets $found to absent, running, lost, or `exited <status>`, and $at.
look() {
  place detached "$1"
  for attempt in first second; do
    for exit_file in "$at.exit" "$spare/$1.exit"; do
      if read -r _ status whole 2>/dev/null <"$exit_file" && [ "$whole" = . ]; then
        found="exited $status"
        return
      fi
    done
    if [ ! -e "$at.claim" ]; then
      first_line "$spool/boot"
      found=lost
      case $line in - | "$boot") found=absent ;; esac
      return
    fi
    if read -r claim_boot owner owner_began 2>/dev/null <"$at.claim" && [ "$claim_boot" = "$boot" ]; then
      found=running
      if read -r child child_began keeper keeper_began 2>/dev/null <"$at.pid"; then
        ! alive "$keeper" "$keeper_began" || return 0
        ! alive "$child" "$child_began" || return 0
      else
        ! alive "$owner" "$owner_began" || return 0
      fi
    fi
    found=lost
    # Its keeper may have written the exit, or its first record, between the looks.
    [ "$attempt" = second ] || sleep 0.1
  done
}

attend() { # N TOKEN
  leave_lock
  say started "$1"
  look "$2"
  while [ "$found" = running ]; do
    kill -0 "$$" 2>/dev/null || exit
    sleep 0.1
    look "$2"
  done
  case $found in
    exited*) report "$1" "${found#exited }" ;;
    *) say state "$1" "$found" ;;
  esac
}

# Ends a job's process group: TERM, and KILL for what is left after five seconds.
cancel() { # N KIND NAME
  leave_lock
  place "$2" "$3"
  [ -s "$at.pid" ] || sleep 0.2
  if read -r child child_began _ 2>/dev/null <"$at.pid" && alive "$child" "$child_began"; then
    kill -TERM "-$child"
    tenths=50
    while [ "$tenths" -gt 0 ] && kill -0 "-$child"; do
      sleep 0.1
      tenths=$((tenths - 1))
    done
    kill -KILL "-$child"
  fi 2>/dev/null
  say ok "$1"
}
