import { procedure, sh, text, type AnyHost, type Ref } from "../../dsl/index.ts";

/** Fails where one of the copies that a check has told of is anything but fresh, and says which. */
export const allFresh = procedure(
  "fresh",
  ({ read }, { on, copies }: { readonly on: AnyHost; readonly copies: Ref<string> }) => {
    read("Whether each of them is fresh", {
      on,
      run: sh`
        copies=${copies}
        # It answers no where all are.
        wrong=$(grep -v '^fresh ' <<< "$copies" || true)
        [ -z "$wrong" ] || { printf '%s\n' "$wrong" >&2; exit 1; }
        printf 'all of them, %s\n' "$(wc -l <<< "$copies")"
      `,
      gives: text(),
    });
  },
);
