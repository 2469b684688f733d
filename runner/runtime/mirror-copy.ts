import { sha256 } from "../journal/line.ts";
import type { Connection } from "../transport/transport.ts";

/** Where a host keeps copies of other runs' records: what a supervisor prunes is not among them. */
const folder = "/var/lib/drillbook/mirrors";

const put = `
umask 077
mkdir -p -- "$folder/kit" "$folder/output"
cd -- "$folder"
if [ "$at" = 0 ]; then
  cat >"$file.new"
  sync -- "$file.new"
  mv -- "$file.new" "$file"
else
  have=$(stat -c %s -- "$file")
  [ "$have" -ge "$at" ]
  dd of="$file" oflag=seek_bytes seek="$at" conv=notrunc status=none
  sync -- "$file"
fi`;

const look = `
cd -- "$folder" 2>/dev/null && [ -e journal.jsonl ] || exit 0
sha256sum <journal.jsonl
stat -c %s -- journal.jsonl`;

const isOver = `case $(tail -n 1 -- "$journal") in
  *'"type":"end","data":{"verdict":"completed"'* | *'"type":"end","data":{"verdict":"undone"'*) over=over ;;
  *) over=open ;;
esac`;

const runs = `
cd -- "$folder" 2>/dev/null || exit 0
for journal in */journal.jsonl; do
  [ -e "$journal" ] || continue
  ${isOver}
  printf '%s %s\\n' "$over" "\${journal%/*}"
done`;

// What is over is kept for the last twenty, and for thirty days; the newest and what is not over stay.
const prune = `
cd -- "$mirrors" 2>/dev/null || exit 0
kept=0
ls -t -- */journal.jsonl 2>/dev/null | while IFS= read -r journal; do
  kept=$((kept + 1))
  [ "$kept" -gt 1 ] && [ "\${journal%/*}" != "$run" ] || continue
  ${isOver}
  [ "$over" = over ] || continue
  if [ "$kept" -gt 20 ] || [ -n "$(find "$journal" -mtime +30)" ]; then rm -rf -- "./\${journal%/*}"; fi
done`;

const list = `
cd -- "$folder" 2>/dev/null || exit 0
find . -mindepth 1 -type f ! -name '*.new' -printf '%P\\n'`;

/** A run that a host has a copy of. */
export interface MirroredRun {
  readonly run: string;
  readonly over: boolean;
}

/** The copy of one run's record on a host. Its files have the names that they have in the run's folder. */
export class MirrorCopy {
  readonly #connection: Connection;
  readonly #folder: string;
  readonly #run: string;

  constructor(connection: Connection, run: string) {
    this.#run = run;
    this.#connection = connection;
    this.#folder = `${folder}/${run}`;
  }

  /** The runs that a host has copies of, and whether they are over, by the last line of each. @throws TransportError */
  static async runs(connection: Connection): Promise<readonly MirroredRun[]> {
    const { stdout } = await connection.inline({ text: runs, vars: { folder } }).result;
    return lines(stdout).map((line) => {
      const [over = "", run = ""] = line.split(" ");
      return { run, over: over === "over" };
    });
  }

  /** Removes what other runs that are over left there long ago. @throws TransportError */
  async prune(): Promise<void> {
    await this.#connection.inline({ text: prune, vars: { mirrors: folder, run: this.#run } }).result;
  }

  /** Puts bytes into a file, from an offset on: what is there already may be sent again. @throws TransportError, Error */
  async put(file: string, at: number, bytes: Uint8Array): Promise<void> {
    const vars = { folder: this.#folder, file, at: String(at) };
    const { status, stderr } = await this.#connection.inline({ text: put, vars, stdin: bytes }).result;
    if (status !== 0) throw new Error(new TextDecoder().decode(stderr).trim() || `exit status ${status}`);
  }

  /** Whether the copy of the journal is the beginning of these bytes; and how long it is. @throws TransportError */
  async compare(journal: Uint8Array): Promise<{ readonly bytes: number; readonly same: boolean }> {
    const { stdout } = await this.#connection.inline({ text: look, vars: { folder: this.#folder } }).result;
    const [digest = "", size = "0"] = new TextDecoder().decode(stdout).split("\n");
    const bytes = Number(size);
    return { bytes, same: bytes === 0 || digest.startsWith(sha256(journal.subarray(0, bytes))) };
  }

  /** Its files. @throws TransportError */
  async files(): Promise<readonly string[]> {
    const { stdout } = await this.#connection.inline({ text: list, vars: { folder: this.#folder } }).result;
    return lines(stdout);
  }

  /** @throws TransportError */
  async get(file: string): Promise<Uint8Array> {
    const vars = { folder: this.#folder, file };
    const { status, stdout } = await this.#connection.inline({ text: 'cat -- "$folder/$file"', vars }).result;
    if (status !== 0) throw new Error(`${file} cannot be read there`);
    return stdout;
  }
}

function lines(bytes: Uint8Array): readonly string[] {
  return new TextDecoder().decode(bytes).split("\n").filter(Boolean);
}
