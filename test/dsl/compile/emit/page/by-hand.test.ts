import { execFileSync } from "node:child_process";
import { expect, it } from "vitest";
import { compile } from "../../../../../dsl/compile/compile.ts";
import { projectFolder } from "../../project-folder.ts";

const source = `
import { host, integer, line, role, runbook, secret, sh } from "drillbook";
const db1 = host("db1", role("database-server", { assets: ["database"] }));
/** Count. */
export default runbook("count", { backsUp: db1.database, objective: { rto: "1h", rpo: "1h" }, params: { who: line("Whom to greet") } },
  ({ read, change, params }) => {
    const three = read("Three", { on: db1, run: sh\`
      # A comment, a here-document and a case: what a wrapper has to survive.
      cat <<'EOF' | wc -l # lines
      one ) "two" '
      !! three
      EOF
    \`, gives: integer() });
    change("Add", { on: db1, effect: "idempotent", run: sh\`
      case \${params.who} in
        *) printf 'hello %s %s\\n' \${params.who} \${three} ;;
      esac
      cat # nothing comes in
    \`, verify: sh\`exit 1\` });
    change("Set the password", { on: db1, effect: "idempotent", stdin: secret("password"), run: sh\`
      secret=$(cat)
      printf 'of %s letters\\n' "\\\${#secret}"
    \`, verify: sh\`[ "$PWD" = / ] && false | true\` });
  });
`;

it("the blocks of a page do in a shell what the script's commands do on a host", async () => {
  await using project = await projectFolder({ "count.ts": source });
  const page = (await compile("count.ts", { root: project.root })).page();
  const blocks = [...page.matchAll(/^```bash\n([^]*?)\n```$/gmu)].map(([, block = ""]) => block);
  expect(blocks[0]).toBe("sudo bash --noprofile --norc +H");
  // What a person pastes and types stands on the line after the one that asks for it.
  const pasted: Readonly<Record<string, string>> = { who: "it's `you`", password: "12345" };
  const typed = blocks.slice(1).map((block) => {
    const asks = /^IFS= read -rs? (\w+)$/u.exec(block);
    return asks ? `${block}\n${pasted[asks[1] ?? ""]}` : block;
  });
  const output = execFileSync("bash", ["--noprofile", "--norc", "+H"], {
    input: `${typed.join("\n")}\n`,
    encoding: "utf8",
  });
  expect(output).toBe(
    [
      "exit status: 0",
      "2",
      "hello it's `you` 2",
      "exit status: 0",
      "exit status: 1",
      "of 5 letters",
      "exit status: 0",
      "exit status: 1",
      "",
    ].join("\n"),
  );
});
