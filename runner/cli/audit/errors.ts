import { exitCode } from "../../exit-codes.ts";
import { RunError } from "../../run-error.ts";

export const noInventory = (): RunError =>
  new RunError(
    "DB3911",
    exitCode.usage,
    "It is not known which hosts there are.",
    'Name the module that exports them in package.json: "drillbook": { "inventory": "runbooks/inventory.ts" }.',
  );
