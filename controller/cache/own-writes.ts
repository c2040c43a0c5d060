/** Reads from a watch cache that never see less than what this process wrote itself. */
import type { Clock } from "../../api/clock.ts";
import type { ObjectMeta, Reflector } from "../kube/contracts.ts";
import { keyOf } from "../kube/object-key.ts";
import { isOlderVersion } from "../kube/resource-version.ts";

/** An own write that the watch has not shown within this time is forgotten: it was undone while the watch was down. */
const MAX_AGE_MS = 30_000;

interface Written<T> {
  readonly object: T;
  readonly writtenAtMs: number;
}

/** A reflector's cache with this process's own writes over it, until the watch has caught up with them. */
export class OwnWrites<T extends { readonly metadata: Pick<ObjectMeta, "name" | "namespace" | "resourceVersion"> }> {
  readonly #cache: Reflector<T>;
  readonly #clock: Clock;
  readonly #written = new Map<string, Written<T>>();

  constructor(cache: Reflector<T>, clock: Clock) {
    this.#cache = cache;
    this.#clock = clock;
    cache.onChange(({ type, key, object }) => {
      const written = this.#written.get(key);
      if (written !== undefined && (type === "deleted" || !isOlder(object, written.object))) this.#written.delete(key);
    });
  }

  /** The newer of what the watch showed and what was written. */
  get(key: string): T | undefined {
    const cached = this.#cache.get(key);
    const written = this.#written.get(key);
    if (written === undefined) return cached;
    if (this.#clock.now() - written.writtenAtMs > MAX_AGE_MS) {
      this.#written.delete(key);
      return cached;
    }
    return cached === undefined || isOlder(cached, written.object) ? written.object : cached;
  }

  /** Takes the API server's answer to a write. */
  note(object: T): void {
    const key = keyOf(object.metadata);
    const cached = this.#cache.get(key);
    if (cached !== undefined && !isOlder(cached, object)) return;
    this.#written.set(key, { object, writtenAtMs: this.#clock.now() });
  }

  /** After a deletion by us. */
  forget(key: string): void {
    this.#written.delete(key);
  }
}

interface Versioned {
  readonly metadata: Pick<ObjectMeta, "resourceVersion">;
}

function isOlder(a: Versioned, b: Versioned): boolean {
  return isOlderVersion(a.metadata.resourceVersion ?? "", b.metadata.resourceVersion ?? "");
}
