/** Which objects of the cluster a store's credentials came from, so that a change of one renews what depends on it. */
import type { StoreKey } from "../cache/store-key.ts";

/** `Secret/namespace/name`, `ConfigMap/namespace/name`, `ServiceAccount/namespace/name`. */
export type DependencyKey = `${"Secret" | "ConfigMap" | "ServiceAccount"}/${string}/${string}`;

/** A use of a store: by itself or shared (`namespace` unset), or for the ExternalSecrets of one namespace. */
export interface StoreUse {
  readonly store: StoreKey;
  readonly namespace: string | undefined;
}

interface SeenUse extends StoreUse {
  /** The version that was read; unset where the object was not there. */
  readonly resourceVersion: string | undefined;
}

/** What was read for which store, in which version. */
export class Dependencies {
  readonly #uses = new Map<DependencyKey, Map<string, SeenUse>>();

  /** Notes a read, also one that found nothing: the object may come. */
  note(dependency: DependencyKey, use: StoreUse, resourceVersion: string | undefined): void {
    const uses = this.#uses.get(dependency) ?? new Map<string, SeenUse>();
    uses.set(useKey(use), { ...use, resourceVersion });
    this.#uses.set(dependency, uses);
  }

  /** The uses that saw the object in another version than it has now (`undefined`: it is gone). */
  outdatedBy(dependency: DependencyKey, resourceVersion: string | undefined): readonly StoreUse[] {
    const uses = [...(this.#uses.get(dependency)?.values() ?? [])];
    return uses.filter((use) => use.resourceVersion !== resourceVersion);
  }

  /** What was read for a store, by itself or for any namespace. */
  ofStore(store: StoreKey): readonly DependencyKey[] {
    return [...this.#uses].flatMap(([dependency, uses]) =>
      [...uses.values()].some((use) => use.store === store) ? [dependency] : [],
    );
  }

  /** Forgets what a use read, or all uses of a store. */
  forget(what: StoreUse | StoreKey): void {
    for (const [dependency, uses] of this.#uses) {
      for (const [key, use] of uses) {
        if (typeof what === "string" ? use.store === what : key === useKey(what)) uses.delete(key);
      }
      if (uses.size === 0) this.#uses.delete(dependency);
    }
  }
}

function useKey(use: StoreUse): string {
  return `${use.store} ${use.namespace ?? ""}`;
}
