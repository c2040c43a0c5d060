/** Reads one object of a vault: value, certificate, public key, or its tags. */
import type { RemoteRef } from "../contract.ts";
import { InvalidConfiguration } from "../errors.ts";
import { jsonToSecretMap, propertyNotFound, requireProperty, selectProperty } from "../property/index.ts";
import { SecretMap } from "../secret-map.ts";
import { noteVersion } from "../value-version.ts";
import type { KeyVaultApi } from "./key-vault-api.ts";
import { goJson, metadataOf } from "./metadata.ts";
import { type ObjectKey, objectKeyOf } from "./object-key.ts";
import { readObject, type VaultObject } from "./vault-objects.ts";

/** The bytes that a reference asks for. @throws SyncError */
export async function getSecret(api: KeyVaultApi, ref: RemoteRef, signal: AbortSignal): Promise<Uint8Array> {
  const key = objectKeyOf(ref.key);
  const object = await readObject(api, key, ref.version, signal);
  if (ref.metadataPolicy === "Fetch") return metadataValue(metadataOf(object), ref);
  const whole = bytesOfObject(key, object);
  // As in ESO, a certificate is given whole.
  return ref.property && key.kind !== "certificates" ? requireProperty(whole, ref.key, ref.property) : whole;
}

/** A secret's text, a certificate as DER, a key's public part as a JWK; with its version. */
export function bytesOfObject({ kind }: ObjectKey, { id, value, cer, key }: VaultObject): Uint8Array {
  const version = versionIn(kind === "keys" ? key?.kid : id);
  if (kind === "certificates") return noteVersion(Buffer.from(cer ?? "", "base64"), version);
  return noteVersion(new TextEncoder().encode(kind === "keys" ? JSON.stringify(key) : value), version);
}

/** `https://VAULT/KIND/NAME/VERSION`. */
function versionIn(id: unknown): string | undefined {
  return typeof id === "string" ? URL.parse(id)?.pathname.split("/")[3] : undefined;
}

/** One tag, or a path in a tag that is JSON, or all as JSON. */
function metadataValue(metadata: ReadonlyMap<string, string>, { key, property }: RemoteRef): Uint8Array {
  const encoder = new TextEncoder();
  if (!property) return encoder.encode(goJson(metadata));
  const literal = metadata.get(property);
  if (literal !== undefined) return encoder.encode(literal);
  const [name = "", ...path] = property.split(".");
  const tag = metadata.get(name);
  const selected = tag === undefined ? undefined : selectProperty(encoder.encode(tag), path.join("."));
  if (selected === undefined) throw propertyNotFound(encoder.encode("{}"), key, property);
  return selected;
}

/**
 * The keys of a secret that is a JSON object; with `metadataPolicy: Fetch` its tags, named as ESO names them.
 * @throws InvalidConfiguration for certificates and keys, which have none.
 */
export async function getSecretMap(api: KeyVaultApi, ref: RemoteRef, signal: AbortSignal): Promise<SecretMap> {
  const key = objectKeyOf(ref.key);
  if (key.kind !== "secrets") {
    throw new InvalidConfiguration(`"${ref.key}" has no keys to extract`, {
      remoteKey: ref.key,
      field: "spec.dataFrom[].extract.key",
      remedy: "read it by data[].remoteRef, or name a secret that is a JSON object",
    });
  }
  if (ref.metadataPolicy !== "Fetch") return jsonToSecretMap(await getSecret(api, ref, signal), ref.key);
  const object = await readObject(api, key, ref.version, signal);
  return metadataMap(key.name, metadataOf(object), ref);
}

/** `NAME_TAG`; of a tag that is a JSON object of texts, `NAME_TAG_KEY` for each of them. */
function metadataMap(name: string, metadata: ReadonlyMap<string, string>, ref: RemoteRef): SecretMap {
  const encoder = new TextEncoder();
  const entries = [...metadata].flatMap(([tag, value]): [string, Uint8Array][] => {
    const members = textsIn(value);
    if (members === undefined) return [[`${name}_${tag}`, encoder.encode(value)]];
    return members.map(([member, text]) => [`${name}_${tag}_${member}`, encoder.encode(text)]);
  });
  if (!ref.property) return new SecretMap(entries);
  const wanted = `${name}_${ref.property}`;
  const found = entries.filter(([key]) => key === wanted);
  if (found.length === 0) throw propertyNotFound(encoder.encode("{}"), ref.key, ref.property);
  return new SecretMap(found);
}

function textsIn(json: string): [string, string][] | undefined {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    // A tag is any text; one that is no JSON is taken as it is.
    return undefined;
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  const entries = Object.entries(value);
  return entries.every((entry): entry is [string, string] => typeof entry[1] === "string") ? entries : undefined;
}
