/** Imports the scripts that it is told of, under Node itself, and answers with what each says. */
import { pathToFileURL } from "node:url";

process.on("message", async ({ script, runtime }) => {
  try {
    await import(pathToFileURL(script).href);
    const { recorded } = await import(pathToFileURL(runtime).href);
    process.send({ recorded });
  } catch (error) {
    process.send({ error: String(error.stack) });
  }
});
