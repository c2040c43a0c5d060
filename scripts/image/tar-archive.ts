/** Writes tar archives whose bytes depend on their entries alone: sorted, owned by root, dated 1970. */
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { Header } from "tar";

/** One entry. `path` is relative, without `./` and without a slash at its end; at most 100 bytes. */
export type TarEntry =
  | { readonly type: "Directory"; readonly path: string; readonly mode: number }
  | { readonly type: "SymbolicLink"; readonly path: string; readonly target: string }
  | { readonly type: "File"; readonly path: string; readonly mode: number; readonly content: FileContent };

/** A file's bytes, or the file on this machine that has them. */
export type FileContent = Uint8Array | { readonly file: string };

const BLOCK_BYTES = 512;

/**
 * The archive's bytes, in order of path. Folders above an entry are added where they are not among `entries` (mode 0755).
 * @throws Error where two entries have one path, a path does not fit, or a file is missing or changes its size while it is read.
 */
export async function* tarArchive(entries: readonly TarEntry[]): AsyncGenerator<Uint8Array, void, undefined> {
  for (const entry of withParents(entries)) {
    const size = entry.type === "File" ? await sizeOf(entry.content) : 0;
    yield headerOf(entry, size);
    if (entry.type !== "File") continue;
    yield* bytesOf(entry.content, size);
    const rest = size % BLOCK_BYTES;
    if (rest > 0) yield new Uint8Array(BLOCK_BYTES - rest);
  }
  yield new Uint8Array(2 * BLOCK_BYTES);
}

/** The entries with every folder above them, each path once, parents first. */
function withParents(entries: readonly TarEntry[]): TarEntry[] {
  const byPath = new Map<string, TarEntry>();
  for (const entry of entries) {
    if (byPath.has(entry.path)) throw new Error(`tar archive: two entries for ${entry.path}`);
    byPath.set(entry.path, entry);
  }
  for (const { path } of entries) {
    for (let end = path.lastIndexOf("/"); end > 0; end = path.lastIndexOf("/", end - 1)) {
      const parent = path.slice(0, end);
      if (!byPath.has(parent)) byPath.set(parent, { type: "Directory", path: parent, mode: 0o755 });
    }
  }
  return [...byPath.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}

function headerOf(entry: TarEntry, size: number): Uint8Array {
  const block = Buffer.alloc(BLOCK_BYTES);
  const header = new Header({
    path: entry.type === "Directory" ? `${entry.path}/` : entry.path,
    type: entry.type,
    mode: entry.type === "SymbolicLink" ? 0o777 : entry.mode,
    uid: 0,
    gid: 0,
    size,
    mtime: new Date(0),
    ...(entry.type === "SymbolicLink" ? { linkpath: entry.target } : {}),
  });
  if (header.encode(block, 0)) throw new Error(`tar archive: ${entry.path} does not fit into a plain header`);
  return block;
}

async function sizeOf(content: FileContent): Promise<number> {
  return content instanceof Uint8Array ? content.length : (await stat(content.file)).size;
}

async function* bytesOf(content: FileContent, size: number): AsyncGenerator<Uint8Array, void, undefined> {
  if (content instanceof Uint8Array) {
    yield content;
    return;
  }
  let seen = 0;
  for await (const chunk of createReadStream(content.file, { highWaterMark: 1 << 20 }) as AsyncIterable<Uint8Array>) {
    seen += chunk.length;
    yield chunk;
  }
  if (seen !== size) throw new Error(`tar archive: ${content.file} changed while it was read`);
}
