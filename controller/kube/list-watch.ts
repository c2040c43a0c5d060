/** Keeps the objects of one scope (the cluster or a namespace) in a cache true: list, watch, resume, and go on after any error. */
import type { Clock } from "../../api/clock.ts";
import { backoffMs } from "./backoff.ts";
import type { KubeClient, KubeObject, ListOptions, Logger, ResourceType, WatchEvent } from "./contracts.ts";
import { isConnectionError, isExpired, isNotFound, KubeApiError } from "./kube-api-error.ts";
import type { ObjectCache } from "./object-cache.ts";
import { keyOf } from "./object-key.ts";
import { isOlderVersion } from "./resource-version.ts";

const BACKOFF_BASE_MS = 200;
const BACKOFF_MAX_MS = 30_000;
/** Where nobody answers, asking costs little, and coming back soon is worth much. */
const BACKOFF_MAX_UNREACHABLE_MS = 5_000;
/** How often to look whether the resource (its CRD) has come. */
const BACKOFF_MAX_ABSENT_MS = 2_000;
/** Watches last a random time between these, so that many do not return at once. */
const WATCH_MIN_S = 300;
const WATCH_MAX_S = 600;
/** A watch that ends sooner without any event is a failure: else a broken proxy would be asked in a tight loop. */
const SHORT_WATCH_MS = 1_000;
/** A watch that lasted this long proves that all is well, so that its end is a first failure again. */
const GOOD_WATCH_MS = 10_000;
/** After this many failures of a watch that the server does answer, its position is given up. */
const MAX_RESUMES = 5;

export interface ListWatchParts<T extends KubeObject, C> {
  readonly client: KubeClient;
  readonly type: ResourceType;
  readonly scope: Omit<ListOptions, "limit" | "continue">;
  readonly pageSize: number;
  readonly transform: (object: T) => C;
  readonly cache: ObjectCache<C>;
  readonly clock: Clock;
  readonly random: () => number;
  readonly logger: Logger;
  /** After each full list. */
  readonly onListed: () => void;
}

/** What went wrong with a watch although the server said nothing wrong. */
class WatchRestart extends Error {}

/** One loop. `run` once. */
export class ListWatch<T extends KubeObject, C> {
  readonly #parts: ListWatchParts<T, C>;
  /** Where the next watch begins; unset: a list is needed. */
  #resourceVersion: string | undefined;
  #watchingSince: number | undefined;
  /** Since the last event, or the last watch that lasted. A list that succeeds is no proof that watches do. */
  #failures = 0;
  #connectionWasLost = false;
  #absentLogged = false;
  #heardAt: number | undefined;

  constructor(parts: ListWatchParts<T, C>) {
    this.#parts = parts;
  }

  /** When the server was last heard, in milliseconds since the epoch. */
  get heardAt(): number | undefined {
    return this.#heardAt;
  }

  /** Until the signal aborts; never throws. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        if (this.#resourceVersion === undefined) await this.#list(signal);
        else if (this.#connectionWasLost) await this.#checkHistory(this.#resourceVersion, signal);
        if (this.#resourceVersion !== undefined) await this.#watch(this.#resourceVersion, signal);
      } catch (error) {
        if (!signal.aborted) await this.#recover(error, signal);
      }
    }
  }

  /** Pages go into the cache as they come, so that no second copy of all objects is ever held; deletions follow the last page. */
  async #list(signal: AbortSignal): Promise<void> {
    const { client, type, scope, pageSize, cache } = this.#parts;
    const seen = new Set<string>();
    let next: string | undefined;
    let resourceVersion: string;
    do {
      const page = await client.list<T>(
        type,
        { ...scope, limit: pageSize, ...(next ? { continue: next } : {}) },
        signal,
      );
      this.#heard();
      for (const object of page.items) seen.add(this.#put(object));
      ({ resourceVersion, continue: next } = page);
    } while (next !== undefined);
    for (const key of cache.keys()) if (!seen.has(key) && this.#isInScope(key)) cache.remove(key);
    this.#resourceVersion = resourceVersion;
    this.#connectionWasLost = false;
    if (this.#absentLogged) this.#parts.logger.info("the resource is served now", { resource: type.plural });
    this.#absentLogged = false;
    this.#parts.onListed();
  }

  /**
   * After a loss of connection the server may be another one, restored from a backup: its watch would accept our version, which
   * lies in its future, and stay silent until its own versions reach it. One small list tells.
   */
  async #checkHistory(resourceVersion: string, signal: AbortSignal): Promise<void> {
    const { client, type, scope, logger } = this.#parts;
    const page = await client.list<T>(type, { ...scope, limit: 1 }, signal);
    this.#heard();
    this.#connectionWasLost = false;
    if (!isOlderVersion(page.resourceVersion, resourceVersion)) return;
    logger.warn("the API server's history went back; listing anew", { resource: type.plural });
    this.#resourceVersion = undefined;
  }

  async #watch(resourceVersion: string, signal: AbortSignal): Promise<void> {
    const { client, type, scope, clock, random } = this.#parts;
    const timeoutSeconds = Math.round(WATCH_MIN_S + random() * (WATCH_MAX_S - WATCH_MIN_S));
    const startedAt = clock.now();
    this.#watchingSince = startedAt;
    let events = 0;
    for await (const event of client.watch<T>(type, { ...scope, resourceVersion, timeoutSeconds }, signal)) {
      events += 1;
      this.#take(event);
      this.#heard();
      this.#failures = 0;
    }
    if (events === 0 && clock.now() - startedAt < SHORT_WATCH_MS) {
      throw new WatchRestart("the watch ended at once without any event");
    }
    this.#heard();
    this.#failures = 0;
  }

