import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { projectFolder, type ProjectFolder } from "../../dsl/compile/project-folder.ts";
import { drillbook, start } from "./drillbook.ts";

const inventory =
  'import { host, role } from "drillbook";\nexport const db1 = host("db1", role("server", { assets: ["data"] }));\n';
const runbook = (id: string, change = "true"): string =>
  [
    'import { runbook, sh } from "drillbook";',
    'import { db1 } from "./inventory.ts";',
    "",
    `/** Bring ${id} back. */`,
    `export default runbook("${id}", { recovers: db1.data, objective: { rto: "1h", rpo: "1d" } }, ({ change }) => {`,
    `  change("Do it", { on: db1, effect: "idempotent", run: sh\`${change}\`, verify: sh\`true\` });`,
    "});",
    "",
  ].join("\n");

let project: ProjectFolder;
beforeAll(async () => {
  project = await projectFolder({
    "runbooks/inventory.ts": inventory,
    "runbooks/recover-site.ts": runbook("recover-site"),
    "runbooks/deeper/recover-mail.ts": runbook("recover-mail").replace("./inventory", "../inventory"),
  });
});
afterAll(() => project[Symbol.asyncDispose]());
const text = (file: string): Promise<string> => readFile(join(project.root, file), "utf8");

describe("drillbook compile", () => {
  it("writes scripts, plans and pages into the kit, and pages into the documents", async () => {
    const { code, stdout, stderr } = await drillbook(project.root, "compile", "--html");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toBe(".drillbook/kit/recover-mail.mjs\n.drillbook/kit/recover-site.mjs\n");
    const kit = await readdir(join(project.root, ".drillbook/kit"));
    expect(kit.filter((file) => file.startsWith("recover-site")).sort()).toEqual(
      ["drills.json", "html", "md", "mjs", "plan.json", "plan.source.json"].map((end) => `recover-site.${end}`),
    );
    const page = await text("docs/runbooks/recover-site.md");
    expect(page).toContain("# Bring recover-site back\n");
    expect(await text(".drillbook/kit/recover-site.md")).toBe(page);
    const script = join(project.root, ".drillbook/kit/recover-site.mjs");
    expect(execFileSync(process.execPath, [script, "--help"], { encoding: "utf8" })).toContain("recover-site");
  });

  it("says as JSON what it made, by the hashes of the bytes", async () => {
    const { stdout } = await drillbook(project.root, "compile", "recover-site", "--json");
    const script = await text(".drillbook/kit/recover-site.mjs");
    const plan = await text(".drillbook/kit/recover-site.plan.json");
    expect(JSON.parse(stdout)).toMatchObject([
      {
        id: "recover-site",
        source: "runbooks/recover-site.ts",
        planSha256: sha256(plan),
        script: ".drillbook/kit/recover-site.mjs",
        scriptSha256: sha256(script),
        diagnostics: [],
      },
    ]);
  });

  it("makes the same bytes when only a comment has moved", async () => {
    const before = [await text(".drillbook/kit/recover-site.mjs"), await text(".drillbook/kit/recover-site.plan.json")];
    await project.write({
      "runbooks/recover-site.ts": `// Moved.\n\n${runbook("recover-site").replace("  change", "  // Why.\n  change")}`,
    });
    expect((await drillbook(project.root, "compile", "recover-site")).code).toBe(0);
    expect([
      await text(".drillbook/kit/recover-site.mjs"),
      await text(".drillbook/kit/recover-site.plan.json"),
    ]).toEqual(before);
    expect(await text("docs/runbooks/recover-site.md")).toContain("Why.");
  });

  it("names the nearest runbook when there is none of that name", async () => {
    const { code, stderr } = await drillbook(project.root, "compile", "recover-sit");
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: 'DB3903 There is no runbook "recover-sit".\n  Did you mean "recover-site"?\n',
    });
  });

  it("refuses a runbook that has errors, and writes the others", async () => {
    await using own = await projectFolder({
      "runbooks/inventory.ts": inventory,
      "runbooks/bad.ts": runbook("bad", 'echo "'),
      "runbooks/good.ts": runbook("good"),
    });
    const { code, stdout, stderr } = await drillbook(own.root, "compile");
    expect({ code, stdout }).toEqual({ code: 1, stdout: ".drillbook/kit/good.mjs\n" });
    expect(stderr).toMatch(/^runbooks\/bad\.ts:6:\d+ error DB2101: /u);
  });
});

