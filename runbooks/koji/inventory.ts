import { backedUpWith, holdsCopies, host, medium, notBackedUp, role } from "../../dsl/index.ts";
import { backupServer, databaseServer } from "../postgres/inventory.ts";

/** The build system's centre: `httpd` with the hub, the web interface and the store's files, `kojira`, the certificate authority. */
export const hub = role("hub", { assets: ["hub", "certificate-authority", "configuration", "secrets"] });

/** A server that holds /mnt/koji. */
export const storeServer = role("store", { assets: ["repository", "configuration", "secrets"] });

/** A server on which builders work: what lies there is gone tomorrow, and is not backed up. */
export const scratchServer = role("scratch", { assets: ["configuration", "secrets"] });

/** A machine that builds: it holds nothing of its own, and is made from an image. */
export const builder = role("builder");

export const hongkong = host("hongkong", hub);
export const ireland = host("ireland", databaseServer);
export const chile = host("chile", storeServer);
export const australia = host("australia", scratchServer);
export const iraq = host("iraq", backupServer);

/** The builders that a recovery waits for. Their number varies: those that are gone are disabled on the hub. */
export const builders = [host("cdot-panda-1-1", builder), host("cdot-panda-1-2", builder)] as const;

/** The drives that leave the room after they were written; which building they go to, an administrator fills in. */
export const carriedDrive = medium("carried-drive", {
  on: "removable-disk",
  site: "another building",
  offline: true,
  kit: true,
});

/** Where the escrow's copy of the key lies that opens the sealed sets; which safe that is, an administrator fills in. */
export const escrow = medium("key-escrow", { on: "paper", site: "a safe outside the server room", offline: true });

export const authorityRidesAlong = backedUpWith(hongkong["certificate-authority"], hongkong.configuration);
/** Passwords and private keys: what blaze takes out of the open sets and seals in the same night. */
export const secretsRideAlong = [hongkong, ireland, chile, australia, iraq].map(({ secrets, configuration }) =>
  backedUpWith(secrets, configuration),
);
export const hubIsMadeAnew = notBackedUp(
  hongkong.hub,
  "it is made anew of packages, hongkong's configuration and the database",
);
export const archiveIsCopies = holdsCopies(iraq.archive);
