import { reservedAsset } from "./errors.ts";
import { checkIdentifier } from "./identifier.ts";
import type { AssetRef, HostRef, Need } from "./plan/plan.ts";

/** Something of a host whose loss is a disaster. */
export interface Asset {
  readonly kind: "asset";
  readonly ref: AssetRef;
  /** The role of the host that holds it. */
  readonly role: Role;
}

/** What a host is there for, and the assets that every host of this role holds. */
export interface Role<N extends string = string, A extends string = string> {
  readonly kind: "role";
  readonly name: N;
  readonly assets: readonly A[];
}

interface HostBase {
  readonly kind: "host";
  readonly role: Role;
  readonly ref: HostRef;
}

/** Where a step can run: a host of the inventory or a host parameter. */
export type AnyHost = HostBase;

/** A host of the inventory, its assets as properties: `ireland.database`. */
export type Host<N extends string, A extends string> = HostBase & { readonly name: N; readonly elsewhere?: string } & {
  readonly [K in A]: Asset;
};

/** The host at hand of an `onEach`, with the assets of its role. As a word of a command it is the host's name. */
export type HostItem<A extends string> = HostBase & { readonly item: string } & { readonly [K in A]: Asset };

/** The hosts that a run's parameter lists. Steps run on them with `onEach`. */
export type HostsParam<A extends string> = AnyHosts & { readonly param: string; readonly role: Role<string, A> };

/** Hosts that a parameter lists, of whatever role. */
export interface AnyHosts {
  readonly kind: "hosts";
  readonly role: Role;
  readonly ref: { readonly param: string };
}

/** Several hosts of one role: those of a parameter, or some of the inventory. */
export type HostGroup<A extends string> = HostsParam<A> | readonly [Host<string, A>, ...Host<string, A>[]];

/** The host that a run's parameter names, with the assets of its role. As a word of a command it is the host's name. */
export type HostParam<A extends string> = HostBase & { readonly param: string } & { readonly [K in A]: Asset };

// What a host already has as properties.
const reserved = new Set(["kind", "role", "ref", "name", "elsewhere", "param", "item"]);

/** Declares a role and the assets that its hosts hold. */
export function role<const N extends string, const A extends string = never>(
  name: N,
  options: { readonly assets?: readonly A[] } = {},
): Role<N, A> {
  const assets = options.assets ?? [];
  checkIdentifier("The role", name);
  for (const asset of assets) {
    checkIdentifier("The asset", asset);
    if (reserved.has(asset)) throw reservedAsset(asset);
  }
  return { kind: "role", name, assets };
}

/** Declares a host. Where it is (address, pin, login) is no part of it: that is the binding's. */
export function host<const N extends string, A extends string>(
  name: N,
  as: Role<string, A>,
  /** Where it stands, if that is not the farm's own site. */
  options: { readonly elsewhere?: string } = {},
): Host<N, A> {
  checkIdentifier("The host", name);
  return { ...withAssets(as, { host: name }), name, ...options } as Host<N, A>;
}

/** The host that parameter `param` names. For the language itself: authors write `hostOf(role)`. */
export function hostParam<A extends string>(param: string, as: Role<string, A>): HostParam<A> {
  return { ...withAssets(as, { param }), param } as HostParam<A>;
}

/** The hosts that parameter `param` lists. For the language itself: authors write `hostsOf(role)`. */
export function hostsParam<A extends string>(param: string, as: Role<string, A>): HostsParam<A> {
  return { kind: "hosts", param, role: as, ref: { param } };
}

/** The host at hand of the `onEach` with this id. For the language itself. */
export function hostItem<A extends string>(item: string, as: Role<string, A>): HostItem<A> {
  return { ...withAssets(as, { item }), item } as HostItem<A>;
}

function withAssets(as: Role, ref: HostRef): HostBase & Record<string, unknown> {
  const assets = as.assets.map((asset) => [asset, { kind: "asset", ref: { of: ref, asset }, role: as }] as const);
  return { kind: "host", role: as, ref, ...Object.fromEntries(assets) };
}

/** Something a recovery needs that is not a host's asset. */
export interface Requirement {
  readonly kind: "requirement";
  readonly need: Need;
  readonly on?: AnyHost | AnyHosts;
}

/** Programs that a host must have, or each host that a parameter lists. */
export function tools(on: AnyHost | AnyHosts, ...programs: readonly [string, ...string[]]): Requirement {
  return { kind: "requirement", need: { need: "tools", on: on.ref, programs }, on };
}

/** A key, a credential or a document kept outside the hosts: `item("the operator's ssh key")`. */
export function item(what: string): Requirement {
  return { kind: "requirement", need: { need: "item", item: what } };
}
