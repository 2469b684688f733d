import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { runDrill } from "../../../runner/drill/drill.ts";
import type { RunOptions } from "../../../runner/drill/options.ts";
import type { Part, PartVerdict } from "../../../runner/drill/result.ts";
import { loadProject } from "../../../runner/project.ts";
import drill from "../../../runbooks/koji/lost-koji-database.drill.ts";

interface Demonstration {
  readonly title: string;
  readonly options: Partial<RunOptions>;
  /** The part that goes red, how, and the reason that is given. */
  readonly red: readonly [Part, PartVerdict, RegExp];
}

/** A drill shows something because it goes red, for its own reason, without what it is about. */
const demonstrations: readonly Demonstration[] = [
  {
    title: "without holding kojira back",
    options: { without: "Hold kojira and koji-gc back" },
    red: ["recovery", "failed", /kojira and koji-gc are held back/u],
  },
  {
    title: "without moving the sequences",
    options: { without: "Move the sequences past the store" },
    red: ["recovery", "failed", /was given out before: sequences are behind the store/u],
  },
  {
    title: "without emptying the sessions",
    options: { without: "Empty the sessions" },
    red: ["acceptance", "failed", /"closed-session-is-refused" says no: .* is open again/u],
  },
  {
    title: "without setting the newer repositories aside",
    options: { without: "Set the newer repositories aside" },
    red: ["acceptance", "failed", /"repositories-are-kept" says no: Repositories were deleted/u],
  },
  {
    title: "without reconciling the builds",
    options: { without: "Each build that only the store has" },
    red: [
      "acceptance",
      "failed",
      /"store-and-hub-agree" says no: Database and store do not agree: orphan build: packages/u,
    ],
  },
  {
    title: "with the older of two dumps",
    options: { params: { "pass-over": "1" } },
    red: ["acceptance", "failed", /"older-writes-survive" says no: Writes are lost that the newest backup had/u],
  },
  {
    title: "without a disaster",
    options: { withoutDisaster: true },
    red: ["red", "void", /The disaster did nothing/u],
  },
];

/** How many of them; each is a whole drill. The nightly sweep asks for all: `DRILLBOOK_DEMONSTRATIONS=7`. */
const count = Number(process.env["DRILLBOOK_DEMONSTRATIONS"] ?? 1);

test.each(demonstrations.slice(0, count))("a lost Koji database goes red $title", async ({ options, red }) => {
  const project = await loadProject(fileURLToPath(new URL("../../..", import.meta.url)));
  const { parts, reasons } = await runDrill(drill, { project, ...options }, () => undefined);
  const [part, verdict, why] = red;
  expect(parts[part], JSON.stringify(reasons)).toBe(verdict);
  expect(reasons[part]?.why).toMatch(why);
});
