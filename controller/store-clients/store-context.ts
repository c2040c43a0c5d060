/** What a backend may read of the cluster for a store, within the store's namespace borders. */
import type { Clock } from "../../api/clock.ts";
import { parseDurationMs } from "../../api/duration.ts";
import type { SecretStoreSpec } from "../../api/secret-store.ts";
import type { KeySelector, StoreContext, StoreIdentity } from "../../providers/contract.ts";
import { AccessDenied, InvalidConfiguration, ReferentNamespaceMissing, Transient } from "../../providers/errors.ts";
import { SecretMap } from "../../providers/secret-map.ts";
import { CONFIG_MAP, SECRET, SERVICE_ACCOUNT } from "../core-resources.ts";
import type { KubeClient, KubeObject, ResourceType } from "../kube/contracts.ts";
import { isForbidden, isNotFound, KubeApiError } from "../kube/kube-api-error.ts";
import type { DependencyKey } from "./dependencies.ts";
import { renderStoreTemplate } from "./store-template.ts";

export interface StoreContextParts {
  readonly store: StoreIdentity;
  /** As `StoreContext.namespace`. */
  readonly namespace: string | undefined;
  readonly kube: KubeClient;
  readonly clock: Clock;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly requestTimeoutMs: number;
  /** Of the store's spec. */
  readonly retrySettings?: SecretStoreSpec["retrySettings"] | undefined;
  /** Who reads, for messages. Default: the controller. */
  readonly reader?: StoreReader | undefined;
  /** As `StoreContext.observeCall`. */
  readonly observeCall?: StoreContext["observeCall"];
  /** Hears of each read; `resourceVersion` is unset where the object was not there. */
  readonly onRead: (dependency: DependencyKey, resourceVersion: string | undefined) => void;
}

/** Who reads what a store refers to, as messages call it, and what to do where it may not. */
export interface StoreReader {
  readonly name: string;
  readonly remedy: string;
}

const CONTROLLER: StoreReader = { name: "the controller", remedy: "grant it to the controller's service account" };

interface DataObject extends KubeObject {
  readonly data?: Readonly<Record<string, string>>;
  readonly binaryData?: Readonly<Record<string, string>>;
}

/** Where a reference points to. */
interface Place {
  readonly namespace: string;
  readonly name: string;
}

/** Reads live: nothing is cached here, and no value is kept. */
export function createStoreContext(parts: StoreContextParts): StoreContext {
  const { store, namespace, clock, environment, requestTimeoutMs } = parts;
  return {
    store,
    namespace,
    clock,
    environment,
    requestTimeoutMs,
    observeCall: parts.observeCall,
    ...retriesOf(parts.retrySettings),
    async readSecretKey(ref, field, signal) {
      const { object, key, place } = await readDataObject(parts, SECRET, ref, field, signal);
      const value = object.data?.[key];
      if (value === undefined) throw missingKey("Secret", place, key, field);
      return new Uint8Array(Buffer.from(value, "base64"));
    },
    async readConfigMapKey(ref, field, signal) {
      const { object, key, place } = await readDataObject(parts, CONFIG_MAP, ref, field, signal);
      const text = object.data?.[key];
      if (text !== undefined) return new TextEncoder().encode(text);
      const binary = object.binaryData?.[key];
      if (binary === undefined) throw missingKey("ConfigMap", place, key, field);
      return new Uint8Array(Buffer.from(binary, "base64"));
    },
    readLabelledSecret: (ref, label, field, signal) => readLabelled(parts, { ref, label, field }, signal),
    renderTemplate: (field, text, data) => renderStoreTemplate(clock, field, text, data),
    requestToken: (ref, options, signal) => requestToken(parts, ref, options, signal),
    async readServiceAccountAnnotations(ref, field, signal) {
      const place = placeOf(parts, ref, field);
      const { metadata } = await read<KubeObject>(parts, SERVICE_ACCOUNT, place, field, signal);
      return metadata.annotations ?? {};
    },
  };
}

async function readLabelled(
  parts: StoreContextParts,
  asked: {
    readonly ref: KeySelector;
    readonly label: { readonly key: string; readonly value: string };
    readonly field: string;
  },
  signal: AbortSignal,
): Promise<SecretMap> {
  const { ref, label, field } = asked;
  const place = placeOf(parts, ref, field);
  const { metadata, data = {} } = await read<DataObject>(parts, SECRET, place, field, signal);
  if (metadata.labels?.[label.key] !== label.value) {
    throw new InvalidConfiguration(
      `${field}: Secret "${place.namespace}/${place.name}" lacks the label ${label.key}=${label.value}`,
      { field, remedy: "add the label to the Secret, by which its owner allows this use" },
    );
  }
  return new SecretMap(Object.entries(data).map(([key, value]) => [key, new Uint8Array(Buffer.from(value, "base64"))]));
}

