/** A local cache of one resource type, kept true by list and watch in the whole cluster or in some namespaces. */
import type { Clock } from "../../api/clock.ts";
import type { KubeClient, KubeObject, Logger, Reflector, ResourceType } from "./contracts.ts";
import { ListWatch } from "./list-watch.ts";
import { ObjectCache } from "./object-cache.ts";

export interface ReflectorOptions<T extends KubeObject, C> {
  readonly client: KubeClient;
  readonly type: ResourceType;
  /** Each namespace is listed and watched by itself; unset: the whole cluster at once. */
  readonly namespaces?: readonly string[] | undefined;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  /** Asks for metadata only: no spec, status or data travels. */
  readonly metadataOnly?: boolean;
  /**
   * What is cached of an object; managedFields are gone already. Keep only what is needed. Note that lists of built-in types carry
   * no `kind` and `apiVersion` in their items. It must not throw.
   */
  readonly transform: (object: T) => C;
  /** Objects in one page of a list. Default 500. */
  readonly pageSize?: number;
  readonly clock: Clock;
  /** 0 ≤ x < 1; spreads retries and watch timeouts. */
  readonly random: () => number;
  readonly logger: Logger;
}

/**
 * Makes a reflector; `run` starts it. Behaviour: paged list, then watches with bookmarks of 5 to 10 minutes that resume where the
 * last one ended; a full list again only where the server's history is gone (410) or went back (restored from a backup). Any error
 * is logged and tried again after 0.2 to 30 s (at most 5 s where nobody answers, 2 s where the resource is not served yet). What a
 * new list shows as unchanged makes no change; what is missing in it is `deleted`. While a resource is not served, what was cached
 * stays. Handlers hear of objects before `synced`, page by page.
 */
export function createReflector<T extends KubeObject, C>(options: ReflectorOptions<T, C>): Reflector<C> {
  const { clock, type, namespaces } = options;
  const cache = new ObjectCache<C>(type.plural, options.logger);
  const synced = Promise.withResolvers<void>();
  const scopes: readonly (string | undefined)[] = namespaces === undefined ? [undefined] : [...new Set(namespaces)];
  const unlisted = new Set(scopes);
  const loops = scopes.map((namespace) => {
    const onListed = () => {
      unlisted.delete(namespace);
      if (unlisted.size === 0) synced.resolve();
    };
    return new ListWatch<T, C>({ ...partsOf(options, namespace), cache, onListed });
  });
  if (unlisted.size === 0) synced.resolve();
  return {
    async run(signal) {
      await Promise.all(loops.map((loop) => loop.run(signal)));
    },
    synced: synced.promise,
    get isSynced() {
      return unlisted.size === 0;
    },
    silentForMs() {
      const now = clock.now();
      return Math.max(
        0,
        ...loops.map(({ heardAt }) => (heardAt === undefined ? Number.POSITIVE_INFINITY : now - heardAt)),
      );
    },
    get: (key) => cache.get(key),
    list: () => cache.list(),
    get size() {
      return cache.size;
    },
    onChange: (handler) => cache.onChange(handler),
  };
}

function partsOf<T extends KubeObject, C>(options: ReflectorOptions<T, C>, namespace: string | undefined) {
  const { labelSelector, fieldSelector, metadataOnly } = options;
  return {
    client: options.client,
    type: options.type,
    scope: {
      ...(namespace === undefined ? {} : { namespace }),
      ...(labelSelector === undefined ? {} : { labelSelector }),
      ...(fieldSelector === undefined ? {} : { fieldSelector }),
      ...(metadataOnly === undefined ? {} : { metadataOnly }),
    },
    pageSize: options.pageSize ?? 500,
    transform: options.transform,
    clock: options.clock,
    random: options.random,
    logger: options.logger,
  };
}
