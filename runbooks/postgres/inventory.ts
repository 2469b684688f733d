import { host, role } from "../../dsl/index.ts";

/** A server whose PostgreSQL cluster lies in /var/lib/pgsql/data and is run by `postgresql.service`. */
export const databaseServer = role("database-server", { assets: ["database", "configuration", "secrets"] });

/** A server that keeps the sets of others below /archive. */
export const backupServer = role("backup-server", { assets: ["archive", "configuration", "secrets"] });

export const db1 = host("db1", databaseServer);
export const backup1 = host("backup1", backupServer);
