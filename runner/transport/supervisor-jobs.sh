#!/bin/sh
# Part of supervisor.sh: how a job is claimed, kept, watched and ended.
# shellcheck disable=SC2034,SC2154 # the parts share their variables

# A shell that waits for a job, so that none has to be waited for. Its stdin is a FIFO with one line for it: what the job
# reads, what the paths of its files begin with, its payload, and the words of a command that changes the user.
# shellcheck disable=SC2016 # it is bash that expands it
wait_for_job='_job=$1; read -r -a REPLY && set -- "${REPLY[@]}" && umask 0 && exec <"$1" >>"$2.out" 2>>"$2.err" 3<"$3" || exit; umask 022; read -r -a REPLY </proc/$$/stat; set -- "$@" "$$ ${REPLY[21]}"; read -r -a REPLY </proc/$PPID/stat; echo "${!#} $PPID ${REPLY[21]}" >"$2.pid"; set -- "${@:1:$#-1}"; [[ $1 = /dev/null ]] || rm -f "$1"; shift 3; unset REPLY; (($# == 0)) || exec "$@" bash --noprofile --norc -c "$_job" drillbook; '
# The payload on fd 3 is the job's text, then names and values in turn, all NUL-terminated. A value never becomes text.
# shellcheck disable=SC2016
run_job='mapfile -d "" -t -u 3 _job; exec 3<&-; ((${#_job[@]} % 2)) || exit 125; set -- "${_job[@]:1}"; while (($#)); do printf -v "$1" %s "$2"; shift 2; done; set -- "${_job[0]}"; unset _job; set -euo pipefail; eval "set --;$1"'

# Starts a keeper, number $hired and process $keeper, with such a shell. The FIFO $worker is open for writing on fd 5.
hire() {
  hired=$((hired + 1))
  worker=$session/$hired
  [ -p "$worker" ] || make_fifos
  exec 5<>"$worker"
  exec 6<"$worker"
  keep 2>/dev/null &
  exec 6<&-
  keeper=$!
}

# Many at once: it costs as much as one.
make_fifos() {
  last=$((hired + 32))
  set --
  while [ "$last" -ge "$hired" ]; do
    set -- "$@" "$session/$last"
    last=$((last - 1))
  done
  mkfifo "$@"
}

# place KIND NAME: sets $at, what the paths of a job's files begin with. An inline job is named by its worker's number.
place() {
  at=$session/$2
  [ "$1" = detached ] || return 0
  at=$spare/$2
  [ -e "$at.claim" ] || at=$spool/$2
}

execute() { # N KIND TOKEN USER STDIN-BYTES PAYLOAD
  kill -0 "$keeper" 2>/dev/null || hire
  input=/dev/null
  # The bytes of stdin follow the line; the empty line behind them tells that they are whole.
  if [ "$5" != 0 ]; then
    input=$worker.stdin
    if ! { head -c "$5" >"$input" && read -r line && [ -z "$line" ]; }; then
      say refused "$1" stdin
      exit 1
    fi
  fi
  if [ "$mode $2" = 'plan detached' ]; then
    refusal='refused plan'
  elif ! resolve "$4"; then
    refusal='refused user'
  elif ! printf %b "$6" >"$worker.job"; then
    refusal="refused live $live takes no data"
  elif [ "$2" = inline ]; then
    at=$worker
    refusal=
  else
    claim "$3"
  fi
  if [ -n "$refusal" ]; then
    say "${refusal%% *}" "$1" "${refusal#* }"
    [ "$5" = 0 ] || rm -f "$input"
    return
  fi
  printf '%s %s %s\n' "$1" "$2" "$at" >"$worker.note"
  say started "$1" "$hired"
  printf '%s %s %s %s\n' "$input" "$at" "$worker.job" "$become" >&5
  hire
}

