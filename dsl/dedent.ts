/** Takes the common indentation and the outer line breaks off a text that was laid out over lines. */
export function dedent(text: string): string {
  const lines = text
    .replace(/^[ \t]*\n/u, "")
    .replace(/\n[ \t]*$/u, "")
    .split("\n");
  const indents = lines.filter((each) => each.trim() !== "").map((each) => /^[ \t]*/u.exec(each)?.[0].length ?? 0);
  const common = lines.length > 1 ? Math.min(...indents) : 0;
  return lines
    .map((each) => each.slice(common))
    .join("\n")
    .trim();
}
