/** One layer of an OCI image: a tar archive on disk, with the two digests that an image names it by. */
import { createHash, type Hash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { rename } from "node:fs/promises";
import { join } from "node:path";
import { PassThrough, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { type TarEntry, tarArchive } from "./tar-archive.ts";

/** A layer, written. Digests are `sha256:` and 64 hexadecimal digits. */
export interface OciLayer {
  readonly mediaType: string;
  /** Of the blob as stored. */
  readonly digest: string;
  readonly sizeBytes: number;
  /** Of the tar archive before compression. */
  readonly diffId: string;
  readonly unpackedBytes: number;
  /** The blob, named by the hexadecimal digits of its digest. */
  readonly file: string;
}

/** `none` is for images that never leave this machine: five times faster to write. */
export type LayerCompression = "gzip" | "none";

/**
 * Writes the layer into `folder`, streaming: memory use does not grow with the layer.
 * @throws the signal's reason when it aborts; what {@link tarArchive} throws.
 */
export async function writeOciLayer(
  entries: readonly TarEntry[],
  folder: string,
  compression: LayerCompression,
  signal: AbortSignal,
): Promise<OciLayer> {
  const plain = meter();
  const stored = meter();
  const draft = join(folder, `layer-${process.hrtime.bigint()}.tmp`);
  const compressor = compression === "gzip" ? createGzip() : new PassThrough();
  await pipeline(tarArchive(entries), plain.stream, compressor, stored.stream, createWriteStream(draft), { signal });
  const hex = stored.hash.digest("hex");
  const file = join(folder, hex);
  await rename(draft, file);
  return {
    mediaType: `application/vnd.oci.image.layer.v1.tar${compression === "gzip" ? "+gzip" : ""}`,
    digest: `sha256:${hex}`,
    sizeBytes: stored.bytes(),
    diffId: `sha256:${plain.hash.digest("hex")}`,
    unpackedBytes: plain.bytes(),
    file,
  };
}

/** Passes bytes on, and counts and hashes them. */
function meter(): { readonly stream: Transform; readonly hash: Hash; readonly bytes: () => number } {
  const hash = createHash("sha256");
  let bytes = 0;
  const stream = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      bytes += chunk.length;
      done(null, chunk);
    },
  });
  return { stream, hash, bytes: () => bytes };
}
