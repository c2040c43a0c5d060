/** Equal reads that are under way at the same time become one. */
import { raceAbort } from "../kube/time-limit.ts";

interface Flight {
  readonly result: Promise<unknown>;
  readonly abort: AbortController;
  waiting: number;
}

/** Coalesces by key. What is returned is shared: nobody may change it. */
export class SharedReads {
  readonly #flights = new Map<string, Flight>();

  /**
   * The result of a read of that key which is under way, or of `start`, whose signal aborts when all who wait for it have
   * given up. `joined` says that another's read served.
   */
  async run<T>(
    key: string,
    start: (signal: AbortSignal) => Promise<T>,
    signal: AbortSignal,
  ): Promise<{ readonly value: T; readonly joined: boolean }> {
    signal.throwIfAborted();
    const present = this.#flights.get(key);
    const flight = present ?? this.#take(key, start);
    flight.waiting += 1;
    try {
      // A key is always read as the same type.
      const value = await raceAbort(flight.result as Promise<T>, signal);
      return { value, joined: present !== undefined };
    } finally {
      flight.waiting -= 1;
      if (flight.waiting === 0) {
        if (this.#flights.get(key) === flight) this.#flights.delete(key);
        flight.abort.abort(new Error("nobody waits for this read any longer"));
      }
    }
  }

  #take<T>(key: string, start: (signal: AbortSignal) => Promise<T>): Flight {
    const abort = new AbortController();
    const result = start(abort.signal);
    const flight: Flight = { result, abort, waiting: 0 };
    this.#flights.set(key, flight);
    const landed = () => {
      if (this.#flights.get(key) === flight) this.#flights.delete(key);
    };
    result.then(landed, landed);
    return flight;
  }
}
