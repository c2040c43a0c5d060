/** Repeats what failed for a passing reason, a few times and not for long. */
import type { Clock } from "../api/clock.ts";
import { Transient } from "./errors.ts";

export interface RetryPolicy {
  /** Tries in all, the first included. */
  readonly attempts: number;
  /** Before the second try, in milliseconds; doubles each time, and half of it is random. */
  readonly firstDelayMs: number;
  /** The longest wait before one try, in milliseconds. A backend that asks for more is not asked again here. */
  readonly maxDelayMs: number;
}

/** Three tries within about two seconds, or four where the backend asks for waits. */
export const DEFAULT_RETRY: RetryPolicy = { attempts: 3, firstDelayMs: 200, maxDelayMs: 2_000 };

/** `maxRetries` and `retryInterval` of a store over the default: the interval is then the same before each try. */
export function retryPolicyOf(
  settings: { readonly maxRetries?: number; readonly retryIntervalMs?: number } = {},
): RetryPolicy {
  const { maxRetries, retryIntervalMs } = settings;
  return {
    attempts: maxRetries === undefined ? DEFAULT_RETRY.attempts : Math.max(0, maxRetries) + 1,
    firstDelayMs: retryIntervalMs ?? DEFAULT_RETRY.firstDelayMs,
    maxDelayMs: retryIntervalMs ?? DEFAULT_RETRY.maxDelayMs,
  };
}

export interface RetrySurroundings {
  readonly clock: Clock;
  /** Between 0 (included) and 1. */
  readonly random: () => number;
}

/**
 * The operation's result. Only `Transient` is repeated, after what the backend asked for (Retry-After) or a growing delay.
 * @throws the last error; the signal's reason when it aborts.
 */
export async function withRetries<T>(
  operation: () => Promise<T>,
  policy: RetryPolicy,
  { clock, random }: RetrySurroundings,
  signal: AbortSignal,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await operation();
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      if (!(error instanceof Transient) || attempt >= policy.attempts) throw error;
      if ((error.retryAfterMs ?? 0) > policy.maxDelayMs) throw error;
      const grown = Math.min(policy.firstDelayMs * 2 ** (attempt - 1), policy.maxDelayMs);
      await clock.sleep(error.retryAfterMs ?? grown * (0.5 + random() / 2), signal);
    }
  }
}

/**
 * Milliseconds that a Retry-After header asks for: seconds or an HTTP date; 0 where the date has passed. Undefined where the
 * header is absent or neither.
 */
export function parseRetryAfter(header: string | undefined, nowMs: number): number | undefined {
  if (header === undefined) return undefined;
  if (/^\d+(?:\.\d+)?$/.test(header.trim())) return Math.ceil(Number(header) * 1_000);
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, date - nowMs);
}
