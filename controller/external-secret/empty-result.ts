/** Step 4, where the backend gave nothing at all: the deletionPolicy decides. */
import type { ExternalSecret } from "../../api/external-secret.ts";
import { EXTERNAL_SECRET } from "../../api/resource-types.ts";
import { targetNameOf } from "../../engine/desired-secret.ts";
import type { FetchedData } from "../../engine/entry-problems.ts";
import type { Caches } from "../cache/caches.ts";
import { type KubeSecret, secretRecordOf } from "../cache/secret-record.ts";
import { SECRET } from "../core-resources.ts";
import type { KubeClient } from "../kube/contracts.ts";
import { isNotFound } from "../kube/kube-api-error.ts";
import { keyOf } from "../kube/object-key.ts";
import type { Absences, Proof } from "./absences.ts";
import { deletedOutcome, keptOutcome, type Outcome, unprovenOutcome } from "./outcome.ts";
import { isOwnedBy } from "./ownership.ts";
import { InvalidExternalSecret, SecretNotOurs } from "./problems.ts";

export interface EmptyResultParts {
  readonly kube: KubeClient;
  readonly caches: Pick<Caches, "currentSecrets" | "secretVersions">;
  readonly absences: Absences;
}

/** What follows from an empty result. */
export type EmptyResult =
  | { readonly outcome: Outcome; readonly changedSecret: boolean; readonly boundTo?: null }
  | { readonly askAgainInMs: number };

interface SettleParts {
  readonly absences: Absences;
  readonly target: EmptyTarget;
}

/** The target, as far as an empty result goes. */
export interface EmptyTarget {
  readonly exists: boolean;
  /** Gives its name; undefined where there was none. Throws SecretNotOurs where this ExternalSecret does not control it. */
  delete(signal: AbortSignal): Promise<string | undefined>;
}

/** The target Secret. */
export function emptySecret(parts: EmptyResultParts, externalSecret: ExternalSecret): EmptyTarget {
  return {
    exists: secretExists(parts, externalSecret),
    delete: (signal) => deleteTarget(parts, externalSecret, signal),
  };
}

/**
 * Retain keeps the Secret; Delete deletes it, once that is proven.
 * @returns undefined where the keys of the ExternalSecret are to be removed from the Secret (deletionPolicy Merge).
 * @throws InvalidExternalSecret, SecretNotOurs, KubeApiError
 */
export async function settleEmpty(
  { absences, target: { exists, delete: deleteIt } }: SettleParts,
  externalSecret: ExternalSecret,
  fetched: FetchedData,
  said: Proof,
  signal: AbortSignal,
): Promise<EmptyResult | undefined> {
  const { data = [], dataFrom = [], target = {} } = externalSecret.spec;
  const { creationPolicy = "Owner", deletionPolicy = "Retain" } = target;
  if (deletionPolicy === "Retain") return { outcome: keptOutcome(exists, creationPolicy), changedSecret: false };
  if (deletionPolicy === "Delete" && creationPolicy !== "Owner") throw notDeletable(creationPolicy);
  if (!exists) return deletionPolicy === "Merge" ? undefined : deleted(undefined);
  const key = keyOf(externalSecret.metadata);
  const uid = externalSecret.metadata.uid ?? "";
  const proof = absences.ofAll(key, uid, fetched, {
    entries: data.length + dataFrom.length,
    deletionPolicy,
    said,
  });
  if (proof.state === "never") return { outcome: unprovenOutcome(proof.why), changedSecret: false };
  if (deletionPolicy === "Merge") return undefined;
  if (proof.state === "once") return { askAgainInMs: proof.askAgainInMs };
  return deleted(await deleteIt(signal));
}

/** Any Secret of the target's name, whether we write it or not. */
export function secretExists({ caches }: Pick<EmptyResultParts, "caches">, externalSecret: ExternalSecret): boolean {
  const key = keyOf({ namespace: externalSecret.metadata.namespace ?? "", name: targetNameOf(externalSecret) });
  return caches.currentSecrets.get(key) !== undefined || caches.secretVersions.get(key) !== undefined;
}

function deleted(name: string | undefined): EmptyResult {
  return { outcome: deletedOutcome(name), changedSecret: name !== undefined, boundTo: null };
}

function notDeletable(creationPolicy: string): InvalidExternalSecret {
  return new InvalidExternalSecret(
    `spec.target.deletionPolicy: a Secret of creationPolicy ${creationPolicy} is never deleted`,
    { field: "spec.target.deletionPolicy", remedy: "use Retain or Merge, or set spec.target.creationPolicy to Owner" },
  );
}

/** @returns the name of the Secret that was deleted; undefined where there was none. */
async function deleteTarget(
  { kube, caches }: EmptyResultParts,
  externalSecret: ExternalSecret,
  signal: AbortSignal,
): Promise<string | undefined> {
  const name = targetNameOf(externalSecret);
  const { namespace = "", uid: owner = "" } = externalSecret.metadata;
  try {
    const live = await kube.get<KubeSecret>(SECRET, { name, namespace }, signal);
    const { uid = "", resourceVersion = "" } = live.metadata;
    if (!isOwnedBy(secretRecordOf(live), { uid: owner })) {
      throw new SecretNotOurs(`Secret "${namespace}/${name}" is not owned by this ${EXTERNAL_SECRET.kind}`, {
        field: "spec.target.name",
        remedy: "delete the Secret, or set spec.target.deletionPolicy to Retain",
      });
    }
    await kube.delete(SECRET, { name, namespace }, { preconditions: { uid, resourceVersion } }, signal);
    caches.currentSecrets.forget(keyOf({ name, namespace }));
    return name;
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}
