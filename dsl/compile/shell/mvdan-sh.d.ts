declare module "mvdan-sh" {
  interface Node {
    readonly Value?: unknown;
    readonly Negated?: boolean;
    readonly Background?: boolean;
    Pos(): { Offset(): number };
    End(): { Offset(): number };
  }
  const shell: {
    readonly syntax: {
      readonly LangBash: number;
      KeepComments(keep: boolean): unknown;
      Variant(language: number): unknown;
      NewParser(...options: readonly unknown[]): { Parse(text: string, name: string): Node };
      NodeType(node: Node): string;
      Walk(node: Node, visit: (node: Node | null) => boolean): void;
    };
  };
  export default shell;
}
