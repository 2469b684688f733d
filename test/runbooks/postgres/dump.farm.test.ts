import { afterAll, beforeAll, expect, test } from "vitest";
import { postgresFarm, type ForkedFarm, type PostgresFarm } from "../../support/postgres-farm.ts";
import { operatorOf } from "../../support/vault-farm.ts";

let farm: PostgresFarm;
let fork: ForkedFarm;
let operator: ReturnType<typeof operatorOf>;

beforeAll(async () => {
  farm = await postgresFarm();
  fork = await farm.fork();
  operator = operatorOf(fork);
});
afterAll(async () => {
  await fork?.[Symbol.asyncDispose]();
  await farm?.[Symbol.asyncDispose]();
});

/** A pg_dump in the way of the real one: what is in the path before it. */
const standIn = (text: string): Promise<string> =>
  fork.root("db1", `printf '%s\\n' '#!/bin/bash' ${text} > /usr/local/bin/pg_dump; chmod 0755 /usr/local/bin/pg_dump`);

// No older PostgreSQL can be installed beside this one: what it says is the real one's message, the program is not.
const older = `"echo 'pg_dump: error: aborting because of server version mismatch' >&2" 'exit 1'`;

test.each<[string, string]>([
  ["of an older major version", older],
  ["that dies in the middle", `'head -c 5000 /dev/urandom > database.dump' 'kill -9 $$'`],
  ["that says that all is well and writes nothing", `'exit 0'`],
  ["that leaves out what a table holds", `'exec /usr/bin/pg_dump --exclude-table-data="*.*" "$@"'`],
])("a pg_dump %s makes no set, and those that there are stay; mended, the next night's is made", async (_, text) => {
  const sets = () => fork.root("backup1", "cd /archive/postgres/db1; ls");
  const before = await sets();
  await standIn(text);
  const failed = await operator("back-up-postgres.mjs", "--server=db1", "--database=shop");
  expect(failed.code, failed.said).toBe(1);
  expect(await sets()).toBe(before);
  await fork.root("db1", "rm /usr/local/bin/pg_dump");
  const made = await operator("back-up-postgres.mjs", "--server=db1", "--database=shop");
  expect(made, made.said).toMatchObject({ code: 0 });
  const after = (await sets()).split("\n");
  expect(after).toHaveLength(before.split("\n").length + 1);
  const newest = after.findLast((name) => /^\d.*Z$/u.test(name));
  expect(await fork.root("backup1", `grep ^proven /archive/postgres/db1/${newest}/MANIFEST`)).toMatch(
    /^proven 20\d\d-/u,
  );
  // Nothing that was restored for proof is left beside the server.
  expect(await fork.root("db1", "cd /var/lib/pgsql; ls -d incoming restored 2> /dev/null || true")).toBe("");
});
