/** What an ExternalSecret reads from a backend, as far as grants are concerned: names and searches, never values. */

/** A read of one secret: an entry of `data`, or an `extract` of `dataFrom`. */
export interface KeyRead {
  readonly kind: "key";
  /** `remoteRef.key` as it is written: a name, a path, an ARN, `secret/name`, … in the backend's own notation. */
  readonly key: string;
  /** `remoteRef.property`: a part of the value. No backend can grant a part of a secret. */
  readonly property?: string;
  /** `remoteRef.version`, in the backend's own notation. */
  readonly version?: string;
  /** True for `metadataPolicy: Fetch`: the tags or labels are read in place of the value. Default false. */
  readonly metadata?: boolean;
}

/** A search: a `find` of `dataFrom`. Parts that are given are ANDed. */
export interface FindRead {
  readonly kind: "find";
  /** `find.name.regexp`: RE2, not anchored. `literalPatterns` tells what it pins down. */
  readonly name?: string;
  /** `find.path`: the root below which is searched. */
  readonly path?: string;
  /** `find.tags`: the tags that a secret must all have. */
  readonly tags?: Readonly<Record<string, string>>;
}

/** One thing that is read from a backend. */
export type RemoteRead = KeyRead | FindRead;

/** A read in a few words, the same for equal reads whatever the order of their fields: `prod/db`, `find name ^prod/ tags team=a`. */
export function describeRead(read: RemoteRead): string {
  if (read.kind === "key") return read.metadata === true ? `${read.key} (metadata)` : read.key;
  const tags = Object.entries(read.tags ?? {}).map(([key, value]) => `${key}=${value}`);
  const parts = [
    ...(read.name === undefined ? [] : [`name ${read.name}`]),
    ...(read.path === undefined ? [] : [`path ${read.path}`]),
    ...(tags.length === 0 ? [] : [`tags ${tags.toSorted().join(",")}`]),
  ];
  return ["find", ...(parts.length === 0 ? ["everything"] : parts)].join(" ");
}

/**
 * Each read once, in an order that depends on nothing but the reads, so that a program that declares in another order
 * gives the same policy. Reads of one key for different properties or versions are one; `property` and `version` are
 * dropped. A read of the metadata stays beside one of the value.
 */
export function distinctReads(reads: readonly RemoteRead[]): readonly RemoteRead[] {
  const byName = new Map(reads.map((read) => [`${read.kind} ${describeRead(read)}`, withoutParts(read)]));
  return [...byName.entries()].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, read]) => read);
}

function withoutParts(read: RemoteRead): RemoteRead {
  if (read.kind === "find") return read;
  return { kind: "key", key: read.key, ...(read.metadata === true ? { metadata: true } : {}) };
}
