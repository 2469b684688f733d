/** Plain text as Markdown that shows the same text: one paragraph, whatever stands in it. */
export function plain(text: string): string {
  return text
    .split("\n")
    .map((line) => atLineStart(anywhere(line.trim())))
    .join("\n");
}

function anywhere(line: string): string {
  return (
    line
      .replace(/[\\`*[\]<|~]/gu, "\\$&")
      .replace(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, "\\_")
      .replace(/&(?=#|[A-Za-z])/gu, "\\&")
      // An address would become a link, with whatever stands after it.
      .replace(/(www)\./giu, "$1\\.")
      .replace(/(https?|ftp):(?=\/\/)/giu, "$1\\:")
      .replace(/#$/u, "\\#")
  );
}

function atLineStart(line: string): string {
  return line.replace(/^[#+\-=>]/u, "\\$&").replace(/^(\d+)([.)])/u, "$1\\$2");
}

/**
 * What an author wrote in a comment: paragraphs, lists of lines that begin with a hyphen, and code between backticks;
 * everything else is plain text.
 */
export function prose(comment: string): string {
  return comment
    .split("\n")
    .map((line) => {
      const [, marker = "", rest = ""] = /^(\s*- )?(.*)$/u.exec(line) ?? [];
      return (marker && "- ") + withCode(rest);
    })
    .join("\n")
    .trim();
}

function withCode(line: string): string {
  // Text between two backticks is code; a backtick without a partner is just a backtick.
  return line
    .split(/(`[^`]+`)/u)
    .map((part) => (/^`[^`]+`$/u.test(part) ? code(part.slice(1, -1)) : plainPart(part)))
    .join("")
    .trim();
}

function plainPart(part: string): string {
  const [, before = "", middle = "", after = ""] = /^(\s*)([^]*?)(\s*)$/u.exec(part) ?? [];
  return before + (middle && plain(middle)) + after;
}

/** Text as a code span. */
export function code(text: string): string {
  const line = text.replace(/\s*\n\s*/gu, " ");
  const fence = "`".repeat(longestRun(line) + 1);
  // Markdown takes one space off each end, where there is one at both and something between them.
  const pad = /^`|`$|^ .*[^ ].* $/u.test(line) ? " " : "";
  return `${fence}${pad}${line}${pad}${fence}`;
}

/** Text as a block of code. */
export function block(text: string, language = "bash"): string {
  const fence = "`".repeat(Math.max(3, longestRun(text) + 1));
  return `${fence}${language}\n${text}\n${fence}`;
}

function longestRun(text: string): number {
  return Math.max(0, ...(text.match(/`+/gu) ?? []).map((run) => run.length));
}