# resolve USER: sets $become to the words that make a job that user's; fails when it cannot be.
resolve() {
  [ "$1" != - ] || set -- "$me"
  [ "$1" != "$account" ] || return 0
  case $1 in *[!A-Za-z0-9._-]* | [!A-Za-z_]*) return 1 ;; esac
  become=
  if [ "$1" != "$me" ]; then
    [ "$me" = root ] && group=$(id -g "$1" 2>/dev/null) || return 1
    eval "home=~$1"
    become="env SHLVL=0 HOME=$home USER=$1 LOGNAME=$1 setpriv --reuid=$1 --regid=$group --init-groups"
  fi
  account=$1
}

# claim TOKEN: creates the token's claim and sets $at, or sets $refusal. Whoever creates it runs the job, nobody after it.
claim() {
  [ -n "$run_ready" ] || begin_run
  refusal='again -'
  for at in "$spare/$1" "$spool/$1"; do
    [ ! -e "$at.claim" ] || return 0
  done
  refusal=
  set -C
  for at in "$spool/$1" "$spare/$1"; do
    ! { printf '%s %s %s\n' "$boot" "$$" "$me_began" >"$at.claim"; } 2>/dev/null || break
    at=
  done
  set +C
  [ -n "$at" ] || refusal='refused state'
}

# Makes the run's folders, and notes the boot in them, durably: after another boot a claim that is missing may be lost.
begin_run() {
  mkdir -p "$spare"
  if mkdir -p "$spool" && printf '%s\n' "$boot" >"$spool/boot"; then
    sync "$spool/boot" "$spool" "$state/runs"
  fi 2>/dev/null
  run_ready=yes
}

# The keeper of $worker's job.
keep() {
  leave
  # A connection that is gone must not end the keeper; a handler, unlike ignoring, is not inherited.
  trap : PIPE
  # shellcheck disable=SC2086 # words of ours, or nothing
  "$setsid" "$env" $reset HOME="$my_home" USER="$me" LOGNAME="$me" SHELL=/bin/bash LANG="$locale" LC_ALL="$locale" \
    "$bash" --noprofile --norc -c "$wait_for_job$run_job" drillbook "$run_job" <&6 6<&- >/dev/null &
  exec 6<&-
  wait "$!"
  status=$?
  # Without one, the conversation has ended before there was a job.
  read -r n kind at <"$worker.note" || exit
  if [ ! -e "$at.pid" ]; then
    rm -f "$at.claim"
    say refused "$n" state
    exit
  fi
  # Its closing dot tells that it is whole. What the runner hears it writes down itself, so the disk is not waited for.
  [ "$kind" = inline ] || for exit_file in "$at.exit" "$spare/${at##*/}.exit"; do
    ! printf 'exited %s .\n' "$status" >"$exit_file" || break
  done
  report "$n" "$status"
  [ "$kind" = inline ] || durable "$exit_file" "${exit_file%/*}"
}

durable() {
  [ ! -s "$at.out" ] || set -- "$@" "$at.out"
  [ ! -s "$at.err" ] || set -- "$@" "$at.err"
  exec sync "$@"
}

# Removes what is left of workers whose jobs have ended.
free() { # NUMBERS
  # shellcheck disable=SC2086 # numbers
  set -- $1
  for each; do
    shift
    each=$session/$each
    set -- "$@" "$each" "$each.job" "$each.note" "$each.pid" "$each.out" "$each.err"
  done
  rm -f "$@"
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
  leave
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
    found=running
    ! is_kept || return 0
    found=lost
    # It may have begun, or its keeper written the exit, between the looks.
    [ "$attempt" = second ] || sleep 0.3
  done
}

# Whether the job at $at has a process: its own, its keeper's, or that of the supervisor which is about to start it.
is_kept() {
  read -r claim_boot owner owner_began 2>/dev/null <"$at.claim" && [ "$claim_boot" = "$boot" ] || return 1
  if read -r child child_began keeper_pid keeper_began 2>/dev/null <"$at.pid"; then
    alive "$keeper_pid" "$keeper_began" || alive "$child" "$child_began"
  else
    alive "$owner" "$owner_began"
  fi
}

attend() { # N TOKEN
  leave
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
  leave
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
