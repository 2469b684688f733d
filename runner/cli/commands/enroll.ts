import { InvalidArgumentError, type Command } from "commander";
import type { EnrollFlags } from "../enroll/enroll.ts";

/** `drillbook enroll <host> [address]`: binds the machine that replaces a bound one. */
export function enrollCommand(program: Command): void {
  program
    .command("enroll <host> [address]")
    .description(
      "bind the machine that replaces a host: shows its key, asks that it be compared, keeps the former entry",
    )
    .requiredOption("--binding <file>", "where the hosts are (JSON); that host's entry is written anew")
    .option("--port <number>", "its port, where that changed", port)
    .option("--fingerprint <SHA256:…>", "what the machine's own console shows of its key, for unattended use")
    .action(async (host: string, address: string | undefined, flags: EnrollFlags) => {
      const { enroll } = await import("../enroll/enroll.ts");
      process.exitCode = await enroll(host, address, flags);
    });
}

function port(given: string): number {
  const number = Number(given);
  if (Number.isInteger(number) && number > 0 && number < 65_536) return number;
  throw new InvalidArgumentError("Write a port, 1 to 65535.");
}
