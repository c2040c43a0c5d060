/** Targets of another kind than Secret: `spec.target.manifest`. */
import type { ExternalSecret } from "../api/external-secret.ts";

/** Which kind a target is of. */
export interface TargetKind {
  /** `v1`, `argoproj.io/v1alpha1`. */
  readonly apiVersion: string;
  readonly kind: string;
}

/** The kind of a target that is no Secret; undefined where it is one, which `v1` `Secret` written out is as well. */
export function genericTargetOf({ spec }: Pick<ExternalSecret, "spec">): TargetKind | undefined {
  const manifest = spec.target?.manifest;
  if (manifest === undefined || (manifest.apiVersion === "v1" && manifest.kind === "Secret")) return undefined;
  return manifest;
}
