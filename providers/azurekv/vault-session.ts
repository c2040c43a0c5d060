/** The token for one vault, for the resource that the cloud or the vault's challenge names. */
import type { Clock } from "../../api/clock.ts";
import { type AccessToken, createTokenCache } from "../token-cache.ts";
import { isVaultOf } from "./cloud.ts";

export interface VaultSession {
  /** The token to send; undefined while only the vault can tell for which resource to ask. */
  current(signal: AbortSignal): Promise<string | undefined>;
  /** After a 401 with this challenge: another token, or undefined where there is none to be had. */
  answer(challenge: string | undefined, refused: string | undefined, signal: AbortSignal): Promise<string | undefined>;
}

export interface VaultSessionOptions {
  readonly clock: Clock;
  readonly vaultUrl: string;
  /** Undefined where only the vault can tell. */
  readonly resource: string | undefined;
  /** Logs in. */
  readonly requestToken: (resource: string, signal: AbortSignal) => Promise<AccessToken>;
}

/** A challenge is followed to another resource only where the vault lies in its domain. */
export function createVaultSession({ clock, vaultUrl, resource, requestToken }: VaultSessionOptions): VaultSession {
  let asked = resource;
  const tokens = createTokenCache(clock, (signal) => requestToken(asked ?? "", signal));
  return {
    current: async (signal) => (asked === undefined ? undefined : tokens.current(signal)),
    async answer(challenge, refused, signal) {
      const named = resourceIn(challenge);
      if (named !== undefined && named !== asked && isVaultOf(named, vaultUrl)) {
        asked = named;
        tokens.forget();
        return tokens.current(signal);
      }
      return refused === undefined ? undefined : tokens.replace(refused, signal);
    },
  };
}

/** `Bearer authorization="https://…/TENANT", resource="https://vault.azure.net"`; some versions say `scope`. */
function resourceIn(challenge: string | undefined): string | undefined {
  const value = /(?:^|[\s,])(?:resource|scope)="([^"]+)"/.exec(challenge ?? "")?.[1];
  return value?.replace(/\/\.default$/, "").replace(/\/+$/, "") || undefined;
}
