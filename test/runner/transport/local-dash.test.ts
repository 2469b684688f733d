import { detachedContract } from "../../contracts/detached.contract.ts";
import { lockContract } from "../../contracts/lock.contract.ts";
import { transportContract } from "../../contracts/transport.contract.ts";
import { localSite } from "./sites.ts";

const make = async () => localSite("dash");

transportContract("this machine, under dash", make);
detachedContract("this machine, under dash", make);
lockContract("this machine, under dash", make);
