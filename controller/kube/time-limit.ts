/** One signal out of a caller's signal and a limit of time, without leaving listeners on long-lived signals. */
import type { Clock } from "../../api/clock.ts";

export interface TimeLimit {
  readonly signal: AbortSignal;
  /** Takes the limit away and leaves the caller's signal in force, until `end`. */
  lift(): void;
  /** Takes away timer and listener. Must be called, in a `finally`. */
  end(): void;
}

/** Aborts with the parent's reason, or after `ms` milliseconds with the error that `onTimeout` makes. */
export function limitTime(clock: Clock, ms: number, parent: AbortSignal, onTimeout: () => Error): TimeLimit {
  const controller = new AbortController();
  const onAbort = () => controller.abort(parent.reason);
  if (parent.aborted) onAbort();
  parent.addEventListener("abort", onAbort, { once: true });
  const cancel = clock.after(ms, () => controller.abort(onTimeout()));
  return {
    signal: controller.signal,
    lift: cancel,
    end() {
      cancel();
      parent.removeEventListener("abort", onAbort);
    },
  };
}

/** Rejects with the signal's reason as soon as it aborts, however long the work goes on. */
export function raceAbort<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    if (signal.aborted) onAbort();
    signal.addEventListener("abort", onAbort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", onAbort));
  });
}
