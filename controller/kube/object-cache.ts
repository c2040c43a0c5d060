/** The objects of one reflector, and the changes that its handlers hear of. */
import type { Change, Logger } from "./contracts.ts";

interface Cached<C> {
  readonly resourceVersion: string | undefined;
  readonly object: C;
}

/** Objects by key, each with the version that it was made from, so that what is unchanged makes no change. */
export class ObjectCache<C> {
  readonly #objects = new Map<string, Cached<C>>();
  readonly #handlers: ((change: Change<C>) => void)[] = [];
  readonly #logger: Logger;
  readonly #resource: string;

  constructor(resource: string, logger: Logger) {
    this.#resource = resource;
    this.#logger = logger;
  }

  get size(): number {
    return this.#objects.size;
  }

  get(key: string): C | undefined {
    return this.#objects.get(key)?.object;
  }

  /** The version of the cached object, or `undefined` where it is not cached. */
  versionOf(key: string): string | undefined {
    return this.#objects.get(key)?.resourceVersion;
  }

  *list(): IterableIterator<C> {
    for (const { object } of this.#objects.values()) yield object;
  }

  keys(): IterableIterator<string> {
    return this.#objects.keys();
  }

  put(key: string, resourceVersion: string | undefined, object: C): void {
    const previous = this.#objects.get(key);
    this.#objects.set(key, { resourceVersion, object });
    this.#tell({ type: previous === undefined ? "added" : "modified", key, object, previous: previous?.object });
  }

  /** `last` is the object's final state, where the server told it. */
  remove(key: string, last?: C): void {
    const previous = this.#objects.get(key);
    if (previous === undefined) return;
    this.#objects.delete(key);
    this.#tell({ type: "deleted", key, object: last ?? previous.object, previous: previous.object });
  }

  onChange(handler: (change: Change<C>) => void): void {
    this.#handlers.push(handler);
  }

  #tell(change: Change<C>): void {
    for (const handler of this.#handlers) {
      try {
        handler(change);
      } catch (error) {
        const name = error instanceof Error ? error.name : typeof error;
        // Its message may quote the object.
        this.#logger.error("a change handler failed", { resource: this.#resource, key: change.key, error: name });
      }
    }
  }
}
