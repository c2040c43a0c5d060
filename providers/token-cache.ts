/** Bearer tokens of one identity, kept until shortly before they end; concurrent users share one fetch. */
import type { Clock } from "../api/clock.ts";
import { createRenewedValue } from "./renewed-value.ts";

/** A token and when it ends, in milliseconds since the epoch. */
export interface AccessToken {
  readonly token: string;
  readonly expiresAtMs: number;
}

/** Where tokens come from. The signal is not that of any one caller: the calls inside have limits of their own. */
export type TokenSource = (signal: AbortSignal) => Promise<AccessToken>;

export interface TokenCache {
  /**
   * A valid token. While the old one lasts, a renewal that fails for now is no error.
   * @throws what the source throws; the signal's reason when it aborts.
   */
  current(signal: AbortSignal): Promise<string>;
  /** After `refused` was refused: another token, or undefined where it is too young for another to be better. */
  replace(refused: string, signal: AbortSignal): Promise<string | undefined>;
  /** Drops the token, so that the next user gets a new one. */
  forget(): void;
}

/** A token that is fresh enough not to be the reason of a refusal. */
const FRESH_MS = 30_000;

export function createTokenCache(clock: Clock, source: TokenSource): TokenCache {
  const tokens = createRenewedValue(clock, source, ({ expiresAtMs }) => expiresAtMs);
  return {
    current: async (signal) => (await tokens.current(signal)).token,
    async replace(refused, signal) {
      const { held } = tokens;
      if (held !== undefined && held.value.token !== refused) return held.value.token;
      if (held !== undefined && clock.now() - held.fetchedAtMs < FRESH_MS) return undefined;
      const { token } = await tokens.fetchAnew(signal);
      return token === refused ? undefined : token;
    },
    forget: () => tokens.forget(),
  };
}
