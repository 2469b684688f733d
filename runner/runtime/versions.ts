import { exitCode } from "../exit-codes.ts";
import type { ExitCode } from "../run-error.ts";
import { SshTransport } from "../transport/ssh.ts";
import { askTools, toolsByHost, type ToolVersions } from "./host-tools.ts";
import type { Prepared } from "./prepare.ts";
import { stoppedBy } from "./stopping.ts";

/** What hosts have of the programs that a runbook needs: what `--versions` prints. */
export interface HostVersions {
  readonly v: 1;
  readonly hosts: Readonly<Record<string, { readonly role: string; readonly tools: ToolVersions }>>;
}

/** Asks the hosts of a call for the programs that the runbook needs there, and prints their versions as JSON. */
export async function versions({ head, binding, begin }: Prepared): Promise<ExitCode> {
  const hosts: Record<string, { readonly role: string; readonly tools: ToolVersions }> = {};
  try {
    await using transport = new SshTransport({ binding: binding.binding, run: "versions", mode: "plan" });
    for (const [host, programs] of toolsByHost(head.needs, begin.params)) {
      await using connection = await transport.connect(host);
      const role = binding.binding.hosts[host]?.role ?? "";
      hosts[host] = { role, tools: await askTools(connection, [...programs]) };
    }
  } catch (error) {
    throw stoppedBy(error);
  }
  process.stdout.write(`${JSON.stringify({ v: 1, hosts } satisfies HostVersions)}\n`);
  return exitCode.success;
}
