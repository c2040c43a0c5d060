/** Writes Secrets: only over what carries our mark, and only what differs. */
import type { PushRef, StoreIdentity } from "../contract.ts";
import { AccessDenied, InvalidConfiguration, SecretNotFound } from "../errors.ts";
import { byteValueOf, isJson, jsonMembers } from "../property/index.ts";
import type { KubeApi } from "./kube-api.ts";
import { MARK, type ObjectTexts, readPushSettings, wantedTexts } from "./push-metadata.ts";
import { secretNameOf } from "./secret-name.ts";
import { dataOf, type KubeSecret } from "./secret-object.ts";

type Base64Data = Readonly<Record<string, string>>;

/** Where pushes go. */
export interface PushPlace {
  readonly api: KubeApi;
  readonly store: StoreIdentity;
  /** The store's; the metadata of a push may name another. */
  readonly namespace: string;
}

/**
 * Creates the Secret, or makes what is there equal: all its data, or with a property that key alone.
 * @throws AccessDenied where the Secret lacks our mark; InvalidConfiguration where value or metadata do not fit.
 */
export async function pushSecret(
  place: PushPlace,
  ref: PushRef,
  value: Uint8Array,
  signal: AbortSignal,
): Promise<void> {
  const { api } = place;
  const settings = readPushSettings(ref.metadata, place.store);
  const namespace = settings.remoteNamespace ?? place.namespace;
  const name = secretNameOf(ref.remoteKey);
  const current = await unlessAbsent(api.getSecret(namespace, name, signal));
  if (current !== undefined && !isMarked(current)) throw notOurs(name, namespace);
  const data = wantedData(current, ref, value);
  const texts = wantedTexts(settings, current?.metadata);
  if (current === undefined) {
    return api.createSecret(namespace, { metadata: { name, ...texts }, type: "Opaque", data }, signal);
  }
  if (isSame(current, data, texts)) return;
  await api.replaceSecret(namespace, { ...current, metadata: { ...current.metadata, ...texts }, data }, signal);
}

/** Removes the Secret, or its property; with the last property the Secret goes too. Leaves alone what lacks our mark. */
export async function deleteSecret(place: PushPlace, ref: PushRef, signal: AbortSignal): Promise<void> {
  const { api } = place;
  const namespace = namespaceOf(place, ref);
  const current = await unlessAbsent(api.getSecret(namespace, secretNameOf(ref.remoteKey), signal));
  if (current === undefined || !isMarked(current)) return;
  if (!ref.property) return api.deleteSecret(namespace, current, signal);
  const rest = Object.entries(current.data ?? {}).filter(([key]) => key !== ref.property);
  if (rest.length === Object.keys(current.data ?? {}).length) return;
  if (rest.length === 0) return api.deleteSecret(namespace, current, signal);
  await api.replaceSecret(namespace, { ...current, data: Object.fromEntries(rest) }, signal);
}

/** Whether the Secret, and the key in it, is there, with our mark or without. */
export async function secretExists(place: PushPlace, ref: PushRef, signal: AbortSignal): Promise<boolean> {
  const namespace = namespaceOf(place, ref);
  const current = await unlessAbsent(place.api.getSecret(namespace, secretNameOf(ref.remoteKey), signal));
  return current !== undefined && (!ref.property || dataOf(current).has(ref.property));
}

function namespaceOf({ store, namespace }: PushPlace, { metadata }: PushRef): string {
  return readPushSettings(metadata, store).remoteNamespace ?? namespace;
}

async function unlessAbsent(reading: Promise<KubeSecret>): Promise<KubeSecret | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof SecretNotFound) return undefined;
    throw error;
  }
}

function isMarked({ metadata }: KubeSecret): boolean {
  return metadata.labels?.[MARK.key] === MARK.value;
}

function notOurs(name: string, namespace: string): AccessDenied {
  return new AccessDenied(`secret "${name}" is in namespace "${namespace}" and not managed by external-secrets`, {
    remoteKey: name,
    remedy: `choose another remoteKey, or give the Secret the label ${MARK.key}=${MARK.value}`,
  });
}

/** A whole value is the JSON object of all keys; a property's bytes may be any. */
function wantedData(current: KubeSecret | undefined, { remoteKey, property }: PushRef, value: Uint8Array): Base64Data {
  if (property) return { ...current?.data, [property]: base64Of(value) };
  if (!isJson(value)) {
    throw new InvalidConfiguration(
      `the value for "${remoteKey}" is not a JSON object, which a whole Secret has to be`,
      {
        remoteKey,
        remedy: "set remoteRef.property, or push the whole Secret",
      },
    );
  }
  const members = jsonMembers(value, remoteKey);
  return Object.fromEntries(members.map(([key, member]) => [key, base64Of(byteValueOf(member, "asWritten"))]));
}

function base64Of(value: Uint8Array): string {
  return Buffer.from(value).toString("base64");
}

function isSame(current: KubeSecret, data: Base64Data, texts: ObjectTexts): boolean {
  return (
    isEqual(current.data, data) &&
    isEqual(current.metadata.labels, texts.labels) &&
    isEqual(current.metadata.annotations, texts.annotations)
  );
}

function isEqual(left: Readonly<Record<string, string>> = {}, right: Readonly<Record<string, string>>): boolean {
  const entries = Object.entries(left);
  return entries.length === Object.keys(right).length && entries.every(([key, value]) => right[key] === value);
}
