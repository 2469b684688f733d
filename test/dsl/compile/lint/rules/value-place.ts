import { command, type RuleCases } from "../rule-cases.ts";

export const cases: RuleCases = {
  rule: "value-place",
  refused: [
    { title: "in double quotes", code: "DB2102", source: command('printf "%s" "it is «${value}»"') },
    { title: "in double quotes, alone", code: "DB2102", source: command('printf %s "«${value}»"') },
    { title: "in single quotes", code: "DB2102", source: command("printf %s 'it is «${value}»'") },
    { title: "in a here-document", code: "DB2102", source: command("cat <<EOF\n  it is «${value}»\nEOF") },
    {
      title: "in a here-document that expands nothing",
      code: "DB2102",
      source: command("cat <<'EOF'\n  «${value}»\nEOF"),
    },
    { title: "in a comment", code: "DB2102", source: command("true # «${value}»") },
    { title: "glued to an option", code: "DB2103", source: command("tool --file=«${value}»") },
    { title: "glued to a path", code: "DB2103", source: command("rm -- /archive/«${value}»") },
    { title: "followed by more of the word", code: "DB2103", source: command("rm -- «${value}».old") },
    { title: "as the program", code: "DB2104", source: command("«${value}» --help") },
    { title: "after assignments, as the program", code: "DB2104", source: command("A=1 «${value}»") },
    { title: "computed with", code: "DB2105", source: command("[ $((«${value}» + 1)) = 2 ]") },
    { title: "as an expression of let", code: "DB2105", source: command("let «${value}»") },
    { title: "compared by computing", code: "DB2105", source: command("[[ «${value}» -eq 1 ]]") },
    { title: "as the file of a redirection", code: "DB2106", source: command("echo hello > «${value}»") },
  ],
  accepted: [
    { title: "as a word", source: command("printf %s ${value}") },
    { title: "as a word on a line of its own", source: command("printf %s \\\n  ${value}\ntrue") },
    { title: "as the value of an assignment", source: command('x=${value} y=${value} tool "$HOME"') },
    { title: "inside a substitution, as a word", source: command('[ "$(printf %s ${value})" = a ]') },
    { title: "as the word of a case", source: command("case ${value} in a) true ;; esac") },
    { title: "as an item of a loop", source: command('for x in ${value} b; do printf %s "$x"; done') },
    { title: "compared as text", source: command("[[ ${value} = a ]]") },
    { title: "as a here-string", source: command("cat <<< ${value}") },
    { title: "an integer, computed with", source: command("[ $((${value} + 1)) = 2 ]", { type: "integer()" }) },
    { title: "a path, as the file of a redirection", source: command("echo hello > ${value}", { type: "path()" }) },
    { title: "after letters beyond ASCII", source: command("printf 'é😀 %s' ${value}") },
  ],
};
