import { body, command, type RuleCases } from "../rule-cases.ts";

export const cases: RuleCases = {
  rule: "unset-variable",
  refused: [
    { title: "a variable that nothing sets", code: "DB2109", source: command('rm -- "«$nowhere»"') },
    { title: "a variable that nothing sets, in braces", code: "DB2109", source: command('rm -- "\\«${nowhere##*/}»"') },
    { title: "in a here-document", code: "DB2109", source: command("cat <<EOF\n«$nowhere»\nEOF") },
    {
      title: "a value written by its name",
      code: "DB2108",
      source: body(
        'const set = read("Newest set", { on: db1, run: sh`ls`, gives: path() });\nconfirm("Go", { evidence: [set] });\nread("Look", { on: db1, run: sh`ls -- "«$newest_set»"`, gives: text() });',
      ),
    },
    {
      title: "a parameter written by its name",
      code: "DB2108",
      source: body(
        'read("Look", { on: db1, run: sh`ls -- ${params.server} "/srv/«$server»"`, gives: text() });',
        ' params: { server: name("Which") },',
      ),
    },
  ],
  accepted: [
    { title: "assigned in the text", source: command('value=${value}\nrm -- "/srv/$value"') },
    { title: "set by a loop", source: command('for file in a b; do rm -- "$file"; done') },
    { title: "set by read", source: command('while read -r _ name; do rm -- "$name"; done < <(ls)') },
    {
      title: "set by mapfile, printf -v and getopts",
      source: command(
        'mapfile -t all; printf -v one %s a; while getopts ab opt; do :; done; rm -- "$all" "$one" "$opt"',
      ),
    },
    { title: "set by arithmetic", source: command("(( n = 1 )); (( m++ )); rm -- $n $m") },
    { title: "set as local", source: command('f() { local x=1; rm -- "$x" "$1"; }; f a') },
    { title: "with a default", source: command('rm -- "\\${nowhere:-a}" "\\${nowhere-}" "\\${nowhere:+b}"') },
    {
      title: "of bash's own and the environment's",
      source: command('rm -- "$HOME" "$PWD" "$?" "$$" "\\${PIPESTATUS[0]}"'),
    },
    { title: "set by a file that is read in", source: command('. /etc/os-release; printf %s "$VERSION_ID"') },
    { title: "in single quotes", source: command("awk '{ print $nowhere }' /etc/hosts") },
  ],
};
