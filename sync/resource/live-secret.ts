/** The Secret as it is in the cluster: reads it, and says how it differs from what it should be. */
import type { KubeSecret } from "../../controller/cache/secret-record.ts";
import { SECRET } from "../../controller/core-resources.ts";
import { isNotFound } from "../../controller/kube/kube-api-error.ts";
import type { DesiredSecret } from "../../engine/desired-secret.ts";
import { SecretMap } from "../../providers/secret-map.ts";
import type { SyncSession } from "../session/session.ts";
import type { SecretName } from "./inputs.ts";

/** The Secret; undefined where there is none. @throws KubeApiError */
export async function readLive(
  { kube }: Pick<SyncSession, "kube">,
  name: SecretName,
  signal: AbortSignal,
): Promise<KubeSecret | undefined> {
  try {
    return await kube.get<KubeSecret>(SECRET, name, signal);
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

/** Its values. */
export function dataOf({ data = {} }: KubeSecret): SecretMap {
  return new SecretMap(Object.entries(data).map(([key, value]) => [key, Buffer.from(value, "base64")]));
}

/** A Secret without a type is Opaque. */
export function typeOf({ type }: KubeSecret): string {
  return type ?? "Opaque";
}

/**
 * What of the metadata is not as desired: `type`, `metadata.labels.<name>`, `metadata.annotations.<name>`. What others added
 * is theirs.
 */
export function metadataDrift(
  live: KubeSecret,
  desired: Pick<DesiredSecret, "labels" | "annotations"> & { readonly type?: string },
): readonly string[] {
  const { labels, annotations } = live.metadata;
  return [
    ...(desired.type === undefined || desired.type === typeOf(live) ? [] : ["type"]),
    ...missing("metadata.labels", desired.labels, labels),
    ...missing("metadata.annotations", desired.annotations, annotations),
  ];
}

type Texts = Readonly<Record<string, string>>;

function missing(path: string, wanted: Texts, actual: Texts = {}): readonly string[] {
  return Object.entries(wanted).flatMap(([key, value]) => (actual[key] === value ? [] : [`${path}.${key}`]));
}

/** Whether the data lacks anything, or, where it is ours alone, has anything more. */
export function hasSameData(live: KubeSecret, desired: SecretMap, isOursAlone: boolean): boolean {
  const actual = dataOf(live);
  if (isOursAlone && actual.size !== desired.size) return false;
  return [...desired].every(([key, value]) => {
    const present = actual.get(key);
    return present !== undefined && Buffer.compare(present, value) === 0;
  });
}
