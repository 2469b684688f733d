import { afterAll } from "vitest";
import { detachedContract } from "../../contracts/detached.contract.ts";
import { lockContract } from "../../contracts/lock.contract.ts";
import { transportContract } from "../../contracts/transport.contract.ts";
import { startSshd } from "../../support/sshd.ts";
import { sshSite } from "./sites.ts";

const sshd = await startSshd();
afterAll(() => sshd[Symbol.asyncDispose]());
const make = async () => sshSite(sshd.bound);

transportContract("over ssh", make);
detachedContract("over ssh", make);
lockContract("over ssh", make);
