import type { Asset } from "./inventory.ts";

/** An asset that is not backed up by itself, and why that is right. An inventory exports it, so that `audit` knows. */
export interface Exemption {
  readonly kind: "exemption";
  readonly asset: Asset;
  readonly why: string;
}

/** Says that an asset needs no backup. */
export function notBackedUp(asset: Asset, why: string): Exemption {
  return { kind: "exemption", asset, why };
}

/** An asset that every backup of another one holds too. An inventory exports it. */
export interface Part {
  readonly kind: "part";
  readonly asset: Asset;
  readonly of: Asset;
}

/** Says that a backup of one asset holds another one too. */
export function backedUpWith(asset: Asset, of: Asset): Part {
  return { kind: "part", asset, of };
}

/** An asset that is copies of others and nothing else: where it is copied to, there are copies of them too. */
export interface Archive {
  readonly kind: "archive";
  readonly asset: Asset;
}

/** Says that an asset of a host is what that host keeps of others. It needs no copies of its own. */
export function holdsCopies(asset: Asset): Archive {
  return { kind: "archive", asset };
}
