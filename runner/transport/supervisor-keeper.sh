#!/bin/bash
# Part of supervisor.sh: what a keeper does, in the bash that `keep_jobs` of supervisor-jobs.sh is.
# shellcheck disable=SC2154 # it is told of the job in variables

# Opens what the job reads and writes, for the job to inherit: it may run as a user who could not.
_open() {
  # A connection that is gone must not end the keeper; a handler, unlike ignoring, is not inherited.
  trap : PIPE
  # Any user may open its own /dev/stderr; nobody else gets into the folder.
  umask 000
  if ! exec 3<"$_payload" 4<"$_input" 6>>"$_at.out" 7>>"$_at.err"; then
    rm -f "$_at.record"
    say refused "$_n" state
    exit
  fi
  umask 022
  read -r -a of_keeper </proc/self/stat
  _keeper="${of_keeper[0]} ${of_keeper[21]}"
  # It may be a secret.
  [[ $_input = /dev/null ]] || rm -f "$_input"
}

# In the job's own process: puts it on record before anything of it happens, unless it was given up. Had the keeper to do
# that, one that is killed would leave a job that nobody knows of.
_begin() {
  read -r -a of_job </proc/self/stat
  echo "running ${of_job[0]} ${of_job[21]} $_keeper" >>"$_at.record" && _ours || exit 125
  unset of_job of_keeper
}

# Whether the job is to run: 1 where it was given up before it was on record, 2 where it could not be put there.
_ours() {
  while read -r of_job _; do
    case $of_job in
      running) return 0 ;;
      lost) return 1 ;;
    esac
  done <"$_at.record"
  return 2
}

# What the keeper does when it finds no job on record. Fails where that is all that can be told.
_missing() { # RECORD STATUS
  if [[ -e $1 || $_kind = inline ]]; then
    rm -f "$1"
    say refused "$_n" state
    return 1
  fi
  # The record was lost. What ended with another status than that of `_begin` has run.
  [[ $2 = 125 ]] || return 0
  say state "$_n" lost
  return 1
}

# Waits for the job, and tells how it ended.
_keep() { # PID
  exec 3<&- 4<&- 6>&- 7>&-
  wait "$1"
  status=$?
  _ours
  case $? in
    1) exit ;;
    2) _missing "$_at.record" "$status" || exit ;;
  esac
  # Its closing dot tells that it is whole. What the runner hears it writes down itself, so the disk is not waited for.
  if [[ $_kind = detached ]]; then
    for record in "$_at.record" "$spare/${_at##*/}.record"; do
      ! echo "exited $status ." >>"$record" || break
    done
  fi
  report "$_n" "$status" "$_at"
  [[ $_kind = detached ]] || exit
  durable=("$record" "${record%/*}")
  for output in "$_at.out" "$_at.err"; do [[ ! -s $output ]] || durable+=("$output"); done
  exec sync "${durable[@]}"
}
