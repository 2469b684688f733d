import { isHost, procedure, sh, type AnyHost, type Ref } from "../../dsl/index.ts";

/** Gives a set that has arrived whole its name among those that a holder keeps of ireland. */
export const keepSet = procedure(
  "keep",
  ({ change }, { on, set }: { readonly on: AnyHost; readonly set: Ref<string> }) => {
    change("Give the set its name", {
      on,
      as: "backup",
      effect: "idempotent",
      guard: [isHost(on)],
      run: sh`
        set=${set}
        cd -- /archive/blaze-backup/ireland
        [ -e "$set" ] || mv -T -- ".incoming-$set" "$set"
        sync -- .
      `,
      verify: sh`
        set=${set}
        [ -s "/archive/blaze-backup/ireland/$set/MANIFEST" ]
      `,
    });
  },
);
