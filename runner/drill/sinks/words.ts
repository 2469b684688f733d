import type { Record as JournalRecord } from "../../journal/record.ts";
import { inOneLine } from "../errors.ts";
import type { DrillEvent } from "../events.ts";
import { showSeconds } from "../show.ts";

/** What an event says in one line; nothing for one that is not worth a line. A phase's own lines are the sink's. */
export function wordsOf(event: DrillEvent): string | undefined {
  switch (event.type) {
    case "begin":
      return [`${event.drill}: ${event.title}`, ...event.demonstration].join("; ");
    case "progress":
      return event.doing;
    case "step": {
      const what = recordWords(event.record);
      return what && `${event.title ?? event.runbook}: ${what}`;
    }
    case "probe":
      return `${event.asked.probe}: ${event.asked.answer} (${inOneLine(event.asked)})`;
    case "phase begun":
    case "phase ended":
    case "end":
      return undefined;
  }
}

function recordWords(record: JournalRecord): string | undefined {
  switch (record.type) {
    case "intent":
      return `runs on ${record.data.host}`;
    case "done":
      return `${record.data.how}, ${showSeconds(record.data.seconds)}`;
    case "read":
      return "read";
    case "failed":
      return `failed with exit status ${record.data.status} (${record.data.what})`;
    case "unknown":
      return `unknown, ${record.data.why}`;
    case "guard":
      return record.data.answer === "yes"
        ? undefined
        : ["refused, " + record.data.title, record.data.detail].filter(Boolean).join(": ");
    case "confirm":
      return `answered ${record.data.answer}, ${record.data.how === "given" ? "automated" : `by ${record.data.by}`}`;
    case "begin":
    case "resume":
    case "host":
    case "undo":
    case "mirror":
    case "rebound":
    case "adopted":
    case "resolved":
    case "end":
      return undefined;
  }
}
