/** Writes and deletes what the ownership label marks as ours. */
import type { PushRef } from "../contract.ts";
import { AccessDenied, InvalidConfiguration, SecretNotFound } from "../errors.ts";
import { bytesOf } from "../property/byte-text.ts";
import { withMember, withoutMember } from "../property/edit.ts";
import { memberOf } from "../property/index.ts";
import { textOf } from "../property/json-value.ts";
import { OWNERSHIP_LABEL, type PushSettings, readPushSettings } from "./push-metadata.ts";
import type { SecretManagerApi, SecretMetadata } from "./secret-manager-api.ts";

/**
 * Creates the secret where it is missing, sets its metadata where these are given, and adds a version where the value differs
 * from the latest.
 * @throws AccessDenied where it is there and not ours; InvalidConfiguration for wrong metadata; VersionUnusable where the
 * latest version is disabled, which we do not overrule.
 */
export async function pushSecret(
  api: SecretManagerApi,
  location: string | undefined,
  ref: PushRef,
  value: Uint8Array,
  signal: AbortSignal,
): Promise<void> {
  const key = ref.remoteKey;
  const settings = readPushSettings(ref.metadata);
  if (settings !== undefined && ref.property) {
    throw new InvalidConfiguration("cannot specify metadata and property at the same time", {
      field: "spec.data[].metadata",
      remedy: "remove one of the two",
    });
  }
  const secret = await unlessAbsent(api.getSecret(key, signal));
  if (secret === undefined) {
    const first = desiredValue(undefined, ref, value);
    await api.createSecret(key, newSecret(settings, location), signal);
    return api.addVersion(key, first, signal);
  }
  if (!isOurs(secret)) throw notOurs(key);
  if (settings !== undefined) await updateMetadata(api, key, secret, settings, signal);
  const current = await unlessAbsent(api.access(key, "latest", signal));
  if (current !== undefined && isEqual(current, ref, value)) return;
  await api.addVersion(key, desiredValue(current, ref, value), signal);
}

/**
 * Deletes the secret with all its versions, or with a property only that key of it while others are left. What is absent or not
 * ours is left as it is.
 */
export async function deleteSecret(api: SecretManagerApi, ref: PushRef, signal: AbortSignal): Promise<void> {
  const key = ref.remoteKey;
  const secret = await unlessAbsent(api.getSecret(key, signal));
  if (secret === undefined || !isOurs(secret)) return;
  if (ref.property) {
    const current = await unlessAbsent(api.access(key, "latest", signal));
    const rest = current === undefined ? undefined : withoutMember(current, ref.property, key);
    if (current !== undefined && rest !== undefined) {
      if (memberOf(current, ref.property) !== undefined) await api.addVersion(key, rest, signal);
      return;
    }
  }
  await unlessAbsent(api.deleteSecret(key, secret.etag, signal));
}

async function unlessAbsent<T>(promise: Promise<T>): Promise<T | undefined> {
  try {
    return await promise;
  } catch (error) {
    if (error instanceof SecretNotFound) return undefined;
    throw error;
  }
}

function isOurs({ labels = {} }: SecretMetadata): boolean {
  return labels[OWNERSHIP_LABEL.key] === OWNERSHIP_LABEL.value;
}

function notOurs(key: string): AccessDenied {
  return new AccessDenied(`secret "${key}" in Google Secret Manager is not managed by external-secrets`, {
    remoteKey: key,
    remedy: `choose another remoteKey, or label it ${OWNERSHIP_LABEL.key}=${OWNERSHIP_LABEL.value}`,
  });
}

/** A JSON string is compared by what it says, however it is written. */
function isEqual(current: Uint8Array, ref: PushRef, value: Uint8Array): boolean {
  if (!ref.property) return Buffer.compare(current, value) === 0;
  const member = memberOf(current, ref.property);
  return member?.kind === "string" && Buffer.compare(bytesOf(textOf(member)), value) === 0;
}

function desiredValue(current: Uint8Array | undefined, ref: PushRef, value: Uint8Array): Uint8Array {
  return ref.property ? withMember(current, ref.property, value, ref.remoteKey) : value;
}

/** Regional secrets have no replicas, and so their encryption key stands elsewhere. */
function newSecret(settings: PushSettings | undefined, location: string | undefined): object {
  const { kmsKeyName, topics = [], annotations = {}, labels = {} } = settings ?? {};
  const encryption = kmsKeyName === undefined ? {} : { customerManagedEncryption: { kmsKeyName } };
  const locations = settings?.replicationLocations ?? [];
  const replication =
    locations.length === 0
      ? { automatic: encryption }
      : { userManaged: { replicas: locations.map((name) => ({ location: name, ...encryption })) } };
  return {
    labels: marked(labels),
    annotations,
    topics: topics.map((name) => ({ name })),
    ...(location ? encryption : { replication }),
  };
}

function marked(labels: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return { ...labels, [OWNERSHIP_LABEL.key]: OWNERSHIP_LABEL.value };
}

/** Only what differs; topics only where some are given. */
async function updateMetadata(
  api: SecretManagerApi,
  key: string,
  secret: SecretMetadata,
  settings: PushSettings,
  signal: AbortSignal,
): Promise<void> {
  const labels = marked({ ...(settings.mergesLabels ? secret.labels : {}), ...settings.labels });
  const topics = settings.topics.map((name) => ({ name }));
  const changes = {
    ...(isSame(labels, secret.labels) ? {} : { labels }),
    ...(isSame(settings.annotations, secret.annotations) ? {} : { annotations: settings.annotations }),
    ...(topics.length === 0 || isSameTopics(settings.topics, secret) ? {} : { topics }),
  };
  const fields = Object.keys(changes);
  if (fields.length === 0) return;
  await api.updateSecret(
    key,
    { ...changes, ...(secret.etag === undefined ? {} : { etag: secret.etag }) },
    fields,
    signal,
  );
}

function isSame(left: Readonly<Record<string, string>>, right: Readonly<Record<string, string>> = {}): boolean {
  const entries = Object.entries(left);
  return entries.length === Object.keys(right).length && entries.every(([name, value]) => right[name] === value);
}

function isSameTopics(wanted: readonly string[], { topics = [] }: SecretMetadata): boolean {
  return wanted.length === topics.length && wanted.every((name, index) => topics[index]?.name === name);
}
