import { readFileSync } from "node:fs";

const keeper = part("-answers") + part("-keeper");

/** The program at the far end of a connection. The build of the runtime file puts the text itself here. */
export const supervisorText: string = [
  part("-answers"),
  // The bash that runs jobs is given its part as one constant.
  `keeper='${keeper.replaceAll("'", String.raw`'\''`)}'\n`,
  part("-jobs"),
  part("-lock"),
  part(""),
].join("\n");

function part(name: string): string {
  return readFileSync(new URL(`supervisor${name}.sh`, import.meta.url), "utf8");
}
