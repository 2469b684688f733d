import { extname } from "node:path";
import { fileURLToPath } from "node:url";
import type { Plugin } from "vitest/config";

const drillFile = /\.drill\.[jt]s$/u;
/** Marks the import of a drill file as it is, among the test files made of it. */
const asItIs = "declaration";

/** Makes every file named `*.drill.ts` a test file of vitest: the drill that it declares is its one test. */
export function drillFiles(): Plugin {
  // The toolkit runs as source and as built JavaScript.
  const register = fileURLToPath(import.meta.resolve(`./register${extname(import.meta.filename)}`));
  return {
    name: "drillbook:drills",
    enforce: "pre",
    load(id) {
      const [file = "", query] = id.split("?");
      if (!drillFile.test(file) || query?.startsWith(asItIs)) return undefined;
      return [
        `import declared from ${JSON.stringify(`${file}?${asItIs}`)};`,
        `import { register } from ${JSON.stringify(register)};`,
        `register(declared, ${JSON.stringify(file)});`,
      ].join("\n");
    },
  };
}
