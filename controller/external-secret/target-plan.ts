/** What is written into a Secret that is there already and is not ours alone, or may no longer change. */
import { DATA_HASH_ANNOTATION } from "../../api/labels.ts";
import type { DesiredSecret } from "../../engine/desired-secret.ts";
import { dataHash } from "../../engine/hashes.ts";
import { SecretMap } from "../../providers/secret-map.ts";
import type { KubeSecret } from "../cache/secret-record.ts";
import type { FieldConflict } from "../kube/kube-api-error.ts";
import type { DataScope } from "./leftovers.ts";
import { type MapPart, otherManagerOf, ownDataKeys } from "./managed-fields.ts";

/** How a Secret is written. */
export interface TargetPlan {
  /** With the hash that the whole data of the Secret will have. */
  readonly desired: DesiredSecret;
  /** Unset: the type that the Secret has stays, and we do not become the owner of that field. */
  readonly type?: string;
  /** Which keys of the data go beside those that were applied before. */
  readonly dataScope: DataScope;
  /** Fields that another field manager has set otherwise, and that are taken over. */
  readonly conflicts: readonly FieldConflict[];
  /** The Secret may not change, and holds other data than the backend. */
  readonly isFrozen: boolean;
}

/** What of the ExternalSecret decides. */
export interface PlanOptions {
  readonly fieldManager: string;
  /** creationPolicy Merge or CreateOrMerge: keys of others stay. */
  readonly merges: boolean;
  /** `spec.target.template.type` is set. */
  readonly namesType: boolean;
}

/** @param live the whole Secret where it was read, as it must be where it is merged into or shall be immutable. */
export function planTarget(desired: DesiredSecret, live: KubeSecret | undefined, options: PlanOptions): TargetPlan {
  const plan = live !== undefined && options.merges ? mergePlan(desired, live, options) : wholePlan(desired);
  return live?.immutable === true && desired.immutable ? frozenPlan(plan, live, options) : plan;
}

/** The Secret is ours alone. */
function wholePlan(desired: DesiredSecret): TargetPlan {
  return { desired, type: desired.type, dataScope: "all", conflicts: [], isFrozen: false };
}

function mergePlan(desired: DesiredSecret, live: KubeSecret, options: PlanOptions): TargetPlan {
  const merged = valuesOf(live);
  for (const key of ownDataKeys(live, options.fieldManager)) merged.delete(key);
  for (const [key, value] of desired.data) merged.set(key, value);
  return {
    desired: { ...withHashOf(desired, merged), type: options.namesType ? desired.type : (live.type ?? "Opaque") },
    ...(options.namesType ? { type: desired.type } : {}),
    dataScope: "ours",
    conflicts: conflictsOf(desired, live, options.fieldManager),
    isFrozen: false,
  };
}

/** Data and type stay as they are; labels and annotations do not. */
function frozenPlan(plan: TargetPlan, live: KubeSecret, { fieldManager, merges }: PlanOptions): TargetPlan {
  const present = valuesOf(live);
  const ours = ownDataKeys(live, fieldManager);
  const data = new SecretMap([...present].filter(([key]) => !merges || ours.has(key)));
  const { type: _type, ...rest } = plan;
  const desired = { ...withHashOf(plan.desired, present), data, type: live.type ?? "Opaque" };
  const isFrozen = plan.desired.annotations[DATA_HASH_ANNOTATION] !== desired.annotations[DATA_HASH_ANNOTATION];
  return { ...rest, desired, dataScope: "none", conflicts: [], isFrozen };
}

function valuesOf({ data = {} }: KubeSecret): SecretMap {
  return new SecretMap(Object.entries(data).map(([key, value]) => [key, Buffer.from(value, "base64")]));
}

function withHashOf(desired: DesiredSecret, whole: SecretMap): DesiredSecret {
  return { ...desired, annotations: { ...desired.annotations, [DATA_HASH_ANNOTATION]: dataHash(whole) } };
}

function conflictsOf(desired: DesiredSecret, live: KubeSecret, fieldManager: string): readonly FieldConflict[] {
  const present = valuesOf(live);
  const changed = [...desired.data].filter(([key, value]) => {
    const before = present.get(key);
    return before !== undefined && Buffer.compare(before, value) !== 0;
  });
  const changedOf = (wanted: Readonly<Record<string, string>>, actual: Readonly<Record<string, string>> = {}) =>
    Object.entries(wanted).flatMap(([key, value]) =>
      Object.hasOwn(actual, key) && actual[key] !== value ? [key] : [],
    );
  const found = (part: MapPart, path: string, keys: readonly string[]) =>
    keys.flatMap((key): readonly FieldConflict[] => {
      const manager = otherManagerOf(live, part, key, fieldManager);
      return manager === undefined ? [] : [{ field: `${path}.${key}`, manager }];
    });
  const { labels, annotations } = live.metadata;
  return [
    ...found(
      "f:data",
      "data",
      changed.map(([key]) => key),
    ),
    ...found("f:labels", "metadata.labels", changedOf(desired.labels, labels)),
    ...found("f:annotations", "metadata.annotations", changedOf(desired.annotations, annotations)),
  ];
}
