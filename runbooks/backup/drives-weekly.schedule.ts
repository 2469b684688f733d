import { schedule } from "../../dsl/index.ts";
import writeDrive from "./write-drive.ts";

/** All that iraq keeps is written to the drive that was plugged in on Friday, and carried away on Monday. */
export default schedule("drives-weekly", {
  on: ["Sat"],
  at: ["06:00"],
  calls: [{ runbook: writeDrive, params: { holder: "iraq" } }],
});
