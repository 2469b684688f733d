import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { pageHtml } from "../../../../../dsl/compile/emit/page/html.ts";
import { code, plain, prose } from "../../../../../dsl/compile/emit/page/markdown.ts";
import { emitPage } from "../../../../../dsl/compile/emit/page/page.ts";
import { commandsOf } from "../../../../../dsl/plan/commands.ts";
import type { PlanSource } from "../../../../../dsl/plan/plan.ts";
import { walk } from "../../../../../dsl/plan/walk.ts";
import { plans } from "../../../plans.ts";

const source: PlanSource = { v: 1, id: "case", file: "case.ts", doc: "Do it. Then rest.", steps: {} };

/** Text of one line, of the characters that mean something to Markdown. */
const lines = fc
  .array(
    fc.constantFrom(
      ..."` `` \\ * ** _ [a](b) <b> </b> &amp; &#39; # ## > - + 1. 1) | ~~ ~ ! == www.a.bc https://a.bc/ a@b.cd é word a_b".split(
        " ",
      ),
    ),
    {
      minLength: 1,
      maxLength: 8,
    },
  )
  .chain((pieces) => fc.constantFrom("", " ").map((joint) => pieces.join(joint).trim()));

describe("a page", () => {
  it("holds every command of the plan, byte for byte, as a block of code", () => {
    fc.assert(
      fc.property(plans, (plan) => {
        const blocks = codeBlocks(pageHtml(emitPage(plan, source, [])));
        for (const step of walk(plan.steps)) {
          for (const { command } of commandsOf(step)) {
            expect(blocks.filter((block) => block.includes(`\n${command.text}\n)`))).not.toEqual([]);
          }
        }
      }),
    );
  });

  it("names every step by its title, in the order of the plan", () => {
    fc.assert(
      fc.property(plans, (plan) => {
        const headings = [...pageHtml(emitPage(plan, source, [])).matchAll(/<h[3-6]>([^]*?)<\/h[3-6]>/gu)];
        const titles = headings.map(([, html = ""]) => squeeze(textOf(html)).replace(/^Step [\d.]+\. /u, ""));
        expect(titles).toEqual([...walk(plan.steps)].map(({ title }) => squeeze(title)));
      }),
    );
  });
});

describe("Markdown", () => {
  it("shows plain text as it is", () => {
    fc.assert(
      fc.property(fc.array(lines, { minLength: 1, maxLength: 3 }), (all) => {
        const html = pageHtml(`before\n\n${plain(all.join("\n"))}\n\nafter`);
        expect(squeeze(textOf(html))).toContain(`before ${squeeze(all.join(" "))} after`);
        expect(html).not.toMatch(/<(?:em|strong|b|h\d|ul|ol|table|blockquote|del|hr|code|pre)\b(?! )/u);
      }),
      { numRuns: 500 },
    );
  });

  it("shows code between backticks as it is", () => {
    fc.assert(
      fc.property(lines, (text) => {
        const html = pageHtml(`before ${code(text)} after`);
        expect(textOf(/<code>([^]*?)<\/code>/u.exec(html)?.[1] ?? "")).toBe(text);
      }),
    );
  });

  it("keeps paragraphs, lists and code of a comment, and takes everything else for text", () => {
    const html = pageHtml(prose("Why *this*:\n\n- first `a*b`\n- second\n\n# No heading <b>"));
    expect(html).toContain("<p>Why *this*:</p>");
    expect(html).toContain("<li>first <code>a*b</code></li>");
    expect(html).toContain("<p># No heading &lt;b&gt;</p>");
  });
});

function codeBlocks(html: string): readonly string[] {
  return [...html.matchAll(/<pre><code[^>]*>([^]*?)<\/code><\/pre>/gu)].map(([, text = ""]) => textOf(text));
}

function textOf(html: string): string {
  const entities: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', "#39": "'" };
  return html
    .replace(/<(?:style|title)>[^]*?<\/(?:style|title)>/gu, "")
    .replace(/<[^>]*>/gu, "")
    .replace(/&(amp|lt|gt|quot|#39);/gu, (_, name: string) => entities[name] ?? "");
}

function squeeze(text: string): string {
  return text.replace(/\s+/gu, " ").trim();
}
