import { expect, test } from "vitest";
import { shellFor } from "../../../runner/transport/job.ts";

test.each([
  "true",
  `test -d "$folder"`,
  `systemctl stop kojira httpd`,
  `tar -C . -cf ./a.tar .`,
  `cd /srv; find . -name '*.gz' | wc -l`,
  `echo "$resource $evaluated"`,
])("%j shares the keeper's shell", (text) => {
  expect(shellFor({ text, vars: {} })).toBe("shared");
});

test.each([
  "echo $$",
  "kill -TERM ${$}",
  'echo "$PPID"',
  "echo $BASHPID",
  "echo $SHLVL",
  "source /etc/os-release",
  ". /etc/os-release",
  "set -a; . /etc/os-release",
  "(. /etc/os-release)",
  "true\n  . /etc/os-release",
  "if true; then . /etc/os-release; fi",
  'eval "$(ssh-agent)"',
])("%j gets a shell of its own", (text) => {
  expect(shellFor({ text, vars: {} })).toBe("own");
});
