import { afterAll, beforeAll, describe, test } from "vitest";
import { courseOf, killAndResume, momentAt } from "../../support/kills.ts";
import { drill, postgresFarm, type PostgresFarm } from "../../support/postgres-farm.ts";

/** How many kills; the nightly sweep asks for more: `DRILLBOOK_KILLS=20 npm test -- kills`. */
const kills = Number(process.env["DRILLBOOK_KILLS"] ?? 2);

describe("a recovery whose runner is killed", () => {
  let farm: PostgresFarm;
  let course: Awaited<ReturnType<typeof courseOf>>;

  beforeAll(async () => {
    farm = await postgresFarm();
    course = await courseOf(farm, drill);
  });
  afterAll(() => farm?.[Symbol.asyncDispose]());

  const parts = Array.from({ length: kills }, (_, index) => Number(((index + Math.random()) / kills).toFixed(3)));

  test.each(parts)("at %d of its course ends, resumed, in the same world", (part) =>
    killAndResume(farm, drill, momentAt(course, part)),
  );
});
