/** Finds a container engine that really builds (a client without its server does not), and builds the image with it. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";

/** The engines, in order of preference. */
export const ENGINES = ["docker", "podman", "buildah"] as const;

/** A program that builds images from a Dockerfile. */
export type Engine = (typeof ENGINES)[number];

/** Why an engine is not used. */
export interface EngineRefusal {
  readonly engine: Engine;
  /** One line for the user. */
  readonly reason: string;
}

/** What is handed to an engine's build. */
export interface EngineBuild {
  readonly engine: Engine;
  readonly dockerfile: string;
  /** The folder that holds the bundle, and is the build's context. */
  readonly context: string;
  readonly name: string;
  readonly version: string;
  readonly signal: AbortSignal;
}

/** How long an engine may take to say that it is there. */
const PROBE_MS = 10_000;
/** Building is two pulls and two copies. */
const BUILD_MS = 15 * 60_000;

/** Cheap, and each needs all that a build needs: the server (docker), storage and user namespaces (the others). */
const PROBES: Readonly<Record<Engine, readonly string[]>> = {
  docker: ["version", "--format", "{{.Server.Version}}"],
  podman: ["info", "--format", "{{.Store.GraphDriverName}}"],
  buildah: ["info"],
};

/** Whether `engine` works here: `undefined`, or why not. Takes 10 s at most. */
export async function engineRefusal(engine: Engine, signal: AbortSignal): Promise<EngineRefusal | undefined> {
  try {
    await run(engine, PROBES[engine], PROBE_MS, signal);
    return undefined;
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    return { engine, reason: reasonOf(error) };
  }
}

/** The first engine that works, and why those before it do not. */
export async function findEngine(
  signal: AbortSignal,
): Promise<{ readonly engine: Engine | undefined; readonly refusals: readonly EngineRefusal[] }> {
  const refusals: EngineRefusal[] = [];
  for (const engine of ENGINES) {
    const refusal = await engineRefusal(engine, signal);
    if (refusal === undefined) return { engine, refusals };
    refusals.push(refusal);
  }
  return { engine: undefined, refusals };
}

/**
 * Builds the image into the engine's own store.
 * @throws Error with the last lines of the engine's output.
 */
export async function buildWithEngine(build: EngineBuild): Promise<void> {
  const { engine, dockerfile, context, name, version, signal } = build;
  const verb = engine === "buildah" ? ["build", "--layers"] : ["build"];
  const args = [...verb, "-f", dockerfile, "-t", name, "--build-arg", `VERSION=${version}`, context];
  await run(engine, args, BUILD_MS, signal);
}

/** Saves the image as an archive that `ctr images import` and `docker load` take. Overwrites. */
export async function saveFromEngine(
  engine: Engine,
  name: string,
  outFile: string,
  signal: AbortSignal,
): Promise<void> {
  const args: Readonly<Record<Engine, readonly string[]>> = {
    docker: ["save", "-o", outFile, name],
    podman: ["save", "--format", "docker-archive", "-o", outFile, name],
    buildah: ["push", name, `docker-archive:${outFile}:${name}`],
  };
  await run(engine, args[engine], BUILD_MS, signal);
}

/** What the engine calls the image (its id: `sha256:…`), and its unpacked size in bytes where the engine tells it. */
export async function inspectWithEngine(
  engine: Engine,
  name: string,
  signal: AbortSignal,
): Promise<{ readonly digest: string; readonly unpackedBytes: number | undefined }> {
  const args =
    engine === "buildah"
      ? ["inspect", "--type", "image", "--format", "{{.FromImageID}} 0", name]
      : ["image", "inspect", "--format", "{{.Id}} {{.Size}}", name];
  const { stdout } = await run(engine, args, PROBE_MS, signal);
  const [id = "", size = "0"] = stdout.trim().split(" ");
  const bytes = Number(size);
  return { digest: id.startsWith("sha256:") ? id : `sha256:${id}`, unpackedBytes: bytes > 0 ? bytes : undefined };
}

async function run(engine: Engine, args: readonly string[], timeout: number, signal: AbortSignal) {
  try {
    return await promisify(execFile)(engine, [...args], { signal, timeout, maxBuffer: 64 << 20 });
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    throw new Error(`${engine} ${args[0]}: ${reasonOf(error)}`, { cause: error });
  }
}

/** One line: not installed, too slow, or the last thing that it wrote. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  if (cause instanceof Error) return reasonOf(cause);
  const failure = error as Error & { readonly code?: unknown; readonly killed?: boolean; readonly stderr?: string };
  if (failure.code === "ENOENT") return "not installed";
  if (failure.killed === true) return "no answer in time";
  return failure.stderr?.trim().split("\n").at(-1) || failure.message.split("\n")[0] || "failed";
}
