/** Whether a batch may be sent now. */
import type { Clock } from "../../api/clock.ts";

/** AWS permits far fewer batches (100 in a second for an account) than single reads (10,000); this is one store's share. */
const BATCHES_PER_SECOND = 25;

/** After AWS has refused batches as such, the next one is tried this much later. */
const WITHDRAWN_MS = 10 * 60_000;

/** Counts the batches of one store. */
export class BatchAllowance {
  readonly #clock: Clock;
  #withdrawnUntilMs = Number.NEGATIVE_INFINITY;
  #secondEndsAtMs = Number.NEGATIVE_INFINITY;
  #left = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Takes one batch. False where none is left in this second, or AWS has refused batches lately. */
  take(): boolean {
    const now = this.#clock.now();
    if (now < this.#withdrawnUntilMs) return false;
    if (now >= this.#secondEndsAtMs) {
      this.#secondEndsAtMs = now + 1_000;
      this.#left = BATCHES_PER_SECOND;
    }
    if (this.#left === 0) return false;
    this.#left -= 1;
    return true;
  }

  /** AWS refuses batches as such. */
  withdraw(): void {
    this.#withdrawnUntilMs = this.#clock.now() + WITHDRAWN_MS;
  }
}
