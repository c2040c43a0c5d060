/** One read that several callers wait for. */

/** The read ends when all who wait have aborted, and not before. */
export class SharedRead {
  readonly key: string;
  readonly #result = Promise.withResolvers<Uint8Array>();
  readonly #abandoned = new AbortController();
  #waiting = 0;

  constructor(key: string) {
    this.key = key;
    // Nobody may be left to hear of it.
    this.#result.promise.catch(() => undefined);
  }

  /** Aborts with the reason of the last one who gave up. */
  get signal(): AbortSignal {
    return this.#abandoned.signal;
  }

  /** The result, or the signal's reason as soon as it aborts. */
  async wait(signal: AbortSignal): Promise<Uint8Array> {
    const { promise: aborted, reject } = Promise.withResolvers<never>();
    aborted.catch(() => undefined);
    const onAbort = () => {
      reject(signal.reason);
      this.#waiting -= 1;
      if (this.#waiting === 0) this.#abandoned.abort(signal.reason);
    };
    this.#waiting += 1;
    signal.addEventListener("abort", onAbort, { once: true });
    try {
      return await Promise.race([this.#result.promise, aborted]);
    } finally {
      signal.removeEventListener("abort", onAbort);
    }
  }

  /** Hands the outcome to all who wait; only the first counts. */
  settle(outcome: Promise<Uint8Array>): void {
    outcome.catch(() => undefined);
    this.#result.resolve(outcome);
  }
}

/** Aborts once every one of the signals has; none of them may have yet. */
export function allAborted(signals: readonly AbortSignal[]): AbortSignal {
  const all = new AbortController();
  let left = signals.length;
  for (const signal of signals) {
    const onAbort = () => {
      left -= 1;
      if (left === 0) all.abort(signal.reason);
    };
    signal.addEventListener("abort", onAbort, { once: true });
  }
  return all.signal;
}
