export interface CompileFlags {
  readonly check?: true;
  readonly watch?: true;
  readonly html?: true;
  readonly json?: true;
}
