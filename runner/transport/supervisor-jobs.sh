#!/bin/sh
# Part of supervisor.sh: how a job is claimed and handed on, watched, and ended.
# shellcheck disable=SC2034,SC2154 # the parts share their variables

# The bash that runs jobs. For each line of its stdin it forks a keeper (supervisor-keeper.sh), and that forks the job: a
# fork costs a fifth of starting bash anew. With job control on, each is a process group of its own and ignores no signals.
# All of it is one line, the first, because bash counts the lines of a job's text from there on.
# shellcheck disable=SC2016 # it is bash that expands it
keep_jobs='eval "$1"; spare=$2; start_job=$3; set --; while IFS=" " read -r _n _kind _input _at _payload _words; do set -m; (_open; set -m; (_begin; [[ -z $_words ]] || exec $_words bash --noprofile --norc -c "$start_job" drillbook; eval "$start_job") <&4 >&6 2>&7 4<&- 6>&- 7>&- & set +m; _keep $!) </dev/null & disown; set +m; done'

# Turns a shell into a job whose payload is on fd 3: its text, then names and values in turn, all NUL-terminated. A value
# never becomes text.
# shellcheck disable=SC2016
start_job='set +m; trap - PIPE; mapfile -d "" -t -u 3 _job; exec 3<&-; ((${#_job[@]} % 2)) || exit 125; set -- "${_job[@]:1}"; while (($#)); do printf -v "$1" %s "$2"; shift 2; done; set -- "${_job[0]}"; unset _job _n _kind _input _at _payload _words _keeper spare start_job; unset -f _open _begin _ours _missing _keep say send report; set -euo pipefail; eval "set --;$1"'

# Starts that bash, in a session of its own. It reads a FIFO, which fd 5 writes to, and ends with this process.
start_keeper() {
  fifos=$((${fifos:-0} + 1))
  fifo=$session/fifo.$fifos
  mkfifo "$fifo"
  exec 5<>"$fifo"
  exec 6<"$fifo"
  # What a shell starts with & ignores INT and QUIT from then on; only env gives them back.
  signals=--default-signal=INT,QUIT,PIPE
  env "$signals" true 2>/dev/null || signals=-
  setsid env "$signals" HOME="$my_home" USER="$me" LOGNAME="$me" SHELL=/bin/bash LANG="$locale" LC_ALL="$locale" \
    bash --noprofile --norc -c "$keep_jobs" drillbook "$keeper" "$spare" "$start_job" \
    <&6 2>/dev/null 5>&- 6<&- 8>&- &
  exec 6<&-
  keeper_pid=$!
  when "$keeper_pid"
  keeper_began=$began
}

# place KIND NAME: sets $at, what the paths of a job's files begin with. An inline job is named by its request's number.
place() {
  at=$session/$2
  [ "$1" = detached ] || return 0
  at=$spare/$2
  [ -e "$at.record" ] || at=$spool/$2
}

execute() { # N KIND TOKEN SHELL USER STDIN-BYTES PAYLOAD
  payload=$session/$1.$2
  input=/dev/null
  # The bytes of stdin follow the line; the empty line behind them tells that they are whole.
  if [ "$6" != 0 ]; then
    input=$session/$1.stdin
    if ! { head -c "$6" >"$input" && read -r line && [ -z "$line" ]; }; then
      say refused "$1" stdin
      exit 1
    fi
  fi
  if [ "$mode $2" = 'plan detached' ]; then
    refusal='refused plan'
  elif ! resolve "$5"; then
    refusal='refused user'
  elif ! printf %b "$7" >"$payload"; then
    refusal="refused live $live takes no data"
  elif [ "$2" = inline ]; then
    at=$session/$1
    refusal=
  else
    alive "$keeper_pid" "$keeper_began" || start_keeper
    claim "$3" "$1"
  fi
  if [ -n "$refusal" ]; then
    say "${refusal%% *}" "$1" "${refusal#* }"
    [ "$6" = 0 ] || rm -f "$input"
    return
  fi
  kill -0 "$keeper_pid" 2>/dev/null || start_keeper
  [ "$4" = shared ] || [ -n "$become" ] || become='env SHLVL=0'
  printf '%s %s %s %s %s %s\n' "$1" "$2" "$input" "$at" "$payload" "$become" >&5
}

# resolve USER: sets $become to the words that make a job that user's; fails when it cannot be.
resolve() {
  become=
  [ "$1" != - ] && [ "$1" != "$me" ] || return 0
  case $1 in *[!A-Za-z0-9._-]* | [!A-Za-z_]*) return 1 ;; esac
  [ "$me" = root ] && group=$(id -g "$1" 2>/dev/null) || return 1
  eval "home=~$1"
  become="env SHLVL=0 HOME=$home USER=$1 LOGNAME=$1 setpriv --reuid=$1 --regid=$group --init-groups"
}

