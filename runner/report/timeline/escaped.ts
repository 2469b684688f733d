import { harmless } from "../style.ts";

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** A text as HTML and SVG take it: whatever a machine printed, it stays text. */
export function escaped(text: string): string {
  return harmless(text).replace(/[&<>"']/gu, (character) => entities[character] ?? "");
}