/** @throws InvalidConfiguration where the interval is no duration. */
function retriesOf(settings: SecretStoreSpec["retrySettings"]): Pick<StoreContext, "retrySettings"> {
  if (settings === undefined) return {};
  const { maxRetries, retryInterval } = settings;
  const retryIntervalMs = retryInterval === undefined ? undefined : parseDurationMs(retryInterval);
  if (retryInterval !== undefined && (retryIntervalMs === undefined || retryIntervalMs < 0)) {
    throw new InvalidConfiguration(
      `spec.retrySettings.retryInterval: ${JSON.stringify(retryInterval)} is no duration`,
      {
        field: "spec.retrySettings.retryInterval",
        remedy: "write one such as 10s or 1m30s",
      },
    );
  }
  return {
    retrySettings: {
      ...(maxRetries === undefined ? {} : { maxRetries }),
      ...(retryIntervalMs === undefined ? {} : { retryIntervalMs }),
    },
  };
}

const requestToken = async (
  parts: StoreContextParts,
  ...[ref, options, signal]: Parameters<StoreContext["requestToken"]>
): ReturnType<StoreContext["requestToken"]> => {
  const { defaultAudiences, expirationSeconds, field } = options;
  const place = placeOf(parts, ref, field);
  const audiences = [...new Set([...defaultAudiences, ...(ref.audiences ?? [])])];
  try {
    return await parts.kube.createToken(place, { audiences, expirationSeconds }, signal);
  } catch (error) {
    if (isNotFound(error)) parts.onRead(dependencyKey(SERVICE_ACCOUNT, place), undefined);
    throw translated(error, parts, SERVICE_ACCOUNT, place, field, "create a token of");
  }
};

/** The borders: a SecretStore stays in its namespace; a ClusterSecretStore goes where the reference says, or to the user's. */
function placeOf(parts: StoreContextParts, ref: KeySelector, field: string): Place {
  const { store } = parts;
  if (ref.name === undefined || ref.name === "") {
    throw new InvalidConfiguration(`${field}.name is not set`, {
      field: `${field}.name`,
      remedy: "name the object that holds it",
    });
  }
  const named = ref.namespace === undefined || ref.namespace === "" ? undefined : ref.namespace;
  if (store.kind === "SecretStore") {
    const own = store.namespace ?? "";
    if (named !== undefined && named !== own) {
      throw new InvalidConfiguration(
        `${field}.namespace is "${named}", but a SecretStore may only refer to its own namespace "${own}"`,
        { field: `${field}.namespace`, remedy: "leave it out, or use a ClusterSecretStore" },
      );
    }
    return { namespace: own, name: ref.name };
  }
  const namespace = named ?? parts.namespace;
  if (namespace === undefined) {
    throw new ReferentNamespaceMissing(`${field} names no namespace; that of each ExternalSecret is used`, { field });
  }
  return { namespace, name: ref.name };
}

async function readDataObject(
  parts: StoreContextParts,
  type: ResourceType,
  ref: KeySelector,
  field: string,
  signal: AbortSignal,
): Promise<{ readonly object: DataObject; readonly key: string; readonly place: Place }> {
  const place = placeOf(parts, ref, field);
  if (ref.key === undefined || ref.key === "") {
    throw new InvalidConfiguration(`${field}.key is not set`, {
      field: `${field}.key`,
      remedy: `name the key in ${type.kind} "${place.namespace}/${place.name}"`,
    });
  }
  return { object: await read<DataObject>(parts, type, place, field, signal), key: ref.key, place };
}

async function read<T extends KubeObject>(
  parts: StoreContextParts,
  type: ResourceType,
  place: Place,
  field: string,
  signal: AbortSignal,
): Promise<T> {
  try {
    const object = await parts.kube.get<T>(type, place, signal);
    parts.onRead(dependencyKey(type, place), object.metadata.resourceVersion);
    return object;
  } catch (error) {
    if (isNotFound(error)) parts.onRead(dependencyKey(type, place), undefined);
    throw translated(error, parts, type, place, field, "get");
  }
}

function dependencyKey(type: ResourceType, place: Place): DependencyKey {
  const kind = type.kind === "Secret" || type.kind === "ConfigMap" ? type.kind : "ServiceAccount";
  return `${kind}/${place.namespace}/${place.name}`;
}

function missingKey(kind: string, place: Place, key: string, field: string): InvalidConfiguration {
  return new InvalidConfiguration(`${field}: ${kind} "${place.namespace}/${place.name}" has no key "${key}"`, {
    field: `${field}.key`,
    remedy: `add the key to the ${kind}, or correct ${field}.key`,
  });
}

function translated(
  error: unknown,
  { reader = CONTROLLER }: Pick<StoreContextParts, "reader">,
  type: ResourceType,
  place: Place,
  field: string,
  verb: string,
): unknown {
  if (!(error instanceof KubeApiError)) return error;
  const object = `${type.kind} "${place.namespace}/${place.name}"`;
  if (isNotFound(error)) {
    return new InvalidConfiguration(`${field}: ${object} does not exist`, {
      cause: error,
      field: `${field}.name`,
      remedy: `create it, or correct ${field}.name`,
    });
  }
  if (isForbidden(error)) {
    return new AccessDenied(`${field}: ${reader.name} may not ${verb} ${object}`, {
      cause: error,
      field,
      remedy: reader.remedy,
    });
  }
  const retryAfter = error.retryAfterMs === undefined ? {} : { retryAfterMs: error.retryAfterMs };
  return new Transient(`${field}: could not ${verb} ${object}: ${error.message}`, {
    cause: error,
    field,
    ...retryAfter,
  });
}
