import { isWrong, type Watched } from "./copies.ts";

type Labels = Readonly<Record<string, string>>;

/** What a watch came to, in Prometheus' text format: https://prometheus.io/docs/instrumenting/exposition_formats/ */
export function prometheusText({ at, copies, unanswered }: Watched): string {
  const labelled = copies.map((copy) => ({ copy, labels: { ...labelsOf(copy), host: copy.host, set: copy.set } }));
  return [
    metric(
      "copy_moment_seconds",
      "The moment of the newest whole copy of a set, in seconds since 1970.",
      labelled.flatMap(({ copy, labels }): Sample[] =>
        copy.moment === null ? [] : [[labels, Date.parse(copy.moment) / 1000]],
      ),
    ),
    metric(
      "copy_bytes",
      "Its size.",
      labelled.flatMap(({ copy, labels }): Sample[] => (copy.bytes === null ? [] : [[labels, copy.bytes]])),
    ),
    metric(
      "copy_wrong",
      "1 where it is late, missing, shrunken or otherwise not fresh.",
      labelled.map(({ copy, labels }): Sample => [{ ...labels, state: copy.state }, isWrong(copy) ? 1 : 0]),
    ),
    metric(
      "check_unanswered",
      "A check that gave no answer.",
      unanswered.map((each): Sample => [labelsOf(each), 1]),
    ),
    metric("watch_seconds", "When this was asked, in seconds since 1970: be alarmed where it is old.", [
      [{}, Math.floor(Date.parse(at) / 1000)],
    ]),
  ].join("");
}

type Sample = readonly [labels: Labels, value: number];

function labelsOf({ runbook, params }: { readonly runbook: string; readonly params: Labels }): Labels {
  return {
    ...Object.fromEntries(Object.entries(params).map(([name, text]) => [name.replaceAll("-", "_"), text])),
    runbook,
  };
}

function metric(name: string, help: string, samples: readonly Sample[]): string {
  const own = `drillbook_${name}`;
  return [
    `# HELP ${own} ${help}`,
    `# TYPE ${own} gauge`,
    ...samples.map(([labels, value]) => `${own}${inBraces(labels)} ${value}`),
    "",
  ].join("\n");
}

function inBraces(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, text]) => `${name}="${escaped(text)}"`);
  return pairs.length > 0 ? `{${pairs.join(",")}}` : "";
}

function escaped(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
}