  #take(event: WatchEvent<T>): void {
    if (event.type === "ERROR") {
      throw new KubeApiError(`watch ${this.#parts.type.plural}: ${event.reason} (${event.status}) ${event.message}`, {
        status: event.status,
        reason: event.reason,
      });
    }
    const version = event.object.metadata.resourceVersion;
    if (
      version !== undefined &&
      this.#resourceVersion !== undefined &&
      isOlderVersion(version, this.#resourceVersion)
    ) {
      this.#resourceVersion = undefined;
      throw new WatchRestart("the API server's history went back");
    }
    if (event.type === "DELETED") this.#remove(event.object);
    else if (event.type !== "BOOKMARK") this.#put(event.object);
    this.#resourceVersion = version ?? this.#resourceVersion;
  }

  #put(object: T): string {
    const { cache } = this.#parts;
    const key = keyOf(object.metadata);
    const version = object.metadata.resourceVersion;
    if (version === undefined || cache.versionOf(key) !== version) {
      const made = this.#transformed(object, key);
      if (made !== undefined) cache.put(key, version, made.value);
    }
    return key;
  }

  #remove(object: T): void {
    const key = keyOf(object.metadata);
    this.#parts.cache.remove(key, this.#transformed(object, key)?.value);
  }

  /** An object that the transformation cannot take must not keep all others from the cache. */
  #transformed(object: T, key: string): { readonly value: C } | undefined {
    const { transform, logger, type } = this.#parts;
    // Often half of an object, and of no use here. The object was parsed for us alone, so it is changed in place.
    Reflect.deleteProperty(object.metadata, "managedFields");
    try {
      return { value: transform(object) };
    } catch (error) {
      const name = error instanceof Error ? error.name : typeof error;
      logger.error("an object cannot be cached", { resource: type.plural, key, error: name });
      return undefined;
    }
  }

  #isInScope(key: string): boolean {
    const { namespace } = this.#parts.scope;
    return namespace === undefined || key.startsWith(`${namespace}/`);
  }

  async #recover(error: unknown, signal: AbortSignal): Promise<void> {
    const { clock, random } = this.#parts;
    const watchedMs = this.#watchingSince === undefined ? 0 : clock.now() - this.#watchingSince;
    this.#watchingSince = undefined;
    this.#failures = watchedMs >= GOOD_WATCH_MS ? 1 : this.#failures + 1;
    if (isConnectionError(error)) this.#connectionWasLost = true;
    if (isExpired(error) || isNotFound(error) || this.#cannotResume(error)) this.#resourceVersion = undefined;
    this.#logFailure(error);
    // The first expiry is the ordinary end of an old watch: listed anew at once.
    const again = this.#resourceVersion === undefined && (isExpired(error) || error instanceof WatchRestart);
    if (again && this.#failures === 1) return;
    const maxMs = isNotFound(error)
      ? BACKOFF_MAX_ABSENT_MS
      : isConnectionError(error)
        ? BACKOFF_MAX_UNREACHABLE_MS
        : BACKOFF_MAX_MS;
    const asked = error instanceof KubeApiError ? (error.retryAfterMs ?? 0) : 0;
    const delayMs = Math.max(
      backoffMs(this.#failures, BACKOFF_BASE_MS, maxMs, random),
      Math.min(asked, BACKOFF_MAX_MS),
    );
    await clock.sleep(delayMs, signal).catch(() => undefined);
  }

  #cannotResume(error: unknown): boolean {
    const answered =
      error instanceof KubeApiError && error.status !== 0 && error.status !== 429 && error.status !== 503;
    return answered && this.#failures >= MAX_RESUMES;
  }

  #logFailure(error: unknown): void {
    const { type, logger, scope } = this.#parts;
    const where = { resource: type.plural, group: type.group, namespace: scope.namespace };
    const message = error instanceof Error ? error.message : String(error);
    if (isNotFound(error)) {
      if (!this.#absentLogged)
        logger.warn("the resource is not served yet; is its CRD installed?", { ...where, message });
      this.#absentLogged = true;
    } else if (isExpired(error)) {
      logger.debug("the watch is too old; listing anew", { ...where, message });
    } else {
      logger.warn("list or watch failed; trying again", { ...where, message, failures: this.#failures });
    }
  }

  #heard(): void {
    this.#heardAt = this.#parts.clock.now();
  }
}
