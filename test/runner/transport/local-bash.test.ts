import { detachedContract } from "../../contracts/detached.contract.ts";
import { lockContract } from "../../contracts/lock.contract.ts";
import { transportContract } from "../../contracts/transport.contract.ts";
import { localSite } from "./sites.ts";

// As sh, bash reads no start-up file even where its stdin is a socket; called by its own name it would.
const make = async () => localSite("bash --norc --posix");

transportContract("this machine, under bash in POSIX mode", make);
detachedContract("this machine, under bash in POSIX mode", make);
lockContract("this machine, under bash in POSIX mode", make);
