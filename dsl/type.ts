import type { HostParam, HostsParam, Role } from "./inventory.ts";
import type { ScalarType, TypeSpec } from "./plan/plan.ts";
import type { Ref } from "./ref.ts";

declare const typed: unique symbol;

/** What a parameter or a capture holds. `A` is what the reference made of it stands for. */
export interface Type<A> {
  readonly [typed]?: (value: A) => A;
  readonly spec: TypeSpec;
  /** One sentence on what the value is for, shown by `--help` and on the page. */
  readonly doc: string;
}

/** A type whose value may be absent: as a parameter it need not be given, as a capture its text may be empty. */
export interface Scalar<A> extends Type<A> {
  optional(): Type<A | undefined>;
}

function scalar<A>(type: ScalarType, doc = ""): Scalar<A> {
  return { spec: { type }, doc, optional: () => ({ spec: { type, optional: true }, doc }) };
}

/** Any UTF-8 text without NUL, line breaks included. */
export const text = (doc?: string): Scalar<string> => scalar("text", doc);
/** Text of one line. */
export const line = (doc?: string): Scalar<string> => scalar("line", doc);
/** An absolute path. */
export const path = (doc?: string): Scalar<string> => scalar("path", doc);
/** A plain name: letters, digits, `.`, `_`, `-`, beginning with a letter, digit or `_`. */
export const name = (doc?: string): Scalar<string> => scalar("name", doc);
/** An instant in UTC, written `2026-03-28T19:44:00Z`. */
export const timestamp = (doc?: string): Scalar<string> => scalar("timestamp", doc);
/** A whole number within ±(2^53 − 1). */
export const integer = (doc?: string): Scalar<number> => scalar("integer", doc);
/** `true` or `false`. */
export const bool = (doc?: string): Scalar<boolean> => scalar("boolean", doc);

/** One of the given words. */
export function choice<const W extends readonly [string, ...string[]]>(of: W, doc = ""): Scalar<W[number]> {
  return {
    spec: { type: "choice", of },
    doc,
    optional: () => ({ spec: { type: "choice", of, optional: true }, doc }),
  };
}

/** A list, one item a line of output. It is walked with `forEach`; it never stands in a command as a word. */
export function list<A>(of: Type<A>): Type<readonly A[]> {
  return { spec: { type: "list", of: of.spec }, doc: of.doc };
}

/** The type of a host parameter: `params.server` is then a host that steps can run on, with the role's assets. */
export interface HostType<A extends string> {
  readonly spec: Extract<TypeSpec, { readonly type: "host" }>;
  readonly doc: string;
  readonly role: Role<string, A>;
}

/** A parameter that names a host of the given role, or of one of several: one runbook serves every such host. */
export function hostOf<A extends string>(role: Role<string, A>, doc?: string): HostType<A>;
export function hostOf<const R extends Roles>(roles: R, doc?: string): HostType<CommonAsset<R[number]>>;
export function hostOf(of: Role | Roles, doc = ""): HostType<string> {
  if (!isRoles(of)) return { spec: { type: "host", role: of.name }, doc, role: of };
  const [first, ...others] = of;
  const assets = first.assets.filter((asset) => others.every((other) => other.assets.includes(asset)));
  return { spec: { type: "host", role: of.map(({ name }) => name) }, doc, role: { ...first, assets } };
}

type Roles = readonly [Role, Role, ...Role[]];

/** The assets that hosts of every one of the roles hold: those that steps can name, whichever host it is. */
type CommonAsset<R extends Role> = keyof (R extends Role<string, infer A> ? Record<A, never> : never) & string;

function isRoles(of: Role | Roles): of is Roles {
  return Array.isArray(of);
}

/** The type of a parameter that lists hosts: `params.builders` is then what `onEach` takes. */
export interface HostsType<A extends string> {
  readonly spec: { readonly type: "list"; readonly of: { readonly type: "host"; readonly role: string } };
  readonly doc: string;
  readonly role: Role<string, A>;
}

/** A parameter that names hosts of the given role, one or more: `--builders b1 --builders b2`. */
export function hostsOf<A extends string>(role: Role<string, A>, doc = ""): HostsType<A> {
  return { spec: { type: "list", of: { type: "host", role: role.name } }, doc, role };
}

/** What `params` holds for each declared type. */
export type ParamOf<T> =
  T extends HostType<infer A>
    ? HostParam<A>
    : T extends HostsType<infer A>
      ? HostsParam<A>
      : T extends Type<infer A>
        ? Ref<A>
        : never;
