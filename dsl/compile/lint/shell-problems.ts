import type { Problem } from "../errors.ts";

/** What can be wrong with a command's text. */

export const notBash = (cause: string): Problem => ({
  code: "DB2101",
  message: `Bash would not understand this command: ${cause}.`,
  remedy: "Mend the text. A here-document's end stands on a line of its own, at the common indentation.",
});

export const valueEnclosed = (variable: string, by: string): Problem => ({
  code: "DB2102",
  message: `The value $${variable} stands inside ${by}.`,
  remedy: `A value is a word of its own, without quotes. To use it inside others, assign it first: ${variable}=\${…}, then "… $${variable} …".`,
});

export const valueInWord = (variable: string, before: string): Problem => ({
  code: "DB2103",
  message: `The value $${variable} is only a part of a word.`,
  remedy: before.endsWith("=")
    ? `Write ${before.slice(0, -1)} \${…} where the program takes it so, or assign it first: ${variable}=\${…}, then "${before}$${variable}".`
    : `Assign it first: ${variable}=\${…}, then "${before}$${variable}…".`,
});

export const valueAsProgram = (variable: string): Problem => ({
  code: "DB2104",
  message: `The value $${variable} would be run as a program.`,
  remedy: "The program is a constant of the text; what it works on may be a value.",
});

export const valueInArithmetic = (variable: string, type: string): Problem => ({
  code: "DB2105",
  message: `The value $${variable} is of type ${type} and would be evaluated as arithmetic, which can run commands.`,
  remedy: "Declare it as an integer(), or compare it as text: [ ${value} = … ].",
});

export const valueAsTarget = (variable: string, type: string): Problem => ({
  code: "DB2106",
  message: `Output or input is redirected to the value $${variable} of type ${type}.`,
  remedy: "Declare it as a path(), so that it is known to be absolute and one line.",
});

export const valueAsText = (variable: string, program: string, way: string): Problem => ({
  code: "DB2107",
  message: `The value $${variable} would be read by ${program} as a program, a pattern or a name to evaluate.`,
  remedy: way,
});

export const valueByName = (variable: string): Problem => ({
  code: "DB2108",
  message: `$${variable} is a value of this runbook, written by name.`,
  remedy: "Write ${…} with the reference, so that it is bound; or assign it in the text first.",
});

export const variableUnset = (variable: string): Problem => ({
  code: "DB2109",
  message: `$${variable} is set nowhere in this command.`,
  remedy: `Commands run with \`set -u\` in a clean environment: assign it, give it a default, \${${variable}:-…}, or bind a value.`,
});

export const probeNegated = (): Problem => ({
  code: "DB2110",
  message: "A probe is turned around by `!`: a program that is missing or breaks would make it answer yes.",
  remedy: 'Ask the positive question, or test for the one answer that means yes: [ "$(program)" = … ].',
});

export const failureHidden = (): Problem => ({
  code: "DB2111",
  message: "A failure is passed over by `|| true`.",
  remedy: "Let it fail, or say in a shell comment on this line or the one above why it may.",
});

export const inBackground = (): Problem => ({
  code: "DB2112",
  message: "A program is left running in the background, where nobody learns how it ends.",
  remedy: "Run it in the foreground; what has to stay is a unit: systemctl start …, or systemd-run.",
});

export const anotherHost = (program: string): Problem => ({
  code: "DB2113",
  message: `The command reaches for another host by ${program}.`,
  remedy: "Make it a step on that host: then it is planned, guarded, journaled and verified there.",
});

export const optionInjected = (variable: string, program: string): Problem => ({
  code: "DB2114",
  message: `The value $${variable} could begin with a hyphen, and ${program} would take it for an option.`,
  remedy: `Put -- before it: ${program} -- \${…}.`,
});

export const echoed = (variable: string): Problem => ({
  code: "DB2115",
  message: `echo would take the value $${variable} for an option when it begins with a hyphen, or change its backslashes.`,
  remedy: "Print it by a constant format: printf '%s\\n' ${…}.",
});

export const secretAsArgument = (variable: string): Problem => ({
  code: "DB2116",
  message: `$${variable} was read from a secret and becomes an argument, which anybody on the host can see.`,
  remedy: "Hand it on through stdin, a file of mode 600, or the environment of one program.",
});

export const secretTraced = (): Problem => ({
  code: "DB2117",
  message: "The command takes a secret and prints what it does.",
  remedy: "Remove `set -x`: the output of a step is kept in the journal.",
});
