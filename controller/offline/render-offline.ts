/** Renders ExternalSecrets from files, without a cluster: what the controller would write. */
import type { Clock } from "../../api/clock.ts";
import { parseDurationMs } from "../../api/duration.ts";
import type { ExternalSecret } from "../../api/external-secret.ts";
import type { SecretStore } from "../../api/secret-store.ts";
import { validateExternalSecret } from "../../api/validate-external-secret.ts";
import { type DesiredSecret, targetNameOf } from "../../engine/desired-secret.ts";
import type { EntryProblem } from "../../engine/entry-problems.ts";
import { fetchSecretData, type StoreRef } from "../../engine/fetch-secret-data.ts";
import { genericTargetOf } from "../../engine/generic-target.ts";
import { renderExternalSecret } from "../../engine/render-external-secret.ts";
import { renderManifest } from "../../engine/render-manifest.ts";
import type { TemplateEngine } from "../../engine/template-engine.ts";
import { createValuesClient } from "../../engine/values-client.ts";
import type { SecretsClient } from "../../providers/contract.ts";
import { InvalidConfiguration } from "../../providers/errors.ts";
import { bindBackend } from "../../providers/index.ts";
import { SecretMap } from "../../providers/secret-map.ts";
import { storeKeyOf } from "../cache/store-key.ts";
import { templateSources } from "../external-secret/template-sources.ts";
import type { KubeClient } from "../kube/contracts.ts";
import { type OpenableStore, StoreClients } from "../store-clients/store-clients.ts";
import { createFileCluster, type FileObject } from "./file-cluster.ts";

/** What rendering goes by. */
export interface OfflineParts {
  readonly clock: Clock;
  readonly engine: TemplateEngine;
  /** Of the process, for the credential chains of the clouds. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Limit of one call to a backend, in milliseconds. */
  readonly requestTimeoutMs: number;
  /** All objects of the files; each namespaced one has its namespace. */
  readonly objects: readonly FileObject[];
  /** Remote values by key, in the place of all stores. */
  readonly values?: SecretMap;
  /** A store of the files, in the place of those that the ExternalSecrets name. */
  readonly store?: StoreRef;
}

/** What would stand in the cluster: a Secret, or an object of another kind. */
export type OfflineResult = (
  | { readonly kind: "Secret"; readonly secret: DesiredSecret }
  | { readonly kind: "other"; readonly object: object }
) & {
  /** Entries that are left out, or whose default was taken. */
  readonly absences: readonly EntryProblem[];
};

const API_GROUP = "external-secrets.io/";

/** The ExternalSecrets among objects. */
export function externalSecretsOf(objects: readonly FileObject[]): readonly ExternalSecret[] {
  return objects.filter((object): object is FileObject & ExternalSecret => isOurKind(object, "ExternalSecret"));
}

function isOurKind(object: FileObject, kind: string): boolean {
  return object.kind === kind && (object.apiVersion ?? "").startsWith(API_GROUP) && "spec" in object;
}

/**
 * Reads and renders one ExternalSecret.
 * @throws SyncError naming the field; the signal's reason on an abort
 */
export async function renderOffline(
  parts: OfflineParts,
  externalSecret: ExternalSecret,
  signal: AbortSignal,
): Promise<OfflineResult> {
  requireValid(externalSecret);
  const kube = createFileCluster(parts.objects);
  const namespace = externalSecret.metadata.namespace ?? "";
  const clients = storeClients(parts, kube);
  try {
    const clientOf = (ref: StoreRef) => openClient(parts, clients, ref, namespace, signal);
    const reading = { clientOf, engine: parts.engine };
    const { data, absences, error } = await fetchSecretData(externalSecret.spec, reading, signal);
    if (error !== undefined) throw error;
    const rendering = {
      engine: parts.engine,
      sources: templateSources(kube, namespace),
      ...existing(parts, externalSecret),
    };
    if (genericTargetOf(externalSecret) !== undefined) {
      return { kind: "other", object: await renderManifest(externalSecret, data, rendering, signal), absences };
    }
    return { kind: "Secret", secret: await renderExternalSecret(externalSecret, data, rendering, signal), absences };
  } finally {
    await clients.close();
  }
}

/** @throws InvalidConfiguration with all that is wrong */
function requireValid(externalSecret: ExternalSecret): void {
  const { refreshInterval } = externalSecret.spec;
  const isDuration = refreshInterval === undefined || parseDurationMs(refreshInterval) !== undefined;
  const problems = [
    ...validateExternalSecret(externalSecret),
    ...(isDuration ? [] : [`spec.refreshInterval: ${JSON.stringify(refreshInterval)} is no duration`]),
  ];
  if (problems.length > 0) throw new InvalidConfiguration(problems.join("; "));
}

function storeClients({ clock, environment, requestTimeoutMs }: OfflineParts, kube: KubeClient): StoreClients {
  const silent = () => {};
  const logger = { debug: silent, info: silent, warn: silent, error: silent };
  return new StoreClients({ kube, clock, logger, bindBackend, environment, requestTimeoutMs, onCall: silent });
}

async function openClient(
  { objects, values, store }: OfflineParts,
  clients: StoreClients,
  named: StoreRef,
  namespace: string,
  signal: AbortSignal,
): Promise<SecretsClient> {
  if (values !== undefined) return createValuesClient(values);
  const ref = store ?? named;
  const object = objects.find(
    (each): each is FileObject & SecretStore =>
      isOurKind(each, ref.kind) &&
      each.metadata.name === ref.name &&
      (ref.kind === "ClusterSecretStore" || each.metadata.namespace === namespace),
  );
  if (object === undefined) {
    throw new InvalidConfiguration(`${ref.kind} "${ref.name}" is not in the files`, {
      field: "spec.secretStoreRef",
      remedy: "add its manifest by -f, or give remote values by --values",
    });
  }
  return clients.open(openable(ref, object, namespace), namespace, signal);
}

function openable(ref: StoreRef, object: SecretStore, namespace: string): OpenableStore {
  const isCluster = ref.kind === "ClusterSecretStore";
  return {
    key: storeKeyOf(ref, namespace),
    identity: { kind: ref.kind, name: ref.name, ...(isCluster ? {} : { namespace }) },
    object,
  };
}

/** The target as it stands in the files, for what is merged into. */
function existing({ objects }: OfflineParts, externalSecret: ExternalSecret) {
  const name = targetNameOf(externalSecret);
  const { namespace } = externalSecret.metadata;
  const found = objects.find(
    ({ kind, metadata }) => kind === "Secret" && metadata.name === name && metadata.namespace === namespace,
  );
  if (found === undefined) return {};
  const data = new SecretMap([
    ...Object.entries(found.data ?? {}).map(([key, value]) => [key, Buffer.from(value, "base64")] as const),
    ...Object.entries(found.stringData ?? {}).map(([key, text]) => [key, Buffer.from(text)] as const),
  ]);
  const type = "type" in found && typeof found.type === "string" ? found.type : "Opaque";
  return { existing: { type, data } };
}
