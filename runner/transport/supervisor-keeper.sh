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
  # It may be a secret.
  [[ $_input = /dev/null ]] || rm -f "$_input"
}

# Waits for the job, and tells how it ended.
_keep() { # PID
  exec 3<&- 4<&- 6>&- 7>&-
  read -r -a of_job <"/proc/$1/stat"
  read -r -a of_keeper </proc/self/stat
  echo "running $1 ${of_job[21]} ${of_keeper[0]} ${of_keeper[21]}" >>"$_at.record"
  wait "$1"
  status=$?
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
