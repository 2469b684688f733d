/** Loaded before a script (`node --import`): its clock is off by the milliseconds that the file DRILLBOOK_CLOCK holds. */
import { existsSync, readFileSync } from "node:fs";

const file = process.env["DRILLBOOK_CLOCK"];
const { now } = Date;
const off = () => (existsSync(file) ? Number(readFileSync(file, "utf8")) : 0);

globalThis.Date = class extends Date {
  static now() {
    return now() + off();
  }

  constructor(...given) {
    super(...(given.length === 0 ? [now() + off()] : given));
  }
};
