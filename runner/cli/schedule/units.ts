/** A call of a script, with the words that it is called with. */
export interface ScheduledCall {
  readonly runbook: string;
  readonly words: readonly string[];
}

/** What the units of a schedule are made of. */
export interface Timetable {
  readonly id: string;
  /** The days of the week, as systemd writes them; every day where left out. */
  readonly on?: readonly string[];
  /** Times of the day in UTC: `03:10`. */
  readonly at: readonly string[];
  readonly calls: readonly ScheduledCall[];
}

/**
 * The units of a schedule by their names: a timer, a service for each call, and the service that the timer starts, which
 * wants all of the calls and fails where one of them did.
 */
export function unitsOf({ id, on = [], at, calls }: Timetable): ReadonlyMap<string, string> {
  const name = `drillbook-${id}`;
  const width = String(calls.length).length;
  const services = calls.map((call, index) => ({
    unit: `${name}-${String(index + 1).padStart(width, "0")}-${call.runbook}.service`,
    call,
  }));
  const names = services.map(({ unit }) => unit).join(" ");
  return new Map([
    [
      `${name}.timer`,
      unit({
        Unit: [["Description", `When ${id} begins`]],
        // What was missed while the machine was off is made up for when it is on again.
        Timer: [
          ...at.map(
            (time) => ["OnCalendar", `${on.length > 0 ? `${on.join(",")} ` : ""}*-*-* ${time}:00 UTC`] as const,
          ),
          ["Persistent", "true"],
        ],
        Install: [["WantedBy", "timers.target"]],
      }),
    ],
    [
      `${name}.service`,
      unit({
        Unit: [
          ["Description", `${id}: all of its calls`],
          ["Wants", names],
          ["After", names],
        ],
        Service: [
          ["Type", "oneshot"],
          ["ExecStart", `/bin/sh -c ${unitWord(`! systemctl is-failed ${names}`)}`],
        ],
      }),
    ],
    ...services.map(({ unit: own, call }, index): [string, string] => [
      own,
      unit({
        Unit: [
          ["Description", `${id}: ${call.runbook}`],
          ["Wants", "network-online.target"],
          // An order and no more: it is started whether the one before it did well or not.
          ["After", ["network-online.target", ...services.slice(0, index).map((each) => each.unit)].join(" ")],
        ],
        Service: [
          ["Type", "oneshot"],
          ["ExecStart", ["/usr/bin/env", "node", ...call.words].map(unitWord).join(" ")],
        ],
      }),
    ]),
  ]);
}

type Section = readonly (readonly [name: string, value: string])[];

function unit(sections: Readonly<Record<string, Section>>): string {
  return Object.entries(sections)
    .map(([name, lines]) => [`[${name}]`, ...lines.map(([key, value]) => `${key}=${value}`), ""].join("\n"))
    .join("\n");
}

/** One word of a command line as systemd reads it: see systemd.service(5), "Command lines". */
function unitWord(word: string): string {
  const escaped = word.replaceAll("%", "%%").replaceAll("$", () => "$$");
  if (/^[\w@:,./=+%$-]+$/u.test(escaped)) return escaped;
  return `"${escaped.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n")}"`;
}
