import type { Binding } from "../../binding.ts";
import { askTools, type ToolVersions } from "../../runtime/host-tools.ts";
import { SshTransport } from "../../transport/ssh.ts";
import { TransportError, type Connection } from "../../transport/transport.ts";
import type { Finding } from "./findings.ts";

/** Programs that are needed, by host. */
export type ToolsByHost = ReadonlyMap<string, ReadonlySet<string>>;

/** What a host answered: findings about it, and the versions of its programs. */
export interface HostAnswer {
  readonly findings: readonly Finding[];
  readonly versions: ToolVersions;
}

/**
 * Logs in to each host as a run would, in plan mode: it writes nothing but under /run, and starts nothing that outlives
 * the connection. Gives what was found, by host.
 */
export async function askHosts(binding: Binding, tools: ToolsByHost): Promise<ReadonlyMap<string, HostAnswer>> {
  await using transport = new SshTransport({ binding, run: "ready", mode: "plan" });
  const { atOnce } = await import("../../runtime/at-once.ts");
  const hosts = [...tools.keys()];
  const found = await atOnce(50, hosts, (host) => askHost(transport, host, [...(tools.get(host) ?? [])]));
  return new Map(
    hosts.map((host, index) => {
      const result = found[index];
      const answer = result?.status === "fulfilled" ? result.value : only(lost(host, result?.reason));
      return [host, answer] as const;
    }),
  );
}

async function askHost(transport: SshTransport, host: string, programs: readonly string[]): Promise<HostAnswer> {
  let connection: Connection;
  try {
    connection = await transport.connect(host);
  } catch (error) {
    // Whatever keeps this program out would keep a run out.
    if (error instanceof TransportError) return only({ kind: "host", state: "stops", host, what: error.message });
    throw error;
  }
  await using open = connection;
  const answers: Finding = {
    kind: "host",
    state: "ok",
    host,
    what: `${connection.identity.hostname} lets us in, as root`,
  };
  if (programs.length === 0) return only(answers);
  try {
    const versions = await askTools(open, programs);
    return { findings: [answers, toolsFinding(host, versions)], versions };
  } catch (error) {
    const what = error instanceof Error ? error.message : String(error);
    return { findings: [answers, { kind: "tools", state: "unknown", host, what }], versions: {} };
  }
}

function toolsFinding(host: string, versions: ToolVersions): Finding {
  const absent = Object.entries(versions).flatMap(([program, version]) => (version === null ? [program] : []));
  return absent.length > 0
    ? { kind: "tools", state: "stops", host, what: `it has no ${absent.join(", no ")}` }
    : { kind: "tools", state: "ok", host, what: `it has ${Object.keys(versions).join(", ")}` };
}

function only(finding: Finding): HostAnswer {
  return { findings: [finding], versions: {} };
}

function lost(host: string, error: unknown): Finding {
  const what = error instanceof Error ? error.message : String(error);
  return { kind: "host", state: "unknown", host, what };
}
