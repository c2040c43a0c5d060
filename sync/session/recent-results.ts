/** Hands what one step worked out to the next one, once, so that a backend is asked once for both. */
import type { Clock } from "../../api/clock.ts";

/** A step that takes what another worked out may come this much later: it waits for its turn. */
const MAX_AGE_MS = 5 * 60_000;
/** A second look within this time gives the same. */
const SAME_LOOK_MS = 5_000;

interface Result {
  readonly atMs: number;
  readonly value: Promise<unknown>;
}

/** In memory only. Under a key is always the same type. Results that nobody takes are dropped with the next ones. */
export class RecentResults {
  readonly #clock: Clock;
  readonly #results = new Map<string, Result>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Works it out, unless that was done a moment ago, and keeps it for `take`. A failure is not kept. */
  keep<T>(key: string, work: () => Promise<T>): Promise<T> {
    const present = this.#results.get(key);
    if (present !== undefined && this.#clock.now() - present.atMs < SAME_LOOK_MS) return present.value as Promise<T>;
    const value = work();
    const result = { atMs: this.#clock.now(), value };
    this.#dropOld();
    this.#results.delete(key);
    this.#results.set(key, result);
    value.catch(() => {
      if (this.#results.get(key) === result) this.#results.delete(key);
    });
    return value;
  }

  /** What was kept lately under the key; else it is worked out. */
  take<T>(key: string, work: () => Promise<T>): Promise<T> {
    this.#dropOld();
    const present = this.#results.get(key);
    this.#results.delete(key);
    return present === undefined ? work() : (present.value as Promise<T>);
  }

  #dropOld(): void {
    const before = this.#clock.now() - MAX_AGE_MS;
    for (const [key, { atMs }] of this.#results) {
      if (atMs >= before) return;
      this.#results.delete(key);
    }
  }
}
