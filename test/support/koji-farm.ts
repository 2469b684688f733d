import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { prepareEngine } from "../../fixtures/engine/index.ts";
import { Farm, type HostPlan } from "../../fixtures/farm/farm.ts";
import { place } from "../../fixtures/farm/furnish/place.ts";
import { certify } from "../../fixtures/worlds/fedora-arm/certificates.ts";
import { configure } from "../../fixtures/worlds/fedora-arm/configuration.ts";
import { furnishDatabase } from "../../fixtures/worlds/fedora-arm/database.ts";
import { freshHosts } from "../../fixtures/worlds/fedora-arm/images.ts";
import { mountStore } from "../../fixtures/worlds/fedora-arm/store.ts";

/** A hub with its database, its store and a client: the part of the farm that answers calls. No builder works on it. */
export interface KojiFarm extends AsyncDisposable {
  readonly farm: Farm;
  /** Runs a bash command as root on a host. @throws MachineError on any status but 0 */
  on(host: KojiHost, command: string): Promise<string>;
  /** Runs SQL as the owner of the hub's database, and gives what it prints: unaligned, without headings. */
  sql(text: string): Promise<string>;
  /** Gives the client a certificate of that name, as `/root/.koji/NAME.pem`; the authority may have issued it already. */
  certificate(...names: readonly string[]): Promise<void>;
  /** Makes the database anew, as that of a hub that was just set up, with these further rows. */
  reset(rows: string): Promise<void>;
}

const hosts = ["ireland", "hongkong", "chile", "bastion"] as const;

export type KojiHost = (typeof hosts)[number];

/** Raises it, furnished as the farm's world is. */
export async function kojiFarm(): Promise<KojiFarm> {
  await prepareEngine(() => undefined);
  const fresh = await freshHosts(() => undefined);
  const farm = await Farm.raise(Object.fromEntries(hosts.map((host) => [host, fresh[host] as HostPlan])));
  try {
    await furnish(farm);
    return asKojiFarm(farm);
  } catch (error) {
    await farm[Symbol.asyncDispose]();
    throw error;
  }
}

async function furnish(farm: Farm): Promise<void> {
  const password = randomBytes(16).toString("hex");
  await Promise.all([
    furnishDatabase(farm.machine("ireland"), password),
    mountStore(farm.machine("hongkong"), farm.machine("chile")),
    configure(farm, { "database-password": password, "web-secret": "a secret of the web" }).then(() => certify(farm)),
  ]);
  await farm.machine("hongkong").run("systemctl enable --now httpd");
}

function asKojiFarm(farm: Farm): KojiFarm {
  const on: KojiFarm["on"] = (host, command) => farm.machine(host).run(command);
  const sql: KojiFarm["sql"] = async (text) => {
    const asked = { path: "asked.sql", bytes: Buffer.from(`set role koji;\n${text}`), executable: false };
    await farm.machine("ireland").put("/var/tmp", [asked]);
    return await on("ireland", `cd / && runuser -u postgres -- ${psql} </var/tmp/asked.sql`);
  };
  return {
    farm,
    on,
    sql,
    async certificate(...names) {
      const issue = names.map((name) => `{ [ -e ${name}.pem ] || koji-ca issue ${name}; }`);
      const shown = names.map((name) => `cat ${name}.pem`);
      await on("hongkong", `cd /etc/pki/koji && { ${issue.join(" && ")}; } >/dev/null 2>&1`);
      for (const [index, name] of names.entries())
        await place(
          farm.machine("bastion"),
          `/root/.koji/${name}.pem`,
          await on("hongkong", `cd /etc/pki/koji && ${shown[index] ?? ""}`),
        );
    },
    async reset(rows) {
      const schema = await readFile(new URL("../../fixtures/koji/hub/schema.sql", import.meta.url), "utf8");
      await sql(
        `drop owned by koji;\nreset role;\ncreate schema if not exists public authorization koji;\nset role koji;\n${schema}\n${rows}`,
      );
    },
    [Symbol.asyncDispose]: () => farm[Symbol.asyncDispose](),
  };
}

const psql = "psql --no-psqlrc --quiet --no-align --tuples-only --set=ON_ERROR_STOP=1 --dbname=koji";
