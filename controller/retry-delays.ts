/** How long to wait before an object that failed is tried again. */
import { backoffMs } from "./kube/backoff.ts";

const BASE_MS = 1_000;

/** Failures in a row by key. */
export class RetryDelays {
  readonly #failures = new Map<string, number>();
  readonly #maxMs: number;
  readonly #random: () => number;

  /** @param maxMs the longest delay; @param random 0 ≤ x < 1. */
  constructor(maxMs: number, random: () => number) {
    this.#maxMs = maxMs;
    this.#random = random;
  }

  /** Counts one more failure: about 1 s after the first, doubled each time, at most the maximum, with jitter downwards. */
  next(key: string, maxMs = this.#maxMs): number {
    const failures = (this.#failures.get(key) ?? 0) + 1;
    this.#failures.set(key, failures);
    return backoffMs(failures, BASE_MS, maxMs, this.#random);
  }

  /** After a success, or when the object is gone. */
  reset(key: string): void {
    this.#failures.delete(key);
  }
}
