import { schedule } from "../../dsl/index.ts";
import backUpDatabase from "../koji/back-up-database.ts";
import backUpCluster from "../postgres/back-up-cluster.ts";
import checkLog from "../postgres/check-log.ts";
import keepLog from "../postgres/keep-log.ts";
import pruneLog from "../postgres/prune-log.ts";
import blaze from "./blaze.ts";
import checkRepository from "./check-repository.ts";
import checkSets from "./check-sets.ts";
import copyRepository from "./copy-repository.ts";
import pruneRepository from "./prune-repository.ts";
import pruneSets from "./prune-sets.ts";
import wildfire from "./wildfire.ts";

/** Who keeps whose sets beside iraq. */
const peers = { hongkong: "ireland", ireland: "chile", chile: "australia", australia: "hongkong" } as const;

const holders = [
  ...Object.entries(peers).flatMap(([server, peer]) => [
    { server, holder: "iraq" },
    { server, holder: peer },
  ]),
  { server: "iraq", holder: "chile" },
  { server: "iraq", holder: "hongkong" },
];

/** Whose log goes to whom; to switch its archive on restarts PostgreSQL, which nobody is asked here: do that once, by hand. */
const log = { server: "ireland", holder: "iraq" } as const;

/** Who keeps the repository. */
const copies = [
  { server: "chile", holder: "iraq" },
  { server: "chile", holder: "australia" },
];

/**
 * The database's log is seen to arrive, the cluster copied and the database dumped. Every server's sets are made, brought to their two holders, asked for there, and only then the
 * old ones deleted. The repository comes last: it takes its time.
 */
export default schedule("servers-nightly", {
  at: ["03:10"],
  calls: [
    { runbook: keepLog, params: log },
    { runbook: backUpCluster, params: log },
    { runbook: backUpDatabase, params: { database: "koji" } },
    { runbook: blaze, params: { server: "iraq" } },
    ...Object.keys(peers).map((server) => ({ runbook: blaze, params: { server } })),
    ...holders.map((params) => ({ runbook: wildfire, params })),
    ...holders.map((params) => ({ runbook: checkSets, params })),
    ...holders.map((params) => ({ runbook: pruneSets, params })),
    { runbook: checkLog, params: log },
    { runbook: pruneLog, params: log },
    ...copies.map((params) => ({ runbook: copyRepository, params })),
    ...copies.map((params) => ({ runbook: checkRepository, params })),
    ...copies.map((params) => ({ runbook: pruneRepository, params })),
  ],
});
