/** The seams between the controller and its Kubernetes client, reflector and work queue. */

import type { ObjectMeta } from "../../api/object-meta.ts";

export type { ObjectMeta, OwnerReference } from "../../api/object-meta.ts";

/** A version of an API group. */
export interface GroupVersion {
  /** "" for the core group. */
  readonly group: string;
  readonly version: string;
}

/** A resource as the API server's paths name it. */
export interface ResourceType extends GroupVersion {
  readonly kind: string;
  readonly plural: string;
  readonly namespaced: boolean;
}

/** Any object of the API server. */
export interface KubeObject {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata: ObjectMeta;
}

/** Name of one object; `namespace` is unset for cluster-scoped ones. */
export interface ObjectName {
  readonly namespace?: string;
  readonly name: string;
}

export interface ListOptions {
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  /** Objects in one page. */
  readonly limit?: number;
  readonly continue?: string;
  /** Asks for PartialObjectMetadata: no spec, no status, no data travels. */
  readonly metadataOnly?: boolean;
}

export interface ListPage<T> {
  readonly items: readonly T[];
  readonly resourceVersion: string;
  /** Unset on the last page. */
  readonly continue?: string;
}

export interface WatchOptions extends Omit<ListOptions, "limit" | "continue"> {
  readonly resourceVersion: string;
  /** The server ends the watch after this long. */
  readonly timeoutSeconds: number;
}

export type WatchEvent<T> =
  | { readonly type: "ADDED" | "MODIFIED" | "DELETED" | "BOOKMARK"; readonly object: T }
  | { readonly type: "ERROR"; readonly status: number; readonly reason: string; readonly message: string };

/** What the controller may ask of the API server. Every call throws `KubeApiError` (kube-api-error.ts) or the signal's reason. */
export interface KubeClient {
  get<T extends KubeObject>(type: ResourceType, name: ObjectName, signal: AbortSignal): Promise<T>;
  list<T extends KubeObject>(type: ResourceType, options: ListOptions, signal: AbortSignal): Promise<ListPage<T>>;
  /** Ends without error when the server ends the watch in order; throws when the connection breaks or goes silent. */
  watch<T extends KubeObject>(
    type: ResourceType,
    options: WatchOptions,
    signal: AbortSignal,
  ): AsyncIterable<WatchEvent<T>>;
  create<T extends KubeObject>(type: ResourceType, object: T, signal: AbortSignal): Promise<T>;
  /** Server-side apply. `force` takes over fields of other managers; else they make a 409. */
  apply<T extends KubeObject>(
    type: ResourceType,
    object: T,
    options: { readonly fieldManager: string; readonly force?: boolean; readonly subresource?: "status" },
    signal: AbortSignal,
  ): Promise<T>;
  /** JSON merge patch; put `metadata.resourceVersion` or `metadata.uid` into the patch to make it conditional. */
  mergePatch<T extends KubeObject>(
    type: ResourceType,
    name: ObjectName,
    patch: object,
    options: { readonly fieldManager?: string; readonly subresource?: "status" },
    signal: AbortSignal,
  ): Promise<T>;
  delete(
    type: ResourceType,
    name: ObjectName,
    options: { readonly preconditions?: { readonly uid?: string; readonly resourceVersion?: string } },
    signal: AbortSignal,
  ): Promise<void>;
  /** TokenRequest of a service account. */
  createToken(
    serviceAccount: ObjectName,
    request: { readonly audiences: readonly string[]; readonly expirationSeconds: number },
    signal: AbortSignal,
  ): Promise<{ readonly token: string; readonly expiresAtMs: number }>;
  /** The resource types of a group and version (API discovery), without subresources; a 404 where it is not served. */
  resourceTypes(groupVersion: GroupVersion, signal: AbortSignal): Promise<readonly ResourceType[]>;
  /** Ends all connections. */
  close(): void;
}

/** A structured logger. Fields must never hold a secret value or a whole object. */
export interface Logger {
  debug(message: string, fields?: Readonly<Record<string, unknown>>): void;
  info(message: string, fields?: Readonly<Record<string, unknown>>): void;
  warn(message: string, fields?: Readonly<Record<string, unknown>>): void;
  error(message: string, fields?: Readonly<Record<string, unknown>>): void;
}

export interface Change<T> {
  readonly type: "added" | "modified" | "deleted";
  /** `namespace/name`, or `name` for cluster-scoped objects. */
  readonly key: string;
  /** The object as cached; for `deleted` the last known one. */
  readonly object: T;
  readonly previous: T | undefined;
}

/** A local cache of one resource type, kept true by list and watch. */
export interface Reflector<T> {
  /** Runs until the signal aborts; never throws otherwise: every error is logged, backed off from, and tried again. */
  run(signal: AbortSignal): Promise<void>;
  /** Resolves when the first full list is in the cache and its changes were handed out. */
  readonly synced: Promise<void>;
  readonly isSynced: boolean;
  /** Milliseconds since the API server was last heard (an event, a bookmark, a list), or Infinity before the first. */
  silentForMs(): number;
  get(key: string): T | undefined;
  list(): IterableIterator<T>;
  readonly size: number;
  /** A handler that throws is logged and does not disturb the others. Handlers only enqueue. */
  onChange(handler: (change: Change<T>) => void): void;
}

/** Higher goes first: new and changed objects before periodic work. */
export type Priority = "urgent" | "normal" | "periodic";

/** Coalesces keys; one key is never worked on twice at once. */
export interface WorkQueue {
  /** An add while the key is worked on runs it once more afterwards, however many adds there were. */
  add(key: string, priority?: Priority): void;
  /** The earliest of several delays for a key wins; `add` supersedes them. */
  addAfter(key: string, delayMs: number, priority?: Priority): void;
  /** Drops a delayed add. */
  cancel(key: string): void;
  /** Works with `concurrency` workers until the signal aborts, then resolves when the running handlers are done. */
  run(
    handler: (key: string, signal: AbortSignal) => Promise<void>,
    concurrency: number,
    signal: AbortSignal,
  ): Promise<void>;
  /** Ready to run now. */
  readonly depth: number;
  /** Waiting for their time. */
  readonly delayed: number;
  /** Milliseconds that the oldest ready key has waited; 0 when none waits. */
  oldestAgeMs(): number;
}
