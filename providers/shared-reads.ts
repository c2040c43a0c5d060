/** Equal reads become one: those that begin together always, and others where the caller permits what was read shortly before. */
import type { Clock } from "../api/clock.ts";
import { untilAborted } from "./until-aborted.ts";

interface Flight {
  readonly result: Promise<unknown>;
  readonly abort: AbortController;
  readonly beganAtMs: number;
  /** Whoever asks has begun with it: nothing was sent yet when they asked. */
  isBeginning: boolean;
  hasLanded: boolean;
  waiting: number;
}

/** Coalesces by key. What is returned is shared: nobody may change it. */
export class SharedReads {
  readonly #clock: Clock;
  /** The youngest of each key. */
  readonly #flights = new Map<string, Flight>();
  readonly #forgetting = new Set<() => void>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * The result of `start`, or of a read of that key that began in the same turn of the event loop or at most `maxAgeMs` ago
   * (default 0). `start`'s signal aborts when all who wait have given up. `joined` says that another's read served.
   */
  async run<T>(
    key: string,
    start: (signal: AbortSignal) => Promise<T>,
    signal: AbortSignal,
    maxAgeMs = 0,
  ): Promise<{ readonly value: T; readonly joined: boolean }> {
    signal.throwIfAborted();
    const present = this.#present(key, maxAgeMs);
    // What is there already needs no watch over the signal.
    if (present?.hasLanded) return { value: (await present.result) as T, joined: true };
    const flight = present ?? this.#take(key, start, maxAgeMs);
    flight.waiting += 1;
    try {
      // A key is always read as the same type.
      const value = await untilAborted(flight.result as Promise<T>, signal);
      return { value, joined: present !== undefined };
    } finally {
      flight.waiting -= 1;
      if (flight.waiting === 0 && !flight.hasLanded) {
        this.#forget(key, flight);
        flight.abort.abort(new Error("nobody waits for this read any longer"));
      }
    }
  }

  /** Drops what was read. */
  clear(): void {
    for (const cancel of this.#forgetting) cancel();
    this.#forgetting.clear();
    this.#flights.clear();
  }

  #present(key: string, maxAgeMs: number): Flight | undefined {
    const flight = this.#flights.get(key);
    if (flight === undefined) return undefined;
    const isYoung = maxAgeMs > 0 && this.#clock.now() - flight.beganAtMs <= maxAgeMs;
    return flight.isBeginning || isYoung ? flight : undefined;
  }

  #take<T>(key: string, start: (signal: AbortSignal) => Promise<T>, maxAgeMs: number): Flight {
    const abort = new AbortController();
    const result = start(abort.signal);
    const beganAtMs = this.#clock.now();
    const flight: Flight = { result, abort, beganAtMs, isBeginning: true, hasLanded: false, waiting: 0 };
    this.#flights.set(key, flight);
    setImmediate(() => {
      flight.isBeginning = false;
    });
    const landed = (keepMs: number) => {
      flight.hasLanded = true;
      if (keepMs <= 0) return this.#forget(key, flight);
      const cancel = this.#clock.after(keepMs, () => {
        this.#forgetting.delete(cancel);
        this.#forget(key, flight);
      });
      this.#forgetting.add(cancel);
    };
    result.then(
      () => landed(beganAtMs + maxAgeMs - this.#clock.now()),
      () => landed(0),
    );
    return flight;
  }

  #forget(key: string, flight: Flight): void {
    if (this.#flights.get(key) === flight) this.#flights.delete(key);
  }
}
