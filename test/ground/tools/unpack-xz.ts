/** Unpacks one `.xz` file and proves its checksum on the way. */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { createReadStream, createWriteStream } from "node:fs";
import { rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { ReadableStream } from "node:stream/web";
import { findOnPath } from "./find-on-path.ts";
import { hashing } from "./hashing.ts";

export interface UnpackOptions {
  /** Where `xz` is looked for. Without one there, the unpacking is done in this process, several times slower. */
  readonly searchPath?: string | undefined;
  /** SHA-256 of the archive, hex; unset: not checked. */
  readonly sha256?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Unpacks `archive` into the file `target`, which becomes executable.
 * @throws when the archive is damaged or its checksum is another one; `target` is removed then.
 */
export async function unpackXz(archive: string, target: string, options: UnpackOptions = {}): Promise<void> {
  const hash = createHash("sha256");
  const source = Readable.from(hashing(createReadStream(archive), hash));
  try {
    const xz = await findOnPath("xz", options.searchPath);
    if (xz === undefined) await unpackInProcess(source, target, options.signal);
    else await unpackByProgram(xz, source, target, options.signal);
    const sha256 = hash.digest("hex");
    if (options.sha256 !== undefined && sha256 !== options.sha256) {
      throw new Error(`the SHA-256 of ${archive} is ${sha256}, not ${options.sha256}: fetch or pack it again`);
    }
  } catch (error) {
    await rm(target, { force: true });
    throw error;
  }
}

async function unpackByProgram(
  xz: string,
  source: Readable,
  target: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const child = spawn(xz, ["-dc"], { stdio: ["pipe", "pipe", "pipe"], ...(signal === undefined ? {} : { signal }) });
  const errors: Buffer[] = [];
  child.stderr.on("data", (chunk: Buffer) => errors.push(chunk));
  const ended = once(child, "close");
  const results = await Promise.allSettled([
    pipeline(source, child.stdin),
    pipeline(child.stdout, createWriteStream(target, { mode: 0o755 })),
    ended,
  ]);
  signal?.throwIfAborted();
  const said = Buffer.concat(errors).toString("utf8").trim();
  if (child.exitCode !== 0) throw new Error(`xz cannot unpack ${target}: ${said || `it ended with ${child.exitCode}`}`);
  for (const result of results) if (result.status === "rejected") throw result.reason;
}

async function unpackInProcess(source: Readable, target: string, signal: AbortSignal | undefined): Promise<void> {
  // A CommonJS package whose exports Node does not see by name. Loaded only here: it is seldom needed.
  const loaded: typeof import("xz-decompress") = createRequire(import.meta.url)("xz-decompress");
  const { XzReadableStream } = loaded;
  const packed = Readable.toWeb(source);
  const unpacked = new XzReadableStream(ReadableStream.from<Uint8Array>(packed));
  await pipeline(Readable.fromWeb(unpacked), createWriteStream(target, { mode: 0o755 }), {
    ...(signal === undefined ? {} : { signal }),
  });
}
