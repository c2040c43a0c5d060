/** A token bucket that spreads our own calls, so that a burst of work does not become a burst at the API server. */
import type { Clock } from "../../api/clock.ts";

export interface RateLimiter {
  /**
   * Resolves when the caller may go on; callers go in the order in which they came.
   * @throws the signal's reason as soon as it aborts.
   */
  take(signal: AbortSignal): Promise<void>;
}

/** At most `burst` calls at once and `qps` calls per second over time. `qps` 0 limits nothing. */
export function createRateLimiter(clock: Clock, qps: number, burst: number): RateLimiter {
  if (qps <= 0) return { take: async (signal) => signal.throwIfAborted() };
  const capacity = Math.max(burst, 1);
  let tokens = capacity;
  let filledAt = clock.now();
  return {
    async take(signal) {
      signal.throwIfAborted();
      const now = clock.now();
      tokens = Math.min(capacity, tokens + (Math.max(now - filledAt, 0) / 1_000) * qps);
      filledAt = now;
      // Going below zero is the queue: each caller waits for exactly its own token.
      tokens -= 1;
      if (tokens >= 0) return;
      try {
        await clock.sleep((-tokens / qps) * 1_000, signal);
      } catch (error) {
        tokens += 1;
        throw error;
      }
    },
  };
}
