/** What makes which object run: watch events add keys to the queues, by index, and do nothing else. */
import type { ExternalSecret } from "../api/external-secret.ts";
import { CONDITION_READY } from "../api/reasons.ts";
import type { SecretStore } from "../api/secret-store.ts";
import { targetNameOf } from "../engine/desired-secret.ts";
import { genericTargetOf } from "../engine/generic-target.ts";
import type { StoreIdentity } from "../providers/contract.ts";
import type { Caches } from "./cache/caches.ts";
import { KeyIndex } from "./cache/key-index.ts";
import type { SecretVersion } from "./cache/secret-record.ts";
import { type StoreKey, storeKeysOf, storeRefsOf } from "./cache/store-key.ts";
import { keyOfStore } from "./cache/stores.ts";
import { conditionOf } from "./conditions.ts";
import { type TemplateInput, templateInputsOf } from "./external-secret/template-inputs.ts";
import type { GenericTargets } from "./generic-target/generic-targets.ts";
import type { Change, ObjectMeta, Priority, WorkQueue } from "./kube/contracts.ts";
import { keyOf } from "./kube/object-key.ts";
import type { StoreClients } from "./store-clients/store-clients.ts";

export interface TriggerParts {
  readonly caches: Caches;
  readonly clients: StoreClients;
  readonly externalSecretQueue: WorkQueue;
  readonly storeQueue: WorkQueue;
  /** Unset: targets of another kind than Secret are not permitted. */
  readonly genericTargets: Pick<GenericTargets, "use"> | undefined;
}

export interface Triggers {
  /** From the uid of a controlling owner to the keys of managed Secrets. */
  readonly secretsByOwner: KeyIndex;
  /** Runs the ExternalSecrets of a store; of one namespace where it is given. */
  runUsersOf(store: StoreKey, namespace?: string): void;
}

/** Keys of ExternalSecrets, by what concerns them. */
interface Indexes {
  readonly byStore: KeyIndex;
  readonly byTarget: KeyIndex;
  /** Of those that use a ClusterSecretStore. */
  readonly byNamespace: KeyIndex;
  /** By what `templateFrom` names. */
  readonly byTemplateInput: KeyIndex;
}

/** Registers the handlers of all watches. */
export function connectTriggers(parts: TriggerParts): Triggers {
  const { caches, externalSecretQueue } = parts;
  const indexes: Indexes = {
    byStore: new KeyIndex(),
    byTarget: new KeyIndex(),
    byNamespace: new KeyIndex(),
    byTemplateInput: new KeyIndex(),
  };
  const run = (keys: Iterable<string>, priority: Priority) => {
    for (const key of keys) externalSecretQueue.add(key, priority);
  };
  const runUsersOf = (store: StoreKey, namespace?: string) => {
    const keys = [...indexes.byStore.keysOf(store)];
    run(namespace === undefined ? keys : keys.filter((key) => key.startsWith(`${namespace}/`)), "urgent");
  };
  caches.externalSecrets.onChange((change) => onExternalSecret(parts, indexes, change));
  caches.secretStores.onChange((change) => onStore(parts, "SecretStore", change, runUsersOf));
  caches.clusterSecretStores?.onChange((change) => onStore(parts, "ClusterSecretStore", change, runUsersOf));
  caches.namespaces?.onChange(({ key, object, previous, type }) => {
    const isNews = type !== "deleted" && !isEqualMap(object.metadata.labels, previous?.metadata.labels);
    if (isNews) run(indexes.byNamespace.keysOf(key), previous === undefined ? "normal" : "urgent");
  });
  return { secretsByOwner: connectSecrets(parts, indexes, run, runUsersOf), runUsersOf };
}

