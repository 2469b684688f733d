import { Command } from "commander";
import { auditCommand } from "./commands/audit.ts";
import { compileCommand } from "./commands/compile.ts";
import { coverageCommand } from "./commands/coverage.ts";
import { doctorCommand } from "./commands/doctor.ts";
import { drillCommand } from "./commands/drill.ts";
import { enrollCommand } from "./commands/enroll.ts";
import { journalCommand } from "./commands/journal.ts";
import { listCommand } from "./commands/list.ts";
import { markCommand } from "./commands/mark.ts";
import { planCommand } from "./commands/plan.ts";
import { readyCommand } from "./commands/ready.ts";
import { rehearseCommand } from "./commands/rehearse.ts";
import { resumeCommand } from "./commands/resume.ts";
import { runCommand } from "./commands/run.ts";
import { scheduleCommand } from "./commands/schedule.ts";
import { undoCommand } from "./commands/undo.ts";
import { watchCommand } from "./commands/watch.ts";
import { report } from "./failure.ts";

// The composition root. Each command registers itself with light imports only; what is heavy it loads in its action.
const commands = [
  compileCommand,
  listCommand,
  planCommand,
  runCommand,
  resumeCommand,
  undoCommand,
  markCommand,
  enrollCommand,
  readyCommand,
  scheduleCommand,
  watchCommand,
  journalCommand,
  rehearseCommand,
  drillCommand,
  coverageCommand,
  auditCommand,
  doctorCommand,
];

const program = new Command("drillbook")
  .description("Backup and recovery runbooks that have already been survived.")
  .showHelpAfterError()
  .enablePositionalOptions()
  .exitOverride();
for (const register of commands) register(program);

// A reader that has gone away (`| head`) is no failure. (Of stderr nobody would read it; and a stream costs when it is made.)
process.stdout.on("error", () => {});

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = report(error);
}
