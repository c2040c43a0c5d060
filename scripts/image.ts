/** `npm run image`: makes the controller's image, and prints its digest, its size and the controller's memory at rest. */
import { createReadStream } from "node:fs";
import { mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { pipeline } from "node:stream/promises";
import { parseArgs } from "node:util";
import { createGzip } from "node:zlib";
import { bundleCli, bundleFile } from "./bundle.ts";
import {
  buildWithEngine,
  ENGINES,
  type Engine,
  engineRefusal,
  findEngine,
  inspectWithEngine,
  saveFromEngine,
} from "./image/container-engines.ts";
import { type WrittenImage, writeControllerImage } from "./image/controller-image.ts";
import { nodeProgram } from "./image/node-files.ts";
import { residentBytesAtRest } from "./image/resident-memory.ts";

const USAGE = `usage: npm run image -- [--output FILE.tar] [--tag NAME:TAG] [--builder auto|docker|podman|buildah|oci] [--no-memory]
  --output     the archive to write (ctr images import, docker load); default dist/image/external-secrets.tar
  --tag        the image's name; default localhost/pulumi-external-secrets:VERSION
  --builder    auto: the first engine that works, else oci, our own writer (Linux only)
  --no-memory  does not start the controller to measure its memory`;

const projectFolder = join(import.meta.dirname, "..");

interface Options {
  readonly output: string;
  readonly name: string;
  readonly version: string;
  readonly builder: Engine | "oci" | "auto";
  readonly measureMemory: boolean;
}

async function main(signal: AbortSignal): Promise<void> {
  const options = await readOptions(process.argv.slice(2));
  const engine = await chooseEngine(options.builder, signal);
  await bundleCli(bundleFile);
  const image = engine === undefined ? await writeOwn(options, signal) : await buildByEngine(engine, options, signal);
  print("image", image.name);
  print("built by", engine ?? "our own OCI layout writer");
  print("digest", image.digest);
  print("size", `${megabytes(image.compressedBytes)} compressed, ${megabytes(image.unpackedBytes)} unpacked`);
  print("archive", image.archive);
  if (options.measureMemory) await printMemory(signal);
}

async function readOptions(args: readonly string[]): Promise<Options> {
  const { values } = parseArgs({
    args: [...args],
    allowNegative: true,
    options: {
      output: { type: "string", default: join(projectFolder, "dist", "image", "external-secrets.tar") },
      tag: { type: "string" },
      builder: { type: "string", default: "auto" },
      memory: { type: "boolean", default: true },
    },
  });
  const builder = ["auto", "oci", ...ENGINES].find((known) => known === values.builder) as
    | Options["builder"]
    | undefined;
  if (builder === undefined)
    throw new TypeError(`--builder ${values.builder}: not one of auto, oci, ${ENGINES.join(", ")}`);
  const { version } = JSON.parse(await readFile(join(projectFolder, "package.json"), "utf8")) as { version: string };
  const name = values.tag ?? `localhost/pulumi-external-secrets:${version}`;
  return { output: resolve(values.output), name, version, builder, measureMemory: values.memory };
}

/** The engine to build with; `undefined` is our own writer. */
async function chooseEngine(builder: Options["builder"], signal: AbortSignal): Promise<Engine | undefined> {
  if (builder === "oci") return undefined;
  if (builder !== "auto") {
    const refusal = await engineRefusal(builder, signal);
    if (refusal)
      throw new Error(`--builder ${builder} does not work here: ${refusal.reason}. Use --builder oci or auto.`);
    return builder;
  }
  const { engine, refusals } = await findEngine(signal);
  for (const refusal of refusals) console.log(`${refusal.engine} is not used: ${refusal.reason}`);
  return engine;
}

async function writeOwn({ name, version, output }: Options, signal: AbortSignal): Promise<WrittenImage> {
  return writeControllerImage({ bundle: bundleFile, name, version, outFile: output, signal });
}

async function buildByEngine(engine: Engine, options: Options, signal: AbortSignal): Promise<WrittenImage> {
  const { name, version, output } = options;
  const dockerfile = join(projectFolder, "controller", "Dockerfile");
  // A context of its own: nothing but the bundle is sent to the engine.
  const context = await mkdtemp(join(tmpdir(), "external-secrets-context-"));
  try {
    await bundleCli(join(context, "external-secrets.mjs"));
    await buildWithEngine({ engine, dockerfile, context, name, version, signal });
  } finally {
    await rm(context, { recursive: true, force: true });
  }
  await mkdir(dirname(output), { recursive: true });
  await rm(output, { force: true });
  await saveFromEngine(engine, name, output, signal);
  const { digest, unpackedBytes } = await inspectWithEngine(engine, name, signal);
  const archive = await archiveBytes(output, signal);
  return {
    name,
    digest,
    compressedBytes: archive.gzipped,
    unpackedBytes: unpackedBytes ?? archive.plain,
    archive: output,
  };
}

/** An engine's archive holds plain layers: a registry stores them about as small as the gzipped archive. */
async function archiveBytes(
  file: string,
  signal: AbortSignal,
): Promise<{ readonly plain: number; readonly gzipped: number }> {
  let plain = 0;
  let gzipped = 0;
  const count = async function* (source: AsyncIterable<Buffer>) {
    for await (const chunk of source) {
      plain += chunk.length;
      yield chunk;
    }
  };
  const sum = async (source: AsyncIterable<Buffer>) => {
    for await (const chunk of source) gzipped += chunk.length;
  };
  await pipeline(createReadStream(file), count, createGzip(), sum, { signal });
  return { plain, gzipped };
}

async function printMemory(signal: AbortSignal): Promise<void> {
  try {
    print(
      "memory",
      `${megabytes(await residentBytesAtRest(await nodeProgram(), bundleFile, signal))} resident at rest`,
    );
  } catch (error) {
    signal.throwIfAborted();
    print("memory", `not measured: ${error instanceof Error ? error.message : String(error)}`);
  }
}

const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;

function print(what: string, value: string): void {
  console.log(`${what.padEnd(9)} ${value}`);
}

const interruption = new AbortController();
for (const name of ["SIGINT", "SIGTERM"] as const) {
  process.once(name, () => interruption.abort(new Error("interrupted")));
}
try {
  await main(interruption.signal);
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  if (error instanceof TypeError) console.error(USAGE);
  process.exitCode = 1;
}
