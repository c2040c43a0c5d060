/** The CRDs that this package ships, as objects. */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";

/** The parts of a CRD that the components read; the rest is handed on as it is. */
export interface CrdManifest {
  readonly apiVersion: "apiextensions.k8s.io/v1";
  readonly kind: "CustomResourceDefinition";
  readonly metadata: {
    readonly name: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec: object;
}

/** `crds/` stands beside the sources and beside `dist/`, one folder up or two. */
function crdsFolder(): string {
  const here = dirname(fileURLToPath(import.meta.url));
  const candidates = [join(here, "..", "crds"), join(here, "..", "..", "crds")];
  for (const folder of candidates) {
    try {
      if (readdirSync(folder).some((file) => file.endsWith(".yaml"))) return folder;
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
    }
  }
  throw new Error(
    `the package's crds folder is missing (looked at ${candidates.join(", ")}); install the package again`,
  );
}

/**
 * All CRDs of this version, in the order of their file names.
 * @throws Error where the package is incomplete.
 */
export function crdManifests(): readonly CrdManifest[] {
  const folder = crdsFolder();
  return readdirSync(folder)
    .filter((file) => file.endsWith(".yaml"))
    .sort()
    .map((file) => parse(readFileSync(join(folder, file), "utf8")) as CrdManifest);
}
