const width = 118;

/**
 * JSON data as a JavaScript literal: on one line where it fits, keys bare where they may be.
 * @param indent of the line that it stands on
 * @param before how much of that line is taken before it
 */
export function literal(value: unknown, indent = 0, before = 0): string {
  const flat = flatLiteral(value);
  if (indent + before + flat.length <= width || typeof value !== "object" || value === null) return flat;
  const pad = " ".repeat(indent + 2);
  const members = Array.isArray(value)
    ? value.map((member) => literal(member, indent + 2))
    : Object.entries(value).map(([name, member]) => `${key(name)}: ${literal(member, indent + 2, name.length + 2)}`);
  const [open, close] = Array.isArray(value) ? "[]" : "{}";
  return `${open}\n${members.map((member) => `${pad}${member},\n`).join("")}${" ".repeat(indent)}${close}`;
}

function flatLiteral(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(flatLiteral).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const members = Object.entries(value).map(([name, member]) => `${key(name)}: ${flatLiteral(member)}`);
  return members.length === 0 ? "{}" : `{ ${members.join(", ")} }`;
}

function key(name: string): string {
  return /^[A-Za-z_$][A-Za-z0-9_$]*$/u.test(name) ? name : JSON.stringify(name);
}
