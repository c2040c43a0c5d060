/** The watches of the controller, and the indexes over them. */
import type { Clock } from "../../api/clock.ts";
import type { ExternalSecret } from "../../api/external-secret.ts";
import { MANAGED_LABEL, MANAGED_VALUE } from "../../api/labels.ts";
import { CLUSTER_SECRET_STORE, EXTERNAL_SECRET, SECRET_STORE } from "../../api/resource-types.ts";
import type { SecretStore } from "../../api/secret-store.ts";
import { CONFIG_MAP, NAMESPACE, SECRET } from "../core-resources.ts";
import type { KubeClient, KubeObject, Logger, Reflector, ResourceType } from "../kube/contracts.ts";
import { createReflector, type ReflectorOptions } from "../kube/reflector.ts";
import type { ControllerOptions } from "../options.ts";
import { OwnWrites } from "./own-writes.ts";
import {
  type KubeSecret,
  type NamespaceRecord,
  namespaceRecordOf,
  type SecretRecord,
  type SecretVersion,
  secretRecordOf,
  secretVersionOf,
} from "./secret-record.ts";

/** One reflector under the name that metrics and health checks give it. */
export interface NamedReflector {
  readonly name: string;
  readonly reflector: Reflector<unknown>;
}

export interface Caches {
  readonly externalSecrets: Reflector<ExternalSecret>;
  readonly secretStores: Reflector<SecretStore>;
  /** Unset where ClusterSecretStores are not served. */
  readonly clusterSecretStores: Reflector<SecretStore> | undefined;
  /** Secrets with the managed label. */
  readonly managedSecrets: Reflector<SecretRecord>;
  /** All Secrets, only that they are there and in which version. */
  readonly secretVersions: Reflector<SecretVersion>;
  /** All ConfigMaps, only that they are there and in which version. */
  readonly configMapVersions: Reflector<SecretVersion>;
  /** Unset where ClusterSecretStores are not served. */
  readonly namespaces: Reflector<NamespaceRecord> | undefined;
  /** `externalSecrets` with our own status writes over it. */
  readonly currentExternalSecrets: OwnWrites<ExternalSecret>;
  /** `managedSecrets` with our own writes over it. */
  readonly currentSecrets: OwnWrites<SecretRecord>;
  /** SecretStores and ClusterSecretStores with our own status writes over them. */
  readonly currentStores: {
    readonly SecretStore: OwnWrites<SecretStore>;
    readonly ClusterSecretStore: OwnWrites<SecretStore> | undefined;
  };
  readonly all: readonly NamedReflector[];
}

export interface CachesParts {
  readonly kube: KubeClient;
  readonly clock: Clock;
  readonly random: () => number;
  readonly logger: Logger;
  readonly options: Pick<ControllerOptions, "namespaces" | "clusterStores">;
}

/** Makes all watches; none runs yet. */
export function createCaches(parts: CachesParts): Caches {
  const { kube: client, clock, random, logger, options } = parts;
  const make = <T extends KubeObject, C>(
    type: ResourceType,
    transform: (object: T) => C,
    more: Partial<ReflectorOptions<T, C>> = {},
  ): Reflector<C> => {
    const namespaces = type.namespaced ? options.namespaces : undefined;
    return createReflector<T, C>({ client, type, transform, clock, random, logger, namespaces, ...more });
  };
  const asItIs = <T>(object: T): T => object;
  const externalSecrets = make<ExternalSecret, ExternalSecret>(EXTERNAL_SECRET, asItIs);
  const secretStores = make<SecretStore, SecretStore>(SECRET_STORE, asItIs);
  const clusterSecretStores = options.clusterStores
    ? make<SecretStore, SecretStore>(CLUSTER_SECRET_STORE, asItIs)
    : undefined;
  // Full objects travel here, so pages are small; only the hash stays.
  const managed = { labelSelector: `${MANAGED_LABEL}=${MANAGED_VALUE}`, pageSize: 100 };
  const managedSecrets = make<KubeSecret, SecretRecord>(SECRET, secretRecordOf, managed);
  const secretVersions = make<KubeObject, SecretVersion>(SECRET, secretVersionOf, { metadataOnly: true });
  const configMapVersions = make<KubeObject, SecretVersion>(CONFIG_MAP, secretVersionOf, { metadataOnly: true });
  const namespaces = options.clusterStores
    ? make<KubeObject, NamespaceRecord>(NAMESPACE, namespaceRecordOf, { metadataOnly: true })
    : undefined;
  return {
    externalSecrets,
    secretStores,
    clusterSecretStores,
    managedSecrets,
    secretVersions,
    configMapVersions,
    namespaces,
    currentExternalSecrets: new OwnWrites(externalSecrets, clock),
    currentSecrets: new OwnWrites(managedSecrets, clock),
    currentStores: {
      SecretStore: new OwnWrites(secretStores, clock),
      ClusterSecretStore: clusterSecretStores === undefined ? undefined : new OwnWrites(clusterSecretStores, clock),
    },
    all: named({
      externalSecrets,
      secretStores,
      clusterSecretStores,
      managedSecrets,
      secretVersions,
      configMapVersions,
      namespaces,
    }),
  };
}

function named(reflectors: Readonly<Record<string, Reflector<unknown> | undefined>>): readonly NamedReflector[] {
  return Object.entries(reflectors).flatMap(([name, reflector]) =>
    reflector === undefined ? [] : [{ name, reflector }],
  );
}
