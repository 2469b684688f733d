import { backupServer, databaseServer } from "../postgres/inventory.ts";
import { hub, scratchServer, storeServer } from "../koji/inventory.ts";

/** The roles of the management servers: what blaze makes sets of. Builders are made from an image, and have none. */
export const managementServers = [hub, databaseServer, storeServer, scratchServer, backupServer] as const;
