import { typeOfRef } from "../../plan/types.ts";
import { callsIn, type Call } from "../shell/programs.ts";
import { constantOf, type ShellNode } from "../shell/node.ts";
import { error } from "./finding.ts";
import { shellRule } from "./rule.ts";
import { echoed, optionInjected } from "./shell-problems.ts";

// Programs that end their options at `--`.
const programs = new Set(
  (
    "rm mv cp ls mkdir rmdir ln rsync pg_restore pg_dump cat stat chown chgrp chmod install grep egrep fgrep systemctl " +
    "touch head tail sort uniq wc cut tee sha256sum sha512sum md5sum cmp diff readlink realpath basename dirname df du " +
    "kill mount umount id getent cd tar gzip gunzip zcat dd shred split cksum mktemp createdb dropdb createuser dropuser"
  ).split(" "),
);

// Options of theirs whose argument is the next word.
const valued: Readonly<Record<string, RegExp>> = {
  grep: /^-[A-Za-z]*[efmABC]$/u,
  tail: /^-[nc]$/u,
  head: /^-[nc]$/u,
  cut: /^-[dfcb]$/u,
  sort: /^-[ktTS]$/u,
  stat: /^-[cf]$/u,
  install: /^-[a-zA-Z]*[mogt]$/u,
  cp: /^-[a-zA-Z]*[tS]$/u,
  mv: /^-[a-zA-Z]*[tS]$/u,
  tar: /^-[a-zA-Z]*[fC]$/u,
  pg_dump: /^-[a-zA-Z]*[dfhpUnt]$/u,
  pg_restore: /^-[a-zA-Z]*[dfhpUnt]$/u,
};

/** A value that could begin with a hyphen comes after `--`. */
export const dashRule = shellRule("dash", function* (text, { plan }) {
  for (const call of callsIn(text.tree)) {
    for (const { offset, variable } of text.values) {
      const type = typeOfRef(plan, text.command.vars[variable] ?? "")?.type;
      const word = call.args.findIndex((arg) => arg.start === offset);
      if (word === -1 || (type !== "text" && type !== "line")) continue;
      const at = text.at(offset, offset + variable.length + 3);
      if (call.program === "echo") yield error(echoed(variable), at);
      else if (programs.has(call.program) && !isData(call, word))
        yield error(optionInjected(variable, call.program), at);
    }
  }
});

function isData({ program, args }: Call, index: number): boolean {
  const constants = args.slice(0, index).map((arg: ShellNode) => constantOf(arg) ?? "");
  return constants.includes("--") || (valued[program]?.test(constants.at(-1) ?? "") ?? false);
}
