/** Writes to Vault: only over what carries our mark, and only what differs. */
import type { PushRef } from "../contract.ts";
import { AccessDenied, InvalidConfiguration, SecretNotFound } from "../errors.ts";
import { bytesOf, byteTextOf } from "../property/byte-text.ts";
import { withMember, withoutMember } from "../property/edit.ts";
import { isJson, marshal, memberOf } from "../property/index.ts";
import { parseText } from "../property/json-scan.ts";
import type { KvMetadata } from "./kv-answers.ts";
import type { KvEngine } from "./kv-engine.ts";
import { customMetadataOf } from "./push-metadata.ts";

/** The mark in custom metadata; in version 1 in a member of the secret itself. */
const MARK = { key: "managed-by", value: "external-secrets" } as const;
const V1_METADATA = "custom_metadata";

export interface Pusher {
  /** @throws AccessDenied where the secret lacks our mark; InvalidConfiguration where the value does not fit. */
  push(ref: PushRef, value: Uint8Array, signal: AbortSignal): Promise<void>;
  /** Leaves alone what lacks our mark. */
  delete(ref: PushRef, signal: AbortSignal): Promise<void>;
}

/** `checksVersion`: writes go only over the version that was read (check-and-set). */
export function createPusher(kv: KvEngine, checksVersion: boolean): Pusher {
  return {
    push: (ref, value, signal) =>
      kv.isVersion2 ? pushVersion2(kv, checksVersion, ref, value, signal) : pushVersion1(kv, ref, value, signal),
    delete: (ref, signal) => deleteMarked(kv, ref, signal),
  };
}

async function pushVersion1(kv: KvEngine, ref: PushRef, value: Uint8Array, signal: AbortSignal): Promise<void> {
  if (ref.metadata !== undefined && ref.metadata !== null) customMetadataOf(ref.metadata, new Map(), MARK);
  const marked = await unlessAbsent(kv.readData(ref.remoteKey, undefined, signal));
  if (marked !== undefined && !isMarkedV1(marked)) throw notOurs(ref.remoteKey);
  const current =
    marked === undefined ? undefined : (withoutMember(marked, V1_METADATA, ref.remoteKey) ?? bytesOf("{}"));
  const wanted = wantedData(current, ref, value);
  if (current !== undefined && isSame(current, wanted)) return;
  const mark = `"${V1_METADATA}":{"${MARK.key}":"${MARK.value}"}`;
  const rest = byteTextOf(withoutMember(wanted, V1_METADATA, ref.remoteKey) ?? bytesOf("{}")).slice(1);
  await kv.writeData(ref.remoteKey, bytesOf(rest === "}" ? `{${mark}}` : `{${mark},${rest}`), undefined, signal);
}

/** Metadata goes first, so that a push that fails half-way is known as ours. */
async function pushVersion2(
  kv: KvEngine,
  checksVersion: boolean,
  ref: PushRef,
  value: Uint8Array,
  signal: AbortSignal,
): Promise<void> {
  const { remoteKey } = ref;
  const metadata = await unlessAbsent(kv.readMetadata(remoteKey, signal));
  if (metadata !== undefined && !isMarkedV2(metadata)) throw notOurs(remoteKey);
  const current = metadata === undefined ? undefined : await unlessAbsent(kv.readData(remoteKey, undefined, signal));
  const wanted = wantedData(current, ref, value);
  const custom = customMetadataOf(ref.metadata, metadata?.custom ?? new Map(), MARK);
  if (!isEqual(custom, metadata?.custom)) await kv.writeMetadata(remoteKey, custom, signal);
  if (current !== undefined && isSame(current, wanted)) return;
  await kv.writeData(remoteKey, wanted, checksVersion ? (metadata?.currentVersion ?? 0) : undefined, signal);
}

async function deleteMarked(kv: KvEngine, { remoteKey, property }: PushRef, signal: AbortSignal): Promise<void> {
  const current = await unlessAbsent(kv.readData(remoteKey, undefined, signal));
  if (current === undefined) return;
  const metadata = kv.isVersion2 ? await unlessAbsent(kv.readMetadata(remoteKey, signal)) : undefined;
  if (!(kv.isVersion2 ? metadata !== undefined && isMarkedV2(metadata) : isMarkedV1(current))) return;
  if (!property) return kv.deleteWhole(remoteKey, signal);
  if (memberOf(current, property) === undefined) return;
  const rest = withoutMember(current, property, remoteKey);
  const isEmpty = rest === undefined || (!kv.isVersion2 && withoutMember(rest, V1_METADATA, remoteKey) === undefined);
  if (isEmpty) await kv.deleteWhole(remoteKey, signal);
  else await kv.writeData(remoteKey, rest, metadata?.currentVersion, signal);
}

async function unlessAbsent<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof SecretNotFound) return undefined;
    throw error;
  }
}

function isMarkedV2({ custom }: KvMetadata): boolean {
  return custom.get(MARK.key) === MARK.value;
}

function isMarkedV1(data: Uint8Array): boolean {
  const metadata = memberOf(data, V1_METADATA);
  return metadata !== undefined && memberOf(bytesOf(metadata.raw), MARK.key)?.raw === JSON.stringify(MARK.value);
}

function notOurs(remoteKey: string): AccessDenied {
  return new AccessDenied(`secret "${remoteKey}" is in Vault and not managed by external-secrets`, {
    remoteKey,
    remedy: `choose another remoteKey, or set ${MARK.key}=${MARK.value} in its custom metadata`,
  });
}

/** The whole value, which must be a JSON object, or the current object with the property set. */
function wantedData(current: Uint8Array | undefined, ref: PushRef, value: Uint8Array): Uint8Array {
  if (ref.property) return withMember(current, ref.property, value, ref.remoteKey);
  if (isJson(value) && parseText(byteTextOf(value))?.kind === "object") return value;
  throw new InvalidConfiguration(
    `the value for "${ref.remoteKey}" is not a JSON object, which a secret in Vault has to be`,
    {
      remoteKey: ref.remoteKey,
      remedy: "set remoteRef.property, or push the whole Secret",
    },
  );
}

function isSame(left: Uint8Array, right: Uint8Array): boolean {
  return canonical(left) === canonical(right);
}

/** The same object gives the same text; 1.50 and 1.5 are the same number. */
function canonical(object: Uint8Array): string {
  const value = parseText(byteTextOf(object));
  return value === undefined ? "" : marshal(value, "plain");
}

function isEqual(left: ReadonlyMap<string, string>, right: ReadonlyMap<string, string> | undefined): boolean {
  return left.size === right?.size && [...left].every(([key, value]) => right.get(key) === value);
}
