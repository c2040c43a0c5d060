/** The controller's image, written by ourselves: the same files, user and entry point as `controller/Dockerfile`. */
import { access, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { filesIn, partsFolder } from "../bundle.ts";
import { CONTROLLER_ENV, CONTROLLER_NODE_FLAGS } from "./controller-process.ts";
import { NODE_IN_IMAGE, NONROOT, nodeFiles, nodeProgram, ociArchitecture } from "./node-files.ts";
import { type OciRunConfig, writeOciArchive } from "./oci-archive.ts";
import { type LayerCompression, writeOciLayer } from "./oci-layer.ts";
import type { TarEntry } from "./tar-archive.ts";

/** What to write. */
export interface ControllerImageOptions {
  /** The bundle, by {@link ../bundle.ts | bundleCli}. */
  readonly bundle: string;
  /** Full, with registry and tag. */
  readonly name: string;
  readonly version: string;
  /** The archive to write; its folder is made. */
  readonly outFile: string;
  /** Default `gzip`. */
  readonly compression?: LayerCompression;
  readonly signal: AbortSignal;
}

/** An image, written. */
export interface WrittenImage {
  readonly name: string;
  /** Of the manifest: `sha256:` and 64 hexadecimal digits. */
  readonly digest: string;
  readonly compressedBytes: number;
  readonly unpackedBytes: number;
  readonly archive: string;
}

/**
 * Writes the image as an archive (see {@link writeOciArchive}). Equal inputs on one machine give equal bytes.
 * @throws Error on another system than Linux, or where the bundle is missing.
 */
export async function writeControllerImage(options: ControllerImageOptions): Promise<WrittenImage> {
  const { signal, outFile, name } = options;
  const folder = await mkdtemp(join(tmpdir(), "external-secrets-image-"));
  try {
    await mkdir(dirname(outFile), { recursive: true });
    const compression = options.compression ?? "gzip";
    const layers = [
      await writeOciLayer(await nodeFiles(await nodeProgram(), signal), folder, compression, signal),
      await writeOciLayer(await bundleFiles(options.bundle), folder, compression, signal),
    ];
    const architecture = ociArchitecture();
    const digest = await writeOciArchive(
      { name, architecture, config: controllerRunConfig(options.version), layers },
      outFile,
      signal,
    );
    return {
      name,
      digest,
      compressedBytes: layers.reduce((sum, layer) => sum + layer.sizeBytes, 0),
      unpackedBytes: layers.reduce((sum, layer) => sum + layer.unpackedBytes, 0),
      archive: outFile,
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function bundleFiles(bundle: string): Promise<TarEntry[]> {
  const entries: TarEntry[] = [
    { type: "File", path: "app/external-secrets.mjs", mode: 0o755, content: { file: bundle } },
  ];
  for (const file of await filesIn(partsFolder(bundle))) {
    entries.push({
      type: "File",
      path: `app/external-secrets-parts/${basename(file)}`,
      mode: 0o644,
      content: { file },
    });
  }
  const licences = `${bundle}.LEGAL.txt`;
  const hasLicences = await access(licences).then(
    () => true,
    () => false,
  );
  if (hasLicences) {
    entries.push({
      type: "File",
      path: "app/external-secrets.mjs.LEGAL.txt",
      mode: 0o644,
      content: { file: licences },
    });
  }
  return entries;
}

/**
 * How the controller runs. The entry point holds the subcommand, so that a Deployment's `args` are the controller's
 * flags alone, as they are with ESO's image. Ports: metrics 8080, health 8082 (ESO's defaults).
 */
export function controllerRunConfig(version: string): OciRunConfig {
  return {
    User: `${NONROOT}:${NONROOT}`,
    Entrypoint: [NODE_IN_IMAGE, ...CONTROLLER_NODE_FLAGS, "/app/external-secrets.mjs", "controller"],
    Env: [
      "PATH=/usr/local/bin",
      "NODE_ENV=production",
      "HOME=/home/nonroot",
      ...Object.entries(CONTROLLER_ENV).map(([name, value]) => `${name}=${value}`),
    ],
    WorkingDir: "/app",
    ExposedPorts: { "8080/tcp": {}, "8082/tcp": {} },
    Labels: {
      "org.opencontainers.image.title": "pulumi-external-secrets",
      "org.opencontainers.image.version": version,
      "org.opencontainers.image.licenses": "Apache-2.0",
    },
  };
}
