import { marked } from "marked";

const style = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { max-width: 48rem; margin: 2rem auto; padding: 0 1rem; }
pre { overflow-x: auto; padding: .75rem; border: 1px solid #8886; border-radius: 4px; font-size: .85rem; }
h3 { margin-top: 2.5rem; border-top: 1px solid #8886; padding-top: 1rem; }
@media print {
  body { max-width: none; margin: 0; font-size: 11pt; }
  pre { white-space: pre-wrap; overflow-wrap: anywhere; }
  h2, h3, h4, p:has(+ pre) { break-after: avoid; }
}`;

/** A page as one HTML file that needs nothing beside it, for a browser and for paper. */
export function pageHtml(markdown: string): string {
  const body = marked.parse(markdown, { async: false });
  const title = /^# (.*)$/mu.exec(markdown)?.[1] ?? "Runbook";
  const heading = marked.parseInline(title, { async: false }).replace(/<[^>]*>/gu, "");
  return [
    "<!doctype html>",
    '<html lang="en">',
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${heading}</title>`,
    `<style>${style}</style>`,
    body.trimEnd(),
    "</html>",
    "",
  ].join("\n");
}
