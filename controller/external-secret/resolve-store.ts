/** Step 1: the stores that an ExternalSecret names, and whether it may use them now. */
import type { ExternalSecret } from "../../api/external-secret.ts";
import { CONDITION_READY } from "../../api/reasons.ts";
import type { SecretStore } from "../../api/secret-store.ts";
import type { Caches } from "../cache/caches.ts";
import { type StoreRefField, storeKeyOf, storeRefsOf } from "../cache/store-key.ts";
import { findStore } from "../cache/stores.ts";
import { conditionOf } from "../conditions.ts";
import type { ControllerOptions } from "../options.ts";
import { isNamespaceAllowed } from "../secret-store/namespace-conditions.ts";
import { isOurs } from "../secret-store/reconcile.ts";
import { type OpenableStore, versionOf } from "../store-clients/store-clients.ts";
import { StoreUnavailable } from "./problems.ts";

export interface ResolveStoreParts {
  readonly caches: Pick<Caches, "currentStores" | "namespaces">;
  readonly options: Pick<ControllerOptions, "controllerClass" | "floodGate" | "clusterStores">;
  readonly nowMs: number;
}

/** A store that may be used. */
export interface ResolvedStore {
  readonly ref: StoreRefField;
  readonly store: OpenableStore;
}

export interface ResolvedStores {
  /** Set where a store belongs to another controller, or its kind is not served here: the ExternalSecret is not ours then. */
  readonly isForeign: boolean;
  /** Set where a store was made just now and is about to be validated. */
  readonly isPending: boolean;
  /** Why a store cannot be used. */
  readonly problem: StoreUnavailable | undefined;
  readonly stores: readonly ResolvedStore[];
  /** Changes when a store is edited. */
  readonly versions: string;
}

/** A store without a condition is given this long to be validated before it is called not ready. */
const VALIDATION_GRACE_MS = 10_000;

/** Facts only: nothing is opened or asked. */
export function resolveStores(parts: ResolveStoreParts, externalSecret: ExternalSecret): ResolvedStores {
  const namespace = externalSecret.metadata.namespace ?? "";
  const refs = storeRefsOf(externalSecret);
  const found = refs.map((ref) => ({ ref, store: findStore(parts.caches, storeKeyOf(ref, namespace)) }));
  const stores = found.flatMap(({ ref, store }) => (store === undefined ? [] : [{ ref, store }]));
  const isForeign =
    (!parts.options.clusterStores && refs.some(({ kind }) => kind === "ClusterSecretStore")) ||
    stores.some(({ store }) => !isOurs(store.object.spec, parts.options.controllerClass));
  const problems = found.flatMap(({ ref, store }) => problemOf(parts, ref, store, namespace) ?? []);
  return {
    isForeign,
    isPending: stores.some(({ store }) => isPending(parts, store.object)),
    problem: problems[0],
    stores,
    versions: stores.map(({ store }) => `${store.key}=${versionOf(store)}`).join(" "),
  };
}

function isPending({ nowMs, options }: ResolveStoreParts, store: SecretStore): boolean {
  if (!options.floodGate || conditionOf(store.status?.conditions, CONDITION_READY) !== undefined) return false;
  return nowMs - Date.parse(store.metadata.creationTimestamp ?? "") < VALIDATION_GRACE_MS;
}

function problemOf(
  parts: ResolveStoreParts,
  ref: StoreRefField,
  store: OpenableStore | undefined,
  namespace: string,
): StoreUnavailable | undefined {
  const name = `${ref.kind} "${ref.name}"`;
  if (store === undefined) {
    const where = ref.kind === "SecretStore" ? ` in namespace "${namespace}"` : "";
    return new StoreUnavailable(`${ref.field}: ${name} does not exist${where}`, {
      field: `${ref.field}.name`,
      remedy: `create it, or correct ${ref.field}.name or ${ref.field}.kind`,
    });
  }
  if (ref.kind === "ClusterSecretStore" && !mayUse(parts, store.object, namespace)) {
    return new StoreUnavailable(
      `${ref.field}: using cluster store "${ref.name}" is not allowed from namespace "${namespace}": denied by spec.condition`,
      { field: ref.field, remedy: `permit the namespace in spec.conditions of ${name}, or use another store` },
    );
  }
  const ready = conditionOf(store.object.status?.conditions, CONDITION_READY);
  if (!parts.options.floodGate || ready?.status === "True") return undefined;
  const why = ready?.message === undefined ? "it was not validated yet" : ready.message;
  return new StoreUnavailable(`${ref.field}: ${name} is not ready: ${why}`, {
    field: ref.field,
    ...(ready === undefined ? { remedy: "see whether a controller serves it" } : {}),
  });
}

function mayUse({ caches }: ResolveStoreParts, store: SecretStore, namespace: string): boolean {
  return isNamespaceAllowed(store.spec.conditions, namespace, caches.namespaces?.get(namespace)?.metadata.labels);
}
