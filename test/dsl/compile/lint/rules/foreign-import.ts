import { body, type RuleCases } from "../rule-cases.ts";

const look = body('read("Look", { on: db1, run: sh`ls`, gives: text() });');

export const cases: RuleCases = {
  rule: "foreign-import",
  refused: [
    {
      title: "a module of Node",
      code: "DB2307",
      source: `import { hostname } from «"node:os"»;\nvoid hostname;\n${look}`,
    },
    { title: "a module of Node by its old name", code: "DB2307", source: `import fs from «"fs"»;\nvoid fs;\n${look}` },
    {
      title: "a package",
      code: "DB2307",
      source: `import * as zx from «"drillbooks"»;\nvoid zx;\n${look}`
        .replace("import * as zx", 'import type {} from "drillbook";\nexport * as zx')
        .replace("void zx;\n", "")
        .replace("drillbooks", "node:path"),
    },
  ],
  accepted: [
    { title: "the language", source: look },
    {
      title: "types alone",
      source: `import type { PathLike } from "node:fs";\nexport type Where = PathLike;\n${look}`,
    },
  ],
};
