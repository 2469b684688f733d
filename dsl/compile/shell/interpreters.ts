import { constantOf, type ShellNode } from "./node.ts";
import type { Call } from "./programs.ts";

/** A program that takes another program's text as an argument. */
interface Interpreter {
  readonly programs: readonly string[];
  /** Its arguments that are program text. */
  texts(args: readonly ShellNode[]): readonly ShellNode[];
  /** How a value reaches it as data. */
  readonly remedy: string;
}

const toStdin = "Hand the value over on stdin: printf '%s' ${value} | …, and read it there as data.";

const interpreters: readonly Interpreter[] = [
  {
    programs: ["sh", "bash", "dash", "ksh", "zsh"],
    texts: afterOption(/^-[a-z]*c$/u),
    remedy: "Keep the text constant and give the value after it: sh -c 'program -- \"$1\"' sh ${value}.",
  },
  {
    programs: ["su", "runuser"],
    texts: afterOption(/^(?:-[a-z]*c|--command|--session-command)$/u),
    remedy: "Name the account in the step's `as`, or use runuser -u account -- program ${value}.",
  },
  {
    programs: ["psql"],
    texts: afterOption(/^(?:-[A-Za-z]*c|--command)$/u),
    remedy:
      "Assign it, v=${value}, pass it by name, psql -v \"v=$v\" -f - <<'SQL', and quote it there: … where name = :'v'.",
  },
  {
    programs: ["eval", "unset", "read", "mapfile", "readarray"],
    texts: (args) => args,
    remedy: "Write the names here; let values be values.",
  },
  {
    programs: ["trap"],
    texts: (args) => args.slice(0, 1),
    remedy: "Put the command in a function and name that: trap cleanup EXIT.",
  },
  { programs: ["printf"], texts: formatOfPrintf, remedy: "Print it by a constant format: printf '%s\\n' ${value}." },
  {
    programs: ["awk", "gawk", "mawk"],
    texts: script(/^(?:-e|--source)$/u, /^-f$/u, /^-[Fv]$/u),
    remedy: "Assign it in the environment of awk: value=${value} awk '{ … ENVIRON[\"value\"] … }'.",
  },
  {
    programs: ["sed"],
    texts: script(/^(?:-[nErsz]*e|--expression)$/u, /^-[nErsz]*f$/u, /^-l$/u),
    remedy: "Use the shell's own replacement, or awk with the value in its environment.",
  },
  {
    programs: ["python", "python3", "node", "ruby", "perl", "php"],
    texts: afterOption(/^-(?:[a-zA-Z]*[ceErp])$/u),
    remedy: "Keep the text constant and give the value after it, as an argument of the program.",
  },
  { programs: ["ssh"], texts: (args) => args, remedy: "Make it a step on that host." },
];

/** The arguments of a call that are the text of a program, with the way out for a value in that place. */
export function programTexts({ program, args }: Call): {
  readonly texts: readonly ShellNode[];
  readonly remedy: string;
} {
  const interpreter = interpreters.find(({ programs }) => programs.includes(program));
  return { texts: interpreter?.texts(args) ?? [], remedy: interpreter?.remedy ?? toStdin };
}

function afterOption(option: RegExp): Interpreter["texts"] {
  return (args) => args.filter((_, index) => index > 0 && option.test(constant(args[index - 1])));
}

/** The expressions after options, or the first argument that is no option where none says otherwise. */
function script(expression: RegExp, file: RegExp, valued: RegExp): Interpreter["texts"] {
  return (args) => {
    const given = afterOption(expression)(args);
    if (given.length > 0 || args.some((arg) => file.test(constant(arg)))) return given;
    const first = args.findIndex((arg, index) => {
      const option = constant(arg).startsWith("-");
      return !option && !(index > 0 && valued.test(constant(args[index - 1])));
    });
    return first === -1 ? [] : args.slice(first, first + 1);
  };
}

function formatOfPrintf(args: readonly ShellNode[]): readonly ShellNode[] {
  const named = constant(args[0]) === "-v" ? 2 : 0;
  const format = constant(args[named]) === "--" ? named + 1 : named;
  return [...args.slice(0, named), ...args.slice(format, format + 1)];
}

function constant(word: ShellNode | undefined): string {
  return (word && constantOf(word)) ?? "";
}
