import type { Binding } from "../../binding.ts";
import { SshTransport } from "../../transport/ssh.ts";
import { TransportError, type Connection } from "../../transport/transport.ts";
import type { Finding } from "./findings.ts";

/** Programs that are needed, by host. */
export type ToolsByHost = ReadonlyMap<string, ReadonlySet<string>>;

/**
 * Logs in to each host as a run would, in plan mode: it writes nothing but under /run, and starts nothing that outlives
 * the connection. Gives what was found, by host.
 */
export async function askHosts(binding: Binding, tools: ToolsByHost): Promise<ReadonlyMap<string, readonly Finding[]>> {
  await using transport = new SshTransport({ binding, run: "ready", mode: "plan" });
  const { atOnce } = await import("../../runtime/at-once.ts");
  const hosts = [...tools.keys()];
  const found = await atOnce(50, hosts, (host) => askHost(transport, host, [...(tools.get(host) ?? [])]));
  return new Map(
    hosts.map((host, index) => {
      const result = found[index];
      return [host, result?.status === "fulfilled" ? result.value : [lost(host, result?.reason)]] as const;
    }),
  );
}

async function askHost(
  transport: SshTransport,
  host: string,
  programs: readonly string[],
): Promise<readonly Finding[]> {
  let connection: Connection;
  try {
    connection = await transport.connect(host);
  } catch (error) {
    // Whatever keeps this program out would keep a run out.
    if (error instanceof TransportError) return [{ kind: "host", state: "stops", host, what: error.message }];
    throw error;
  }
  await using open = connection;
  const answers: Finding = {
    kind: "host",
    state: "ok",
    host,
    what: `${connection.identity.hostname} lets us in, as root`,
  };
  if (programs.length === 0) return [answers];
  const { status, stdout } = await open.inline({ text: missing, vars: { programs: programs.join("\n") } }).result;
  const absent = new TextDecoder().decode(stdout).trim().split("\n").filter(Boolean);
  if (status !== 0)
    return [answers, { kind: "tools", state: "unknown", host, what: "its programs could not be asked for" }];
  return [
    answers,
    absent.length > 0
      ? { kind: "tools", state: "stops", host, what: `it has no ${absent.join(", no ")}` }
      : { kind: "tools", state: "ok", host, what: `it has ${programs.join(", ")}` },
  ];
}

const missing = `while IFS= read -r program; do
  command -v -- "$program" > /dev/null || printf '%s\\n' "$program"
done <<< "$programs"`;

function lost(host: string, error: unknown): Finding {
  const what = error instanceof Error ? error.message : String(error);
  return { kind: "host", state: "unknown", host, what };
}
