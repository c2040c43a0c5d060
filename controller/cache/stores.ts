/** Finds stores in the caches, whichever of the two kinds they are. */
import type { SecretStore } from "../../api/secret-store.ts";
import type { StoreIdentity } from "../../providers/contract.ts";
import { keyOf } from "../kube/object-key.ts";
import type { OpenableStore } from "../store-clients/store-clients.ts";
import type { Caches } from "./caches.ts";
import type { StoreKey } from "./store-key.ts";

/** The key of a store of that kind. */
export function keyOfStore(kind: StoreIdentity["kind"], store: SecretStore): StoreKey {
  const key = keyOf(store.metadata);
  return kind === "ClusterSecretStore" ? `ClusterSecretStore/${key}` : (`SecretStore/${key}` as StoreKey);
}

/** The store of that key as it is now, our own status writes included. */
export function findStore(caches: Pick<Caches, "currentStores">, key: StoreKey): OpenableStore | undefined {
  const kind = key.startsWith("ClusterSecretStore/") ? "ClusterSecretStore" : "SecretStore";
  const object = caches.currentStores[kind]?.get(key.slice(kind.length + 1));
  if (object === undefined) return undefined;
  const { name, namespace } = object.metadata;
  return { key, object, identity: { kind, name, ...(namespace === undefined ? {} : { namespace }) } };
}