# Creates the token's record and sets $at, or sets $refusal. Whoever creates it runs the job, nobody after it.
claim() { # TOKEN N
  [ -n "$run_ready" ] || begin_run
  refusal='again -'
  for at in "$spare/$1" "$spool/$1"; do
    [ ! -e "$at.record" ] || return 0
  done
  refusal=
  set -C
  for at in "$spool/$1" "$spare/$1"; do
    ! { printf 'claimed %s %s %s\n' "$boot" "$keeper_pid" "$keeper_began" >"$at.record"; } 2>/dev/null || break
    at=
  done
  set +C
  case $at in
    '') refusal='refused state' ;;
    "$spare"/*)
      if [ -z "$degraded" ]; then
        degraded="$state takes no data any more"
        say degraded "$2" "$degraded"
      fi
      ;;
  esac
}

# Makes the run's folders, and notes the boot in them, durably: after another boot a claim that is missing may be lost.
begin_run() {
  mkdir -p "$spare"
  if mkdir -p "$spool" && printf '%s\n' "$boot" >"$spool/boot"; then
    sync "$spool/boot" "$spool" "$state/runs"
  fi 2>/dev/null
  run_ready=yes
}

# Output from an offset.
output() { # N KIND NAME STREAM OFFSET
  leave
  place "$2" "$3"
  case $4 in stdout) file=$at.out ;; *) file=$at.err ;; esac
  [ ! -s "$file" ] || tail -c "+$(($5 + 1))" "$file" | base64 -w 3000 | stdbuf -oL sed -e "s/^/data $1 $4 /" -e 400q
  say end "$1"
}

# read_record: reads the record of the job at $at. It has a line for each thing that happened, and the last one ends in a
# dot: without it, it is not whole. A job that was given up before it ran does not run.
read_record() {
  status=
  given_up=
  claim_boot=
  child=
  while read -r word first second third fourth; do
    case $word$second in
      claimed*) claim_boot=$first owner=$second owner_began=$third ;;
      running*) [ -n "$given_up" ] || child=$first child_began=$second waiting=$third waiting_began=$fourth ;;
      lost*) given_up=yes ;;
      exited.) status=$first ;;
    esac
  done 2>/dev/null <"$at.record"
}

# look TOKEN: sets $found to absent, running, lost, or `exited <status>`, and $at.
look() {
  for attempt in first second; do
    place detached "$1"
    if [ ! -e "$at.record" ]; then
      first_line "$spool/boot"
      found=lost
      case $line in - | "$boot") found=absent ;; esac
      return
    fi
    found=running
    ! is_kept || return 0
    # Its keeper may have written the exit since it was read, or be about to begin.
    read_record
    found="exited $status"
    [ -z "$status" ] || return 0
    found=lost
    [ "$attempt" = second ] || sleep 0.3
  done
  give_up
}

# Gives the job at $at up where it has not begun: it is about to, and finds on its record that it must not any more.
give_up() {
  [ -z "$child" ] && [ "$claim_boot" = "$boot" ] || return 0
  echo lost 2>/dev/null >>"$at.record" || return 0
  read_record
  [ -z "$child" ] || found=running
}

# doubt KIND NAME: answers as look does, after the runner has waited for long: what is only about to begin is given up.
doubt() { # N KIND NAME
  leave
  if [ "$2" = detached ]; then
    look "$3"
    if [ "$found" = running ] && [ -z "$child" ]; then
      found=lost
      give_up
    fi
  else
    place inline "$3"
    read_record
    found=lost
    if [ -n "$child" ] && { alive "$waiting" "$waiting_began" || alive "$child" "$child_began"; }; then
      found=running
    fi
  fi
  say state "$1" "$found"
}

# Whether the job at $at has not ended and has a process: its own, its keeper's, or that of the bash which is about to
# start both.
is_kept() {
  read_record
  [ -z "$status" ] && [ "$claim_boot" = "$boot" ] || return 1
  if [ -n "$child" ]; then
    alive "$waiting" "$waiting_began" || alive "$child" "$child_began"
  else
    alive "$owner" "$owner_began"
  fi
}

# Removes what is left of inline jobs that have ended, and what others were given.
free() { # NUMBERS
  # shellcheck disable=SC2086 # numbers
  set -- $1
  for each; do
    shift
    each=$session/$each
    set -- "$@" "$each.inline" "$each.detached" "$each.record" "$each.out" "$each.err"
  done
  rm -f "$@"
}

attend() { # N TOKEN
  leave
  look "$2"
  while [ "$found" = running ]; do
    kill -0 "$$" 2>/dev/null || exit
    sleep 0.1
    look "$2"
  done
  case $found in
    exited*) report "$1" "${found#exited }" "$at" ;;
    *) say state "$1" "$found" ;;
  esac
}

# Ends a job's process group: TERM, and KILL for what is left after five seconds.
cancel() { # N KIND NAME
  leave
  place "$2" "$3"
  read_record
  [ -n "$child" ] || sleep 0.2
  read_record
  if [ -n "$child" ] && alive "$child" "$child_began"; then
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
