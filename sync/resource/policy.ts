/** What the policies of a spec mean for a SyncedSecret. */
import type { CreationPolicy, ExternalSecretSpec } from "../../api/external-secret.ts";

export interface SyncPolicy {
  readonly creation: CreationPolicy;
  /** Owner and Orphan: the Secret is ours alone, and holds nothing else. */
  readonly owns: boolean;
  /** `spec.target.template.type` is set. */
  readonly namesType: boolean;
}

/** The policy of a spec; Owner where it says nothing. */
export function policyOf(spec: ExternalSecretSpec | undefined): SyncPolicy {
  const creation = spec?.target?.creationPolicy ?? "Owner";
  return {
    creation,
    owns: creation === "Owner" || creation === "Orphan",
    namesType: spec?.target?.template?.type !== undefined,
  };
}

/** Whether a Secret that is not there is made. */
export function creates({ creation }: SyncPolicy): boolean {
  return creation !== "Merge" && creation !== "None";
}
