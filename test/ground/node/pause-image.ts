/** The image of the container that holds a pod's namespaces, made on the spot from this machine's Node. */
import { join } from "node:path";
import { NODE_IN_IMAGE, NONROOT, nodeFiles, nodeProgram, ociArchitecture } from "../../../scripts/image/node-files.ts";
import { writeOciArchive } from "../../../scripts/image/oci-archive.ts";
import { writeOciLayer } from "../../../scripts/image/oci-layer.ts";

/** What containerd is told to use. */
export const PAUSE_IMAGE = "localhost/pause:1";

/**
 * Waits to be ended. Node in place of a static program costs some 40 MB of memory for each pod, but needs no compiler,
 * runs on every processor, and shares its layer with our other images.
 */
const PAUSE = `for (const s of ["SIGTERM", "SIGINT"]) process.on(s, () => process.exit(0)); setInterval(() => {}, 2 ** 30);`;

/** Writes the image into `folder`. @returns the archive's path. */
export async function writePauseImage(folder: string, signal: AbortSignal): Promise<string> {
  const layer = await writeOciLayer(await nodeFiles(await nodeProgram(), signal), folder, "none", signal);
  const config = { User: `${NONROOT}:${NONROOT}`, Entrypoint: [NODE_IN_IMAGE, "-e", PAUSE], Env: [] };
  const archive = join(folder, "pause.tar");
  const image = { name: PAUSE_IMAGE, architecture: ociArchitecture(), config, layers: [layer] };
  await writeOciArchive(image, archive, signal);
  return archive;
}
