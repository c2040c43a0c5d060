/** A Secret as the API server gives it, and its data as bytes, as parts and as JSON. */
import { queryJson } from "../property/index.ts";
import { SecretMap } from "../secret-map.ts";

/** The parts of a Secret that are read here; what else it has is kept when it is written back. */
export interface KubeSecret {
  readonly metadata: {
    readonly name: string;
    readonly uid?: string;
    readonly resourceVersion?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly type?: string;
  /** In base64. */
  readonly data?: Readonly<Record<string, string>>;
}

/** Its values by key, byte for byte. */
export function dataOf(secret: KubeSecret): SecretMap {
  const entries = Object.entries(secret.data ?? {});
  return new SecretMap(entries.map(([key, value]) => [key, new Uint8Array(Buffer.from(value, "base64"))]));
}

/** Labels and annotations, each as one JSON object. */
export function metadataOf({ metadata }: KubeSecret): SecretMap {
  return new SecretMap([
    ["annotations", jsonOf(Object.entries(metadata.annotations ?? {}))],
    ["labels", jsonOf(Object.entries(metadata.labels ?? {}))],
  ]);
}

/** All values as one JSON object of strings, keys sorted. JSON holds text only: bytes that are no UTF-8 become U+FFFD. */
export function dataAsJson(secret: KubeSecret): Uint8Array {
  return jsonOf(Array.from(dataOf(secret), ([key, value]) => [key, Buffer.from(value).toString("utf8")]));
}

/** Labels and annotations as one JSON object. */
export function metadataAsJson(secret: KubeSecret): Uint8Array {
  const members = Array.from(metadataOf(secret), ([name, json]) => `"${name}":${Buffer.from(json).toString("utf8")}`);
  return new TextEncoder().encode(`{${members.join(",")}}`);
}

/** What a property names: the bytes, or the value that has no such part, or no value at all. */
export type Part =
  | { readonly found: Uint8Array }
  | { readonly found?: undefined; readonly searched: Uint8Array | undefined };

/**
 * The key of exactly that name first (it may contain dots), then `<key>.<gjson path>` in the JSON that the key holds. Where
 * several keys fit, the shortest that has the path counts.
 */
export function partOf(values: ReadonlyMap<string, Uint8Array>, property: string): Part {
  const literal = values.get(property);
  if (literal !== undefined) return { found: literal };
  let searched: Uint8Array | undefined;
  for (let dot = property.indexOf("."); dot !== -1; dot = property.indexOf(".", dot + 1)) {
    const value = values.get(property.slice(0, dot));
    if (value === undefined || dot === property.length - 1) continue;
    const found = queryJson(value, property.slice(dot + 1));
    if (found !== undefined) return { found };
    searched ??= value;
  }
  return { searched };
}

function jsonOf(entries: readonly (readonly [string, string])[]): Uint8Array {
  const sorted = [...entries].sort(([left], [right]) => (left < right ? -1 : 1));
  const members = sorted.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`);
  return new TextEncoder().encode(`{${members.join(",")}}`);
}
