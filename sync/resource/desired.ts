/** What must stand in the cluster: reads the backends and renders, once for a `diff` and the write that follows it. */

import { CREATED_BY_LABEL, DATA_HASH_ANNOTATION, MANAGED_LABEL } from "../../api/labels.ts";
import { templateSources } from "../../controller/external-secret/template-sources.ts";
import type { DesiredSecret } from "../../engine/desired-secret.ts";
import type { FetchedData } from "../../engine/entry-problems.ts";
import { fetchSecretData, type StoreRef } from "../../engine/fetch-secret-data.ts";
import { renderExternalSecret } from "../../engine/render-external-secret.ts";
import { InvalidConfiguration, Transient } from "../../providers/errors.ts";
import { digestOf, type SyncSession } from "../session/session.ts";
import { asExternalSecret, type SyncedSecretInputs } from "./inputs.ts";
import { copyTemplateSources, type RecordedSources } from "./recorded-sources.ts";
import { RecordedVersions } from "./recorded-versions.ts";

/** What follows from what the backends gave. */
export type Desired =
  | {
      readonly kind: "secret";
      /** Without the ownership label, which the writer knows. */
      readonly secret: DesiredSecret;
      /** All that it was made from, in a fixed order; goes into a keyed hash. */
      readonly parts: readonly (string | Uint8Array)[];
      /** As the state has them. */
      readonly versions: Readonly<Record<string, string>>;
    }
  /** The backend gave nothing, and the Secret stays as it is. */
  | { readonly kind: "keep" }
  /** The backend said of each entry that it is gone, and the policy is to delete the Secret then. */
  | { readonly kind: "absent" };

/** Reads with Retry-After: so often, … */
const MAX_ATTEMPTS = 5;
/** … and not where the backend asks for a longer wait than this. */
const MAX_WAIT_MS = 60_000;

/** Stands in the spec for the store of the SyncedSecret, which needs no name. */
const OWN_STORE: StoreRef = { name: "store-of-the-program", kind: "ClusterSecretStore" };

/**
 * Reads and renders, and keeps the result for `takeDesired`.
 * @throws SyncError naming the entry; the signal's reason.
 */
export function keepDesired(session: SyncSession, inputs: SyncedSecretInputs, signal: AbortSignal): Promise<Desired> {
  return session.recent.keep(keyOf(inputs), () => desiredOf(session, inputs, signal));
}

/** What `keepDesired` just read for the same inputs; else as that. */
export function takeDesired(session: SyncSession, inputs: SyncedSecretInputs, signal: AbortSignal): Promise<Desired> {
  return session.recent.take(keyOf(inputs), () => desiredOf(session, inputs, signal));
}

function keyOf({ metadata, store, spec, credentials }: SyncedSecretInputs): string {
  return digestOf([metadata, store, spec, credentials]);
}

async function desiredOf(session: SyncSession, inputs: SyncedSecretInputs, signal: AbortSignal): Promise<Desired> {
  const versions = new RecordedVersions();
  const fetched = await fetch(session, inputs, versions, signal);
  const { deletionPolicy = "Retain" } = inputs.spec.target ?? {};
  if (fetched.data.size === 0) {
    if (deletionPolicy === "Retain") return { kind: "keep" };
    if (deletionPolicy === "Delete") return absent(inputs, fetched);
  }
  const sources = copyTemplateSources(templateSources(session.kube, inputs.metadata.namespace));
  const externalSecret = asExternalSecret(inputs);
  const secret = await renderExternalSecret(externalSecret, fetched.data, { engine: session.engine, sources }, signal);
  const parts = partsOf(fetched, sources);
  return { kind: "secret", secret: withoutControllersMarks(secret), parts, versions: versions.recorded() };
}

/** Deletes nothing on the strength of an empty answer: each entry must have been said to be gone. */
function absent({ spec }: SyncedSecretInputs, { absences }: FetchedData): Desired {
  const entries = (spec.data ?? []).length + (spec.dataFrom ?? []).length;
  const isProven = absences.length === entries && absences.every(({ reason }) => reason === "SecretNotFound");
  return { kind: isProven ? "absent" : "keep" };
}

/** Waits where a backend asks for it by Retry-After. */
async function fetch(
  session: SyncSession,
  inputs: SyncedSecretInputs,
  versions: RecordedVersions,
  signal: AbortSignal,
): Promise<FetchedData> {
  const { spec, metadata } = inputs;
  const store = session.storeOf(inputs.store, spec.secretStoreRef !== undefined);
  const credentials = session.credentialsOf(inputs.credentials);
  const use = {
    namespace: metadata.namespace,
    ...(store === undefined ? {} : { store }),
    ...(credentials === undefined ? {} : { credentials }),
  };
  const clientOf = async (ref: StoreRef, reading: AbortSignal) =>
    versions.noteReadsOf(await session.open(use, ref.name === OWN_STORE.name ? undefined : ref, reading));
  const read = store === undefined ? spec : { ...spec, secretStoreRef: OWN_STORE };
  for (let attempt = 1; ; attempt++) {
    const fetched = await fetchSecretData(read, { clientOf, engine: session.engine }, signal);
    const { error } = fetched;
    if (error === undefined) return fetched;
    const waitMs = error instanceof Transient ? error.retryAfterMs : undefined;
    if (waitMs === undefined || waitMs > MAX_WAIT_MS || attempt >= MAX_ATTEMPTS) throw error;
    await session.clock.sleep(waitMs, signal);
  }
}

/** No controller shall take the Secret for its own. */
function withoutControllersMarks(secret: DesiredSecret): DesiredSecret {
  const { [MANAGED_LABEL]: _managed, [CREATED_BY_LABEL]: _createdBy, ...labels } = secret.labels;
  const { [DATA_HASH_ANNOTATION]: _hash, ...annotations } = secret.annotations;
  return { ...secret, labels, annotations };
}

function partsOf({ data }: FetchedData, sources: RecordedSources): readonly (string | Uint8Array)[] {
  const read = [...data].sort(([a], [b]) => (a < b ? -1 : 1)).flat();
  return [...read, "", ...sources.recorded()];
}

/** @throws InvalidConfiguration where there is nothing to write into a new Secret. */
export function nothingToWrite(): InvalidConfiguration {
  return new InvalidConfiguration("the backend gave nothing, and there is no Secret to keep", {
    field: "spec",
    remedy: "correct the keys, or create them in the backend first",
  });
}
