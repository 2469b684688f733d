#!/bin/bash
# Read by the supervisor and by the bash that runs its jobs, each before its own text: every command that they and their
# forks execute becomes a point. A point's name says which process it is in: `m12.3` is the third of what the supervisor
# forked behind its twelfth. $points is a folder, and $_path the name of the process. `supervisor.<call>` in it says in two
# lines who dies and at which point (`self`, `m12.3`), or behind `=` at which command, and when how many have come to it
# (`=2 wait "$1"`); `happened` is what was about to happen there. Without it, points are `listed`.
# shellcheck disable=SC2154 # it is told $points and $_path
_target='' _victim='' _p=0 _past='' _pid=$BASHPID
for _plan in "$points"/supervisor.*; do :; done
if [[ -e $_plan ]]; then
  { read -r _victim && IFS= read -r _target; } <"$_plan" || true
else
  _victim=list
fi

# Fails where neither this process nor a fork of it will come to the point that is looked for: it needs none then, and
# none behind the one at which it would fork what does.
_aim() {
  [[ $_victim != list ]] || return 0
  [[ -e $_plan && ! -e $points/happened ]] || return 1
  [[ $_target != =* ]] || return 0
  [[ $_target = "$_path"* ]] || return 1
  _past=${_target#"$_path"} && _past=$((${_past%%.*} + 1))
}

_point() { # COMMAND
  if [[ $BASHPID != "$_pid" ]]; then
    _path=$_path$_p. _p=0 _pid=$BASHPID
    _aim || { trap - DEBUG && return; }
  fi
  _p=$((_p + 1))
  [[ $_victim != list ]] || printf '%s%s %s\n' "$_path" "$_p" "${1%%$'\n'*}" >>"$points/listed"
  [[ $_p != "$_past" ]] || trap - DEBUG
  _here "${1%%$'\n'*}" || return 0
  # A process of an earlier call finds its plan gone; of two that are here, one was the first.
  [[ -e $_plan && ! -e $points/happened ]] || { trap - DEBUG && return; }
  printf '%s\n' "${1%%$'\n'*}" >"$points/happened"
  case $_victim in
    torn) _tear "$1" && kill -KILL "$BASHPID" ;;
    self) kill -KILL "$BASHPID" ;;
    *) _ask "$_victim" ;;
  esac
}

# Whether this is the point that is looked for.
_here() { # COMMAND
  local came
  if [[ $_target != =* ]]; then
    [[ $_path$_p = "$_target" ]]
    return
  fi
  [[ ${_target#* } = "$1" && -e $_plan ]] || return 1
  printf . >>"$points/times"
  read -r came <"$points/times" || true
  local times=${_target%% *}
  [[ ${#came} -ge ${times#=} ]]
}

# Somebody else has to do it; this process stands still until it is done. One that is to be late does so until it is let go.
_ask() { # WHAT
  local id=$_path$_p.$BASHPID.${_plan##*.}
  echo "$1" >"$points/wanted.$id"
  until [[ -e $points/granted.$id || -e $points/released.$id ]]; do read -r -t 0.01 _ <>"$points/never" || true; done
  until [[ $1 != late || -e $points/released.$id ]]; do read -r -t 0.01 _ <>"$points/never" || true; done
}

# Does a command, and takes half of what it wrote to its file away.
_tear() { # COMMAND
  local text=$1 file before=0
  [[ $text =~ \>\>?\ *(\"[^\"]*\")$ ]] || return 0
  eval "file=${BASH_REMATCH[1]}"
  [[ $text != *'>>'* ]] || before=$(stat -c %s "$file" 2>/dev/null || echo 0)
  eval "$text" || return 0
  truncate -s "$(((before + $(stat -c %s "$file")) / 2))" "$file"
}

# Points cost as much again as what they stand before.
if _aim; then
  set -T
  trap '_point "$BASH_COMMAND"' DEBUG
fi
