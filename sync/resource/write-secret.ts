/** Makes the Secret what it should be, by server-side apply under a field manager of its own, and writes only where it is not. */
import { CREATED_BY_LABEL, DATA_HASH_ANNOTATION, MANAGED_LABEL } from "../../api/labels.ts";
import type { KubeSecret } from "../../controller/cache/secret-record.ts";
import { SECRET } from "../../controller/core-resources.ts";
import { isConflict } from "../../controller/kube/kube-api-error.ts";
import type { DesiredSecret } from "../../engine/desired-secret.ts";
import { InvalidConfiguration } from "../../providers/errors.ts";
import type { SyncSession } from "../session/session.ts";
import { idOf } from "./inputs.ts";
import { hasSameData, metadataDrift, readLive, typeOf } from "./live-secret.ts";
import { fieldManagerOf, OWNER_LABEL, requireOwnership } from "./ownership.ts";
import { creates, type SyncPolicy } from "./policy.ts";

/** A write, and what permits it. */
export interface SecretWrite {
  readonly desired: DesiredSecret;
  readonly policy: SyncPolicy;
  readonly owner: string;
  /** Of the Secret that the state speaks of; empty where there is none. */
  readonly uid: string;
  readonly adopt: boolean;
}

/** A Secret that others write as well may change between our read and our write; then both are done again, so often. */
const MAX_ATTEMPTS = 3;

/**
 * The Secret as it stands afterwards.
 * @throws InvalidConfiguration where it is not ours, or there is none to merge into; KubeApiError; the signal's reason before
 * anything was sent. What was sent is awaited: the Secret is the old or the new one.
 */
export async function writeSecret(session: SyncSession, write: SecretWrite, signal: AbortSignal): Promise<KubeSecret> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await writeOnce(session, write, signal);
    } catch (error) {
      if (!isConflict(error) || attempt >= MAX_ATTEMPTS) throw error;
    }
  }
}

async function writeOnce(session: SyncSession, write: SecretWrite, signal: AbortSignal): Promise<KubeSecret> {
  const { policy, owner } = write;
  const desired = policy.owns ? labelled(write.desired, owner) : write.desired;
  const live = await readLive(session, desired, signal);
  if (live === undefined) {
    if (!creates(policy)) throw nothingToMergeInto(desired);
  } else {
    requireWritable(live, desired, write);
    if (isAsDesired(live, desired, policy)) return live;
  }
  signal.throwIfAborted();
  const sent = new AbortController().signal;
  const applied = await apply(session, desired, { write, live, seals: live === undefined }, sent);
  const cleaned = await removeLeftovers(session, applied, desired, write, sent);
  if (!desired.immutable || cleaned.immutable === true) return cleaned;
  return apply(session, desired, { write, live: cleaned, seals: true }, sent);
}

function labelled(desired: DesiredSecret, owner: string): DesiredSecret {
  return { ...desired, labels: { ...desired.labels, [OWNER_LABEL]: owner } };
}

function nothingToMergeInto(desired: DesiredSecret): InvalidConfiguration {
  return new InvalidConfiguration(`there is no Secret "${idOf(desired)}" to merge into`, {
    field: "spec.target.creationPolicy",
    remedy: "create it, or set spec.target.creationPolicy to CreateOrMerge",
  });
}

function requireWritable(live: KubeSecret, desired: DesiredSecret, { policy, owner, uid, adopt }: SecretWrite): void {
  if (!policy.owns) return;
  requireOwnership(live, desired, { owner, uid }, adopt);
  if (typeOf(live) === desired.type) return;
  throw new InvalidConfiguration(
    `Secret "${idOf(desired)}" has type "${typeOf(live)}", which cannot become "${desired.type}"`,
    {
      field: "spec.target.template.type",
      remedy: "delete the Secret, or set spec.target.template.type to what it has",
    },
  );
}

/** Nothing is to be written. */
function isAsDesired(live: KubeSecret, desired: DesiredSecret, { owns }: SyncPolicy): boolean {
  return (
    hasSameData(live, desired.data, owns) &&
    metadataDrift(live, desired).length === 0 &&
    (live.immutable === true || !desired.immutable)
  );
}

interface Apply {
  readonly write: SecretWrite;
  readonly live: KubeSecret | undefined;
  /** Whether an immutable Secret is made so now: before, what is left over must go. */
  readonly seals: boolean;
}

function apply(
  { kube }: SyncSession,
  desired: DesiredSecret,
  { write, live, seals }: Apply,
  signal: AbortSignal,
): Promise<KubeSecret> {
  const { name, namespace, labels, annotations, finalizers } = desired;
  const { policy } = write;
  const data = Object.fromEntries(
    [...desired.data].map(([key, value]) => [key, Buffer.from(value).toString("base64")]),
  );
  const version = live?.metadata.resourceVersion;
  const body = {
    metadata: {
      ...{ name, namespace, labels, annotations },
      ...(finalizers.length > 0 ? { finalizers } : {}),
      // What was looked at is what is written onto.
      ...(version === undefined ? {} : { resourceVersion: version }),
    },
    ...(policy.owns || policy.namesType || live === undefined ? { type: desired.type } : {}),
    ...((seals && desired.immutable) || live?.immutable === true ? { immutable: true } : {}),
    // An empty map would be a field of its own.
    ...(desired.data.size > 0 ? { data } : {}),
  };
  // A Secret that appears meanwhile is another's: without force, its fields make a conflict, and the next attempt looks at it.
  const options = { fieldManager: fieldManagerOf(write.owner), force: live !== undefined };
  return kube.apply<KubeSecret>(SECRET, body, options, signal);
}

/** Keys that others put there, and what a controller that had the Secret before would know it by. */
function removeLeftovers(
  { kube }: SyncSession,
  applied: KubeSecret,
  desired: DesiredSecret,
  { policy, owner }: SecretWrite,
  signal: AbortSignal,
): Promise<KubeSecret> | KubeSecret {
  // Of a Secret that is merged into, the apply itself took out what is ours and no longer wanted.
  if (!policy.owns) return applied;
  const { uid, resourceVersion, labels = {}, annotations = {} } = applied.metadata;
  const keys = Object.keys(applied.data ?? {}).filter((key) => !desired.data.has(key));
  const marks = [MANAGED_LABEL, CREATED_BY_LABEL].filter((label) => Object.hasOwn(labels, label));
  const hashes = [DATA_HASH_ANNOTATION].filter((annotation) => Object.hasOwn(annotations, annotation));
  if (keys.length + marks.length + hashes.length === 0) return applied;
  const metadata = { uid, resourceVersion, labels: nulls(marks), annotations: nulls(hashes) };
  const { name, namespace } = desired;
  const patch = { metadata, data: nulls(keys) };
  return kube.mergePatch<KubeSecret>(
    SECRET,
    { name, namespace },
    patch,
    { fieldManager: fieldManagerOf(owner) },
    signal,
  );
}

function nulls(keys: readonly string[]): Readonly<Record<string, null>> {
  return Object.fromEntries(keys.map((key) => [key, null]));
}