function connectSecrets(
  { caches, clients, storeQueue }: TriggerParts,
  indexes: Indexes,
  run: (keys: Iterable<string>, priority: Priority) => void,
  runUsersOf: Triggers["runUsersOf"],
): KeyIndex {
  const secretsByOwner = new KeyIndex();
  caches.managedSecrets.onChange(({ key, object, type }) => {
    const owners = (object.metadata.ownerReferences ?? []).filter(({ controller }) => controller === true);
    secretsByOwner.set(key, type === "deleted" ? [] : owners.map(({ uid }) => uid));
    run(indexes.byTarget.keysOf(key), "urgent");
  });
  const onInput = (kind: "ConfigMap" | "Secret", { key, object, type }: Change<SecretVersion>) => {
    const input = `${kind}/${key}` as TemplateInput;
    const resourceVersion = type === "deleted" ? undefined : object.metadata.resourceVersion;
    for (const { store, namespace } of clients.objectChanged(input, resourceVersion)) {
      storeQueue.add(store, "urgent");
      if (store.startsWith("ClusterSecretStore/") && namespace !== undefined) runUsersOf(store, namespace);
    }
    run(indexes.byTemplateInput.keysOf(input), "urgent");
  };
  caches.configMapVersions.onChange((change) => onInput("ConfigMap", change));
  caches.secretVersions.onChange((change) => {
    const { key } = change;
    onInput("Secret", change);
    // A target that is not managed: one to merge into, or one that has stood in someone's way.
    if (caches.managedSecrets.get(key) === undefined) run(indexes.byTarget.keysOf(key), "urgent");
  });
  return secretsByOwner;
}

function onExternalSecret(
  { externalSecretQueue, genericTargets }: TriggerParts,
  indexes: Indexes,
  { type, key, object, previous }: Change<ExternalSecret>,
): void {
  const isGone = type === "deleted";
  const namespace = object.metadata.namespace ?? "";
  const refs = isGone ? [] : storeRefsOf(object);
  indexes.byStore.set(key, isGone ? [] : storeKeysOf(object));
  const hasSecret = !isGone && genericTargetOf(object) === undefined;
  indexes.byTemplateInput.set(key, isGone ? [] : templateInputsOf(object));
  indexes.byTarget.set(key, hasSecret ? [keyOf({ namespace, name: targetNameOf(object) })] : []);
  genericTargets?.use(key, isGone ? undefined : object);
  indexes.byNamespace.set(key, refs.some(({ kind }) => kind === "ClusterSecretStore") ? [namespace] : []);
  if (isGone || previous === undefined) externalSecretQueue.add(key, "normal");
  else if (isMoreThanStatus(object.metadata, previous.metadata)) externalSecretQueue.add(key, "urgent");
}

/** Generation, labels, annotations, finalizers or deletion: what a status update does not touch. */
export function isMoreThanStatus(now: ObjectMeta, before: ObjectMeta): boolean {
  return (
    now.uid !== before.uid ||
    now.generation !== before.generation ||
    now.deletionTimestamp !== before.deletionTimestamp ||
    !isEqualMap(now.labels, before.labels) ||
    !isEqualMap(now.annotations, before.annotations) ||
    (now.finalizers ?? []).join() !== (before.finalizers ?? []).join()
  );
}

function onStore(
  { storeQueue }: TriggerParts,
  kind: StoreIdentity["kind"],
  { type, object, previous }: Change<SecretStore>,
  runUsersOf: Triggers["runUsersOf"],
): void {
  const key = keyOfStore(kind, object);
  const isEdited = previous === undefined || isMoreThanStatus(object.metadata, previous.metadata);
  if (type === "deleted" || isEdited) storeQueue.add(key, previous === undefined ? "normal" : "urgent");
  if (type !== "deleted" && isReady(object) && !isReady(previous)) runUsersOf(key);
}

function isReady(store: SecretStore | undefined): boolean {
  return conditionOf(store?.status?.conditions, CONDITION_READY)?.status === "True";
}

function isEqualMap(
  a: Readonly<Record<string, string>> | undefined,
  b: Readonly<Record<string, string>> | undefined,
): boolean {
  const entries = Object.entries(a ?? {});
  return entries.length === Object.keys(b ?? {}).length && entries.every(([key, value]) => b?.[key] === value);
}
