/** The objects of the fake API server: versions, history, and who watches. */
import { randomUUID } from "node:crypto";

/** Any object; what is stored is never changed in place. */
export interface FakeObject {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly uid?: string;
    readonly resourceVersion?: string;
    readonly generation?: number;
    readonly creationTimestamp?: string;
    readonly deletionTimestamp?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly finalizers?: readonly string[];
    readonly [field: string]: unknown;
  };
  readonly [field: string]: unknown;
}

export interface StoreEvent {
  readonly type: "ADDED" | "MODIFIED" | "DELETED";
  /** `/api/v1/secrets`: the path of the cluster-wide collection. */
  readonly collection: string;
  readonly object: FakeObject;
  readonly version: number;
}

/** Server-side metadata that writers cannot set. */
export class FakeObjectStore {
  /** The last version given out; settable, to play a server that was restored from a backup. */
  version: number;
  readonly #now: () => number;
  #collections = new Map<string, Map<string, FakeObject>>();
  #history: StoreEvent[] = [];
  /** Watches from before this version are refused. */
  #compactedAt = 0;
  readonly #listeners = new Set<(event: StoreEvent) => void>();

  constructor(now: () => number, version = 1_000) {
    this.#now = now;
    this.version = version;
  }

  get(collection: string, key: string): FakeObject | undefined {
    return this.#collections.get(collection)?.get(key);
  }

  /** Sorted by key, as the API server sorts. */
  all(collection: string): FakeObject[] {
    const entries = [...(this.#collections.get(collection) ?? new Map<string, FakeObject>())];
    return entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([, object]) => object);
  }

  /** Creates or replaces; nothing happens where nothing differs. An object that waits for finalizers goes with the last one. */
  put(collection: string, object: FakeObject): FakeObject {
    const key = storeKeyOf(object);
    const previous = this.get(collection, key);
    const next = this.#withServerMetadata(object, previous);
    if (previous !== undefined && equalIgnoringVersion(previous, next)) return previous;
    const { deletionTimestamp, finalizers = [] } = next.metadata;
    if (previous !== undefined && deletionTimestamp !== undefined && finalizers.length === 0) {
      return this.#drop(collection, key, next);
    }
    const stored = this.#withNextVersion(next);
    this.#collection(collection).set(key, stored);
    this.#tell(previous === undefined ? "ADDED" : "MODIFIED", collection, stored);
    return stored;
  }

  /** Deletes, or, where there are finalizers, marks. */
  remove(collection: string, key: string): FakeObject | undefined {
    const object = this.get(collection, key);
    if (object === undefined) return undefined;
    if ((object.metadata.finalizers ?? []).length === 0) return this.#drop(collection, key, object);
    if (object.metadata.deletionTimestamp !== undefined) return object;
    const marked = { ...object, metadata: { ...object.metadata, deletionTimestamp: this.#timestamp() } };
    const stored = this.#withNextVersion(marked);
    this.#collection(collection).set(key, stored);
    this.#tell("MODIFIED", collection, stored);
    return stored;
  }

  /** What happened after `version`, or `undefined` where that is forgotten. */
  since(version: number): readonly StoreEvent[] | undefined {
    if (version < this.#compactedAt) return undefined;
    return this.#history.filter((event) => event.version > version);
  }

  /** Forgets all history: older watches and continue tokens get a 410. */
  compact(): void {
    this.#history = [];
    this.version += 1;
    this.#compactedAt = this.version;
  }

  listen(listener: (event: StoreEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Objects and version as they are now, for `restore`. */
  snapshot(): { readonly version: number; readonly collections: ReadonlyMap<string, ReadonlyMap<string, FakeObject>> } {
    const collections = new Map([...this.#collections].map(([name, objects]) => [name, new Map(objects)]));
    return { version: this.version, collections };
  }

  /** As a restored backup: the old objects, and versions that go on from the old one. Tells nobody. */
  restore(snapshot: ReturnType<FakeObjectStore["snapshot"]>): void {
    this.#collections = new Map([...snapshot.collections].map(([name, objects]) => [name, new Map(objects)]));
    this.version = snapshot.version;
    this.#history = [];
    this.#compactedAt = snapshot.version;
  }

  #collection(name: string): Map<string, FakeObject> {
    const present = this.#collections.get(name);
    if (present !== undefined) return present;
    const made = new Map<string, FakeObject>();
    this.#collections.set(name, made);
    return made;
  }

  #withServerMetadata(object: FakeObject, previous: FakeObject | undefined): FakeObject {
    const before = previous?.metadata;
    const deletionTimestamp = before?.deletionTimestamp;
    const { deletionTimestamp: _ignored, ...metadata } = object.metadata;
    return {
      ...object,
      metadata: {
        ...metadata,
        uid: before?.uid ?? object.metadata.uid ?? randomUUID(),
        creationTimestamp: before?.creationTimestamp ?? this.#timestamp(),
        generation: before === undefined ? 1 : (before.generation ?? 1) + (sameSpec(previous, object) ? 0 : 1),
        ...(before?.resourceVersion === undefined ? {} : { resourceVersion: before.resourceVersion }),
        ...(deletionTimestamp === undefined ? {} : { deletionTimestamp }),
      },
    };
  }

  #drop(collection: string, key: string, object: FakeObject): FakeObject {
    this.#collection(collection).delete(key);
    const last = this.#withNextVersion(object);
    this.#tell("DELETED", collection, last);
    return last;
  }

  #withNextVersion(object: FakeObject): FakeObject {
    this.version += 1;
    return { ...object, metadata: { ...object.metadata, resourceVersion: String(this.version) } };
  }

  #tell(type: StoreEvent["type"], collection: string, object: FakeObject): void {
    const event = { type, collection, object, version: this.version };
    this.#history.push(event);
    for (const listener of [...this.#listeners]) listener(event);
  }

  #timestamp(): string {
    return new Date(this.#now()).toISOString().replace(/\.\d+Z$/, "Z");
  }
}

/** `namespace/name`, or `name`. */
export function storeKeyOf(object: FakeObject): string {
  const { namespace, name } = object.metadata;
  return namespace === undefined ? name : `${namespace}/${name}`;
}

/** Everything but metadata and status makes the generation grow. */
function sameSpec(a: FakeObject | undefined, b: FakeObject): boolean {
  const spec = (object: FakeObject | undefined) => {
    const { metadata: _metadata, status: _status, ...rest } = object ?? { metadata: { name: "" } };
    return canonical(rest);
  };
  return spec(a) === spec(b);
}

function equalIgnoringVersion(a: FakeObject, b: FakeObject): boolean {
  return canonical(a) === canonical(b);
}

/** JSON with sorted keys. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === "object" && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
