/** Remembers which state of each store was validated when, so that others need not ask too often, and hear of changes. */
import type { Clock } from "../../api/clock.ts";
import type { StoreKey } from "../cache/store-key.ts";
import { type OpenableStore, versionOf } from "../store-clients/store-clients.ts";

/** A store is not validated again on request within this time. */
const MIN_PAUSE_MS = 30_000;

interface Validation {
  readonly version: string;
  readonly atMs: number;
}

/** What happened to the stores in this process. */
export class StoreValidations {
  readonly #last = new Map<StoreKey, Validation>();
  readonly #clock: Clock;
  readonly #onEdited: (key: StoreKey) => void;

  /** @param onEdited hears of each store that was edited and found good again. */
  constructor(clock: Clock, onEdited: (key: StoreKey) => void) {
    this.#clock = clock;
    this.#onEdited = onEdited;
  }

  done(key: StoreKey, store: OpenableStore, isReady: boolean): void {
    const version = versionOf(store);
    const before = this.#last.get(key);
    this.#last.set(key, { version, atMs: this.#clock.now() });
    if (isReady && before !== undefined && before.version !== version) this.#onEdited(key);
  }

  /** Whether it is worth while to validate the store because someone's credentials were refused. */
  isDue(key: StoreKey): boolean {
    const last = this.#last.get(key);
    return last === undefined || this.#clock.now() - last.atMs >= MIN_PAUSE_MS;
  }

  forget(key: StoreKey): void {
    this.#last.delete(key);
  }
}
