/** The CRDs that this package ships, as objects. */
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

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

/** `crds/` stands beside the sources and beside `dist/`: one folder up, or two. */
const CANDIDATES = ["../crds/all.json", "../../crds/all.json"];

/**
 * All CRDs of this version.
 * @throws Error where the package is incomplete.
 */
export function crdManifests(): readonly CrdManifest[] {
  const files = CANDIDATES.map((path) => fileURLToPath(new URL(path, import.meta.url)));
  const file = files.find(existsSync);
  if (file === undefined) {
    throw new Error(`the package's CRDs are missing (looked for ${files.join(", ")}); install the package again`);
  }
  return JSON.parse(readFileSync(file, "utf8"));
}
