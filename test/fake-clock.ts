/** A clock that stands still until a test moves it. */
import type { Clock } from "../api/clock.ts";

interface Timer {
  readonly dueAt: number;
  readonly order: number;
  readonly fire: () => void;
}

/** 2025-01-01T00:00:00Z: late enough for certificates and dates, early enough to be told from today. */
const START_MS = Date.UTC(2025, 0, 1);

/** Timers fire inside `advance`, in the order in which they are due; real I/O goes on as ever. */
export class FakeClock implements Clock {
  #now: number;
  #order = 0;
  readonly #timers = new Set<Timer>();

  constructor(startMs: number = START_MS) {
    this.#now = startMs;
  }

  now(): number {
    return this.#now;
  }

  after(ms: number, callback: () => void): () => void {
    const timer = { dueAt: this.#now + Math.max(ms, 0), order: this.#order++, fire: callback };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const cancel = this.after(ms, () => {
        signal?.removeEventListener("abort", onAbort);
        resolve();
      });
      const onAbort = () => {
        cancel();
        reject(signal?.reason);
      };
      signal?.addEventListener("abort", onAbort, { once: true });
    });
  }

  /** Timers that wait. */
  get pending(): number {
    return this.#timers.size;
  }

  /** Milliseconds until the next timer, or `undefined` where none waits. */
  get nextInMs(): number | undefined {
    const next = this.#next();
    return next === undefined ? undefined : next.dueAt - this.#now;
  }

  /**
   * Moves on by `ms`, and between timers lets promises and I/O callbacks that are ready run, so that a timer set by what an earlier
   * one woke fires in its turn too.
   */
  async advance(ms: number): Promise<void> {
    const until = this.#now + ms;
    await settle();
    for (let next = this.#next(); next !== undefined && next.dueAt <= until; next = this.#next()) {
      this.#now = next.dueAt;
      this.#timers.delete(next);
      next.fire();
      await settle();
    }
    this.#now = until;
    await settle();
  }

  #next(): Timer | undefined {
    let first: Timer | undefined;
    for (const timer of this.#timers) {
      const isFirst = first === undefined || timer.dueAt < first.dueAt;
      if (isFirst || (timer.dueAt === first?.dueAt && timer.order < first.order)) first = timer;
    }
    return first;
  }
}

/** Lets everything that is ready run, and what that makes ready. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
}
