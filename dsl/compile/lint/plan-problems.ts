import type { Problem } from "../errors.ts";

/** What can be wrong with a plan that its types and the language let pass. */

export const captureUnused = (title: string): Problem => ({
  code: "DB2201",
  message: `What "${title}" captures is used nowhere.`,
  remedy: "Use it, or call read(…) as a statement of its own where only its success matters.",
});

export const paramUnused = (param: string): Problem => ({
  code: "DB2202",
  message: `The parameter "${param}" is used nowhere.`,
  remedy: "Use it in a step, or remove it from params: an operator should not be asked for it.",
});

export const needUndeclared = (host: string): Problem => ({
  code: "DB2203",
  message: `This recovery works on ${host} and does not say that it needs it.`,
  remedy:
    "Name the host, or the asset of it that is used, in needs: what a disaster takes away is checked against that.",
});

export const destroysElsewhere = (asset: string, title: string): Problem => ({
  code: "DB2204",
  message: `"${title}" says that it destroys ${asset}, and neither runs on that host nor guards it.`,
  remedy: "Run the step on the host whose asset it destroys, or guard it with isHost(…) of that host.",
});

export const branchUnreachable = (title: string, answer: "always" | "never"): Problem => ({
  code: "DB2205",
  message: `"${title}" is ${answer} so: one of its branches is never taken.`,
  remedy: "Compare with a value that a run can have, or remove the condition.",
});

export const misnamedFile = (id: string, file: string): Problem => ({
  code: "DB2206",
  message: `The runbook "${id}" lies in a file named ${file}.`,
  remedy: `Name the file ${id}.ts: a runbook is found by the name of its file.`,
});

export const undocumented = (id: string): Problem => ({
  code: "DB2207",
  message: `The runbook "${id}" does not say when to use it.`,
  remedy: "Write a doc comment above `export default`: its first sentence becomes the page's title.",
});
