import type { AssetRef, HostRef, MediumRef, Plan } from "../../../dsl/plan/plan.ts";
import { rolesOf } from "../../../dsl/plan/types.ts";
import type { Archive, Exemption, Part } from "../../../dsl/exemption.ts";
import type { Call } from "../../../dsl/drill.ts";
import type { Schedule } from "../../../dsl/schedule.ts";

/** A host of the inventory, as far as an audit looks. */
export interface EstateHost {
  readonly name: string;
  /** Where it stands, if that is not the farm's own site. */
  readonly elsewhere?: string;
  readonly role: { readonly name: string; readonly assets: readonly string[] };
}

/** Hosts, and what of them needs no backup. */
export interface Estate {
  readonly hosts: readonly EstateHost[];
  readonly exemptions: readonly Exemption[];
  readonly parts: readonly Part[];
  readonly archives: readonly Archive[];
}

/** A place of a copy: a host of the inventory, or a medium. */
export type CopyPlace = { readonly host: string; readonly site: string | undefined } | MediumRef;

/** A backup that is made by schedule, of one asset. */
export interface ScheduledBackup {
  /** `host.asset` */
  readonly asset: string;
  readonly plan: Plan;
  /** How much time's worth of data may be missing from it when it is at its oldest. */
  readonly apartSeconds: number;
  readonly places: readonly CopyPlace[];
}

/** What an audit looks for in an inventory, by its kind. */
interface Kinds {
  readonly host: EstateHost;
  readonly exemption: Exemption;
  readonly part: Part;
  readonly archive: Archive;
}

/** The hosts and exemptions among what an inventory exports. */
export function estateOf(exported: readonly unknown[]): Estate {
  const all = exported.flatMap((each) => (Array.isArray(each) ? (each as unknown[]) : [each])) as readonly {
    readonly kind?: unknown;
  }[];
  const of = <K extends keyof Kinds>(kind: K): readonly Kinds[K][] =>
    all.filter((each) => each?.kind === kind) as unknown as readonly Kinds[K][];
  return {
    hosts: [...new Map(of("host").map((host) => [host.name, host])).values()],
    exemptions: of("exemption"),
    parts: of("part"),
    archives: of("archive"),
  };
}

/** The backups that schedules make, with hosts instead of parameters. */
export function backupsOf(schedules: readonly Schedule[], estate: Estate): readonly ScheduledBackup[] {
  const made = schedules.flatMap(({ apartSeconds, options }) =>
    options.calls.flatMap((call) => backupsOfCall(call, apartSeconds, estate)),
  );
  // What is copied out of an archive is a copy of all that is copied into it.
  const onward = estate.archives.flatMap(({ asset: { ref } }) =>
    made.flatMap((backup) => (backup.asset === assetOf(ref) ? [{ from: nameOf(ref.of, {}), to: backup.places }] : [])),
  );
  return made.map((backup) => ({
    ...backup,
    places: [
      ...backup.places,
      ...onward.flatMap(({ from, to }) =>
        backup.places.some((place) => "host" in place && place.host === from) ? to : [],
      ),
    ],
  }));
}

function backupsOfCall(
  { runbook: { plan }, params = {} }: Call,
  apartSeconds: number,
  { hosts, parts }: Estate,
): readonly ScheduledBackup[] {
  if (!plan.backsUp) return [];
  const placeOf = (place: HostRef | MediumRef): CopyPlace => {
    if ("medium" in place) return place;
    const name = nameOf(place, params);
    return { host: name, site: hosts.find((each) => each.name === name)?.elsewhere };
  };
  const asset = assetOf(plan.backsUp, params);
  const held = parts.flatMap((part) => (assetOf(part.of.ref) === asset ? [assetOf(part.asset.ref)] : []));
  return [asset, ...held].map((each) => ({
    asset: each,
    plan,
    apartSeconds: plan.continuous ? plan.objective.rpoSeconds : apartSeconds,
    places: (plan.keeps ?? []).map(placeOf),
  }));
}

/** Whether a runbook recovers an asset of such a host. */
export function recovers({ recovers: of, params }: Plan, host: EstateHost, asset: string): boolean {
  if (of?.asset !== asset) return false;
  if ("host" in of.of) return of.of.host === host.name;
  const type = "param" in of.of ? params[of.of.param]?.type : undefined;
  return type?.type === "host" && rolesOf(type).includes(host.role.name);
}

/** `host.asset` */
export function assetOf({ of, asset }: AssetRef, params: Readonly<Record<string, string>> = {}): string {
  return `${nameOf(of, params)}.${asset}`;
}

function nameOf(host: HostRef, params: Readonly<Record<string, string>>): string {
  return "host" in host ? host.host : "param" in host ? (params[host.param] ?? "") : host.item;
}