describe("drillbook compile --check", () => {
  it("writes nothing and is content where everything is as it should be", async () => {
    await rm(join(project.root, ".drillbook"), { recursive: true });
    expect(await drillbook(project.root, "compile", "--check")).toEqual({ code: 0, stdout: "", stderr: "" });
    expect(await readdir(project.root)).not.toContain(".drillbook");
  });

  it("names a page that is not what its runbook says, and one that no runbook has", async () => {
    const page = join(project.root, "docs/runbooks/recover-site.md");
    const current = await readFile(page, "utf8");
    await writeFile(page, `${current} `);
    await project.write({ "docs/runbooks/gone.md": "" });
    const { code, stderr } = await drillbook(project.root, "compile", "--check");
    expect(code).toBe(1);
    expect(stderr).toBe(
      "docs/runbooks/recover-site.md is not what its runbook says now. Run: drillbook compile\ndocs/runbooks/gone.md belongs to no runbook. Remove it.\n",
    );
    expect(await readFile(page, "utf8")).toBe(`${current} `);
    await writeFile(page, current);
    await rm(join(project.root, "docs/runbooks/gone.md"));
  });

  it("fails on a warning too", async () => {
    await using own = await projectFolder({
      "runbooks/inventory.ts": inventory,
      "runbooks/a.ts": runbook("a", "x || true"),
    });
    expect((await drillbook(own.root, "compile")).code).toBe(0);
    const { code, stderr } = await drillbook(own.root, "compile", "--check");
    expect(code).toBe(1);
    expect(stderr).toContain("warning DB2111");
  });
});

describe("drillbook compile --watch", () => {
  it("compiles again what a saved file is part of, and nothing else", async () => {
    await using own = await projectFolder({
      "runbooks/inventory.ts": inventory,
      "runbooks/first.ts": runbook("first"),
      "runbooks/second.ts": runbook("second"),
    });
    const child = start(own.root, "compile", "--watch");
    const lines = createInterface({ input: child.stdout as NonNullable<typeof child.stdout> });
    const next = async (): Promise<string> => ((await once(lines, "line")) as [string])[0].replace(/\d+ ms$/u, "N ms");
    try {
      expect(await next()).toBe("runbooks/first.ts, runbooks/second.ts: compiled in N ms");
      const again = next();
      await own.write({ "runbooks/first.ts": runbook("first", "date") });
      expect(await again).toBe("runbooks/first.ts: compiled in N ms");
      expect(await readFile(join(own.root, ".drillbook/kit/first.mjs"), "utf8")).toContain("$`date`");
      const both = next();
      await own.write({ "runbooks/inventory.ts": `// Both import this.\n${inventory}` });
      expect(await both).toBe("runbooks/first.ts, runbooks/second.ts: compiled in N ms");
      const refused = next();
      await own.write({ "runbooks/second.ts": runbook("second", 'echo "') });
      expect(await refused).toBe("runbooks/second.ts: 1 refused in N ms");
    } finally {
      child.kill();
      await once(child, "close");
    }
  });
});

describe("drillbook list", () => {
  it("tells of each runbook what others rely on", async () => {
    const { code, stdout } = await drillbook(project.root, "list", "--json");
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual([
      listed("recover-mail", "runbooks/deeper/recover-mail.ts"),
      listed("recover-site", "runbooks/recover-site.ts"),
    ]);
  });

  it("is a table for a person", async () => {
    expect((await drillbook(project.root, "list")).stdout).toBe(
      "recover-mail  recovery  Bring recover-mail back.\nrecover-site  recovery  Bring recover-site back.\n",
    );
  });
});

function listed(id: string, source: string): object {
  const hash = expect.stringMatching(/^[0-9a-f]{64}$/u) as unknown;
  return {
    id,
    kind: "recovery",
    title: `Bring ${id} back.`,
    source,
    recovers: "db1.data",
    objective: { rtoSeconds: 3600, rpoSeconds: 86_400 },
    planSha256: hash,
    scriptSha256: hash,
  };
}

function sha256(bytes: string): string {
  return createHash("sha256").update(bytes).digest("hex");
}
