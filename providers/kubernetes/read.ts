/** Reads one Secret: its data or its metadata, whole, in part, or by key. */
import type { RemoteRef } from "../contract.ts";
import { InvalidConfiguration, PropertyNotFound } from "../errors.ts";
import { byteValueOf, jsonMembers, propertyNotFound } from "../property/index.ts";
import { SecretMap } from "../secret-map.ts";
import { noteVersion } from "../value-version.ts";
import type { KubeApi } from "./kube-api.ts";
import { secretNameOf } from "./secret-name.ts";
import { dataAsJson, dataOf, type KubeSecret, metadataAsJson, metadataOf, partOf } from "./secret-object.ts";

/**
 * The bytes of one key, or all of the data (with `metadataPolicy: Fetch` labels and annotations) as JSON.
 * @throws SecretNotFound; PropertyNotFound.
 */
export async function readSecret(
  api: KubeApi,
  namespace: string,
  ref: RemoteRef,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const secret = await fetchSecret(api, namespace, ref, signal);
  const whole = ref.metadataPolicy === "Fetch" ? metadataAsJson : dataAsJson;
  return noteVersion(ref.property ? propertyOf(secret, ref, ref.property) : whole(secret), versionIn(secret));
}

/**
 * All keys with their bytes; with a property the members of the JSON object that it holds.
 * @throws SecretNotFound; PropertyNotFound; InvalidConfiguration where the property is no JSON object.
 */
export async function readSecretMap(
  api: KubeApi,
  namespace: string,
  ref: RemoteRef,
  signal: AbortSignal,
): Promise<SecretMap> {
  const secret = await fetchSecret(api, namespace, ref, signal);
  if (!ref.property) return noteVersion(valuesOf(secret, ref), versionIn(secret));
  const members = jsonMembers(propertyOf(secret, ref, ref.property), ref.key);
  const found = new SecretMap(members.map(([key, value]) => [key, byteValueOf(value, "plain")]));
  return noteVersion(found, versionIn(secret));
}

function versionIn({ metadata }: KubeSecret): string | undefined {
  return metadata.resourceVersion;
}

function fetchSecret(api: KubeApi, namespace: string, ref: RemoteRef, signal: AbortSignal): Promise<KubeSecret> {
  if (ref.version) {
    throw new InvalidConfiguration(`secret "${ref.key}": a Secret of Kubernetes has no versions`, {
      remoteKey: ref.key,
      field: "spec.data[].remoteRef.version",
      remedy: "remove remoteRef.version",
    });
  }
  return api.getSecret(namespace, secretNameOf(ref.key), signal);
}

function valuesOf(secret: KubeSecret, { metadataPolicy }: RemoteRef): SecretMap {
  return metadataPolicy === "Fetch" ? metadataOf(secret) : dataOf(secret);
}

function propertyOf(secret: KubeSecret, ref: RemoteRef, property: string): Uint8Array {
  const part = ref.metadataPolicy === "Fetch" ? metadataPart(secret, property) : partOf(dataOf(secret), property);
  if (part.found !== undefined) return part.found;
  if (part.searched !== undefined) throw propertyNotFound(part.searched, ref.key, property);
  throw new PropertyNotFound(`secret "${ref.key}" has no property "${property}"`, {
    remoteKey: ref.key,
    property,
    remedy: "correct remoteRef.property or add the key to the Secret",
  });
}

/** `labels`, `annotations`, or `labels.NAME` with any name, dots included, and a path in the JSON that it holds. */
function metadataPart(secret: KubeSecret, property: string): ReturnType<typeof partOf> {
  for (const kind of ["labels", "annotations"] as const) {
    if (!property.startsWith(`${kind}.`)) continue;
    const texts = Object.entries(secret.metadata[kind] ?? {});
    const values = texts.map(([name, text]) => [name, new TextEncoder().encode(text)] as const);
    return partOf(new Map(values), property.slice(kind.length + 1));
  }
  return partOf(metadataOf(secret), property);
}
