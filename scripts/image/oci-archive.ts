/** An OCI image as one tar archive: an OCI layout, with the file beside it by which older `docker load` finds its way. */
import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import type { OciLayer } from "./oci-layer.ts";
import { type TarEntry, tarArchive } from "./tar-archive.ts";

/** What a container of the image runs; field names are those of the OCI image specification. */
export interface OciRunConfig {
  /** Numeric `user:group`, so that a kubelet can prove `runAsNonRoot`. */
  readonly User: string;
  readonly Entrypoint: readonly string[];
  readonly Cmd?: readonly string[];
  readonly Env: readonly string[];
  readonly WorkingDir?: string;
  readonly ExposedPorts?: Readonly<Record<string, Readonly<Record<string, never>>>>;
  readonly Labels?: Readonly<Record<string, string>>;
}

/** An image to write. */
export interface OciImage {
  /** Full, with registry and tag: `localhost/name:1`. A kubelet finds the image by exactly this. */
  readonly name: string;
  /** As Go and OCI call it: `amd64`, `arm64`. */
  readonly architecture: string;
  readonly config: OciRunConfig;
  /** From the bottom up. */
  readonly layers: readonly OciLayer[];
}

const CREATED = "1970-01-01T00:00:00Z";

/**
 * Writes the archive to `outFile`, whole or not at all.
 * `ctr images import`, `docker load`, `podman load` and `skopeo copy oci-archive:` take it.
 * @returns the digest of the manifest.
 * @throws the signal's reason when it aborts.
 */
export async function writeOciArchive(image: OciImage, outFile: string, signal: AbortSignal): Promise<string> {
  const config = jsonBlob({
    architecture: image.architecture,
    os: "linux",
    created: CREATED,
    config: image.config,
    rootfs: { type: "layers", diff_ids: image.layers.map((layer) => layer.diffId) },
    history: image.layers.map(() => ({ created: CREATED, created_by: "pulumi-external-secrets image" })),
  });
  const manifest = jsonBlob({
    schemaVersion: 2,
    mediaType: "application/vnd.oci.image.manifest.v1+json",
    config: { mediaType: "application/vnd.oci.image.config.v1+json", digest: config.digest, size: config.bytes.length },
    layers: image.layers.map(({ mediaType, digest, sizeBytes }) => ({ mediaType, digest, size: sizeBytes })),
  });
  const entries: TarEntry[] = [
    textEntry("oci-layout", JSON.stringify({ imageLayoutVersion: "1.0.0" })),
    textEntry("index.json", JSON.stringify(indexOf(image, manifest))),
    textEntry(
      "manifest.json",
      JSON.stringify([
        {
          Config: blobPath(config.digest),
          RepoTags: [image.name],
          Layers: image.layers.map((layer) => blobPath(layer.digest)),
        },
      ]),
    ),
    ...[config, manifest].map((blob) => fileEntry(blobPath(blob.digest), blob.bytes)),
    ...image.layers.map((layer) => fileEntry(blobPath(layer.digest), { file: layer.file })),
  ];
  await writeWhole(entries, outFile, signal);
  return manifest.digest;
}

async function writeWhole(entries: readonly TarEntry[], outFile: string, signal: AbortSignal): Promise<void> {
  const draft = `${outFile}.tmp-${process.pid}`;
  try {
    await pipeline(tarArchive(entries), createWriteStream(draft), { signal });
    await rename(draft, outFile);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

interface JsonBlob {
  readonly bytes: Uint8Array;
  readonly digest: string;
}

function jsonBlob(value: unknown): JsonBlob {
  const bytes = Buffer.from(JSON.stringify(value));
  return { bytes, digest: `sha256:${createHash("sha256").update(bytes).digest("hex")}` };
}

function indexOf(image: OciImage, manifest: JsonBlob): unknown {
  const mediaType = "application/vnd.oci.image.manifest.v1+json";
  return {
    schemaVersion: 2,
    mediaType: "application/vnd.oci.image.index.v1+json",
    manifests: [
      {
        mediaType,
        digest: manifest.digest,
        size: manifest.bytes.length,
        platform: { architecture: image.architecture, os: "linux" },
        annotations: {
          "io.containerd.image.name": image.name,
          "org.opencontainers.image.ref.name": image.name.slice(image.name.lastIndexOf(":") + 1),
        },
      },
    ],
  };
}

const blobPath = (digest: string) => `blobs/sha256/${digest.slice("sha256:".length)}`;

const textEntry = (path: string, text: string) => fileEntry(path, Buffer.from(text));

function fileEntry(path: string, content: Uint8Array | { readonly file: string }): TarEntry {
  return { type: "File", path, mode: 0o644, content };
}
