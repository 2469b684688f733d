import type { MediumRef, Plan } from "../../../dsl/plan/plan.ts";
import { assetOf, recovers, type CopyPlace, type Estate, type EstateHost, type ScheduledBackup } from "./estate.ts";

/**
 * - `scheduled`: no schedule makes a backup of it
 * - `copies`: fewer than three of it, the original counted
 * - `media`: all of them on one kind of medium
 * - `off-site`: none of them is kept elsewhere
 * - `offline`: every one of them is within reach of some machine
 * - `proven`: no drill restores what a backup of it makes
 * - `objective`: its backups are further apart than a recovery of it may lose
 * - `whole-site`: it is missing where a recovery of the whole site would begin; or the kit is
 * - `escrow`: the keys that open a copy lie where the copy lies
 */
export type Rule =
  "scheduled" | "copies" | "media" | "off-site" | "offline" | "proven" | "objective" | "whole-site" | "escrow";

export interface Violation {
  /** `host.asset`; of a medium, its name */
  readonly asset: string;
  readonly rule: Rule;
  readonly why: string;
}

export interface Audited {
  readonly violations: readonly Violation[];
  readonly exempt: readonly { readonly asset: string; readonly why: string }[];
}

/** What is known of a farm's backups without asking a machine. */
export interface Books {
  readonly estate: Estate;
  readonly backups: readonly ScheduledBackup[];
  readonly plans: readonly Plan[];
  /** Ids of the backups whose output some drill restores. */
  readonly drilled: ReadonlySet<string>;
}

/** Holds each asset of the inventory to the rule of 3-2-1-1-0, and to the objectives of its recoveries. */
export function audited(books: Books): Audited {
  const { estate } = books;
  const exempt = [
    ...estate.exemptions.map(({ asset, why }) => ({ asset: assetOf(asset.ref), why })),
    ...estate.archives.map(({ asset }) => ({ asset: assetOf(asset.ref), why: "it is copies of others" })),
  ];
  const assets = estate.hosts
    .flatMap((host) => host.role.assets.map((name) => ({ host, name, asset: `${host.name}.${name}` })))
    .filter(({ asset }) => !exempt.some((each) => each.asset === asset));
  const violations = [
    ...assets.flatMap((each) => ofAsset(each, books)),
    ...elsewhere(books.backups).flatMap((medium) => ofSite(medium, assets, books.backups)),
  ];
  return { violations, exempt };
}

interface Audit {
  readonly host: EstateHost;
  readonly name: string;
  readonly asset: string;
}

function ofAsset({ host, name, asset }: Audit, { backups, plans, drilled }: Books): readonly Violation[] {
  const all = backups.filter((backup) => backup.asset === asset);
  const own = all.filter(({ places }) => places.length > 0);
  if (own.length === 0) {
    const silent = listed(all.map(({ plan }) => plan.id));
    const why =
      silent === "" ? "no schedule makes a backup of it" : `where ${silent} keeps its copy is not said: keeps`;
    return [{ asset, rule: "scheduled", why }];
  }
  const copies = distinct(own.flatMap(({ places }) => places)).filter(
    (place) => !("host" in place && place.host === host.name),
  );
  const kinds = new Set(["disk", ...copies.map((place) => ("medium" in place ? place.on : "disk"))]);
  const violation = (rule: Rule, why: string): Violation => ({ asset, rule, why });
  const where = copies.length > 0 ? `on ${copies.map(placeName).join(", ")}` : "nowhere but on its own host";
  const closest = Math.min(...own.map(({ apartSeconds }) => apartSeconds));
  return [
    ...(copies.length < 2 ? [violation("copies", `three are wanted, the original counted; it is kept ${where}`)] : []),
    ...(kinds.size < 2 ? [violation("media", `all of them are on ${[...kinds].join()}s: ${where}`)] : []),
    ...(copies.some(({ site }) => site !== host.elsewhere)
      ? []
      : [violation("off-site", `all of them are where it is: ${where}`)]),
    ...(copies.some((place) => "offline" in place)
      ? []
      : [violation("offline", `a machine reaches every one: ${where}`)]),
    ...(own.some(({ plan }) => drilled.has(plan.id))
      ? []
      : [violation("proven", `no drill restores what ${listed(own.map(({ plan }) => plan.id))} makes`)]),
    ...plans.flatMap((plan) =>
      recovers(plan, host, name) && plan.objective.rpoSeconds < closest
        ? [
            violation(
              "objective",
              `${plan.id} may lose ${span(plan.objective.rpoSeconds)}, and it is backed up every ${span(closest)}`,
            ),
          ]
        : [],
    ),
    ...own.flatMap(({ plan, places }) => escrow(plan, places).map((why) => violation("escrow", why))),
  ];
}

function escrow({ id, opens }: Plan, places: readonly CopyPlace[]): readonly string[] {
  if (!opens) return [];
  return places
    .filter((place) => ("medium" in place && place.medium === opens.medium) || place.site === opens.site)
    .map(
      (place) =>
        `the keys to what ${id} seals are kept with it: ${opens.medium} and ${placeName(place)} at ${opens.site}`,
    );
}

/** Media on which a recovery of the whole site could begin. */
function elsewhere(backups: readonly ScheduledBackup[]): readonly MediumRef[] {
  return distinct(backups.flatMap(({ places }) => places)).filter((place) => "medium" in place);
}

function ofSite(
  medium: MediumRef,
  assets: readonly Audit[],
  backups: readonly ScheduledBackup[],
): readonly Violation[] {
  const missing = assets.filter(
    ({ asset }) =>
      !backups.some(
        (backup) => backup.asset === asset && backup.places.some((place) => placeName(place) === medium.medium),
      ),
  );
  return [
    ...missing.map(({ asset }): Violation => ({ asset, rule: "whole-site", why: `${medium.medium} lacks it` })),
    ...(medium.kit ? [] : [{ asset: medium.medium, rule: "whole-site", why: "it lacks the kit" } as const]),
  ];
}

function distinct(places: readonly CopyPlace[]): readonly CopyPlace[] {
  return [...new Map(places.map((place) => [placeName(place), place])).values()];
}

function placeName(place: CopyPlace): string {
  return "medium" in place ? place.medium : place.host;
}

function listed(words: readonly string[]): string {
  return [...new Set(words)].join(" or ");
}

function span(seconds: number): string {
  return seconds % 3600 === 0 ? `${seconds / 3600} h` : `${seconds / 60} min`;
}
