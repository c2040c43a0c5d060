/** What a store's requests are let in by: nothing (a client certificate does it), a token of a Secret, or a requested one. */
import type { Clock } from "../../api/clock.ts";
import { Transient } from "../errors.ts";
import { untilAborted } from "../until-aborted.ts";

/** The `Authorization` header of a store. */
export interface Credentials {
  /** The header; undefined where there is none to send. */
  current(signal: AbortSignal): Promise<string | undefined>;
  /** Another one after the API server has refused `refused`; undefined where there is none to be had. */
  replace(refused: string, signal: AbortSignal): Promise<string | undefined>;
}

/** A header that never changes, or none. */
export function fixedCredentials(header?: string): Credentials {
  return { current: async () => header, replace: async () => undefined };
}

/** A token that is read when first needed, and again when it is refused. */
export function storedToken(read: (signal: AbortSignal) => Promise<string>): Credentials {
  let header: string | undefined;
  return {
    async current(signal) {
      header ??= `Bearer ${await read(signal)}`;
      return header;
    },
    async replace(refused, signal) {
      header = `Bearer ${await read(signal)}`;
      return header === refused ? undefined : header;
    },
  };
}

interface IssuedToken {
  readonly header: string;
  readonly issuedAtMs: number;
  readonly expiresAtMs: number;
}

/** A token that is fresh enough not to be the reason of a refusal. */
const FRESH_MS = 30_000;

/**
 * A token that is requested when first needed and shared by concurrent callers. After four fifths of its life another is
 * requested; while that fails for a passing reason, the old one serves until it ends.
 */
export function requestedToken(
  request: (signal: AbortSignal) => Promise<{ readonly token: string; readonly expiresAtMs: number }>,
  clock: Clock,
): Credentials {
  let held: IssuedToken | undefined;
  let pending: Promise<IssuedToken> | undefined;
  /** Not bound to the caller that happens to be first; the request has a limit of its own. */
  const issue = (signal: AbortSignal): Promise<IssuedToken> => {
    pending ??= request(new AbortController().signal)
      .then(({ token, expiresAtMs }) => {
        held = { header: `Bearer ${token}`, issuedAtMs: clock.now(), expiresAtMs };
        return held;
      })
      .finally(() => {
        pending = undefined;
      });
    return untilAborted(pending, signal);
  };
  return {
    async current(signal) {
      if (held === undefined || clock.now() >= held.expiresAtMs) return (await issue(signal)).header;
      if (clock.now() < renewalTime(held)) return held.header;
      return renewed(held, issue, signal);
    },
    async replace(refused, signal) {
      if (held !== undefined && held.header !== refused) return held.header;
      if (held !== undefined && clock.now() - held.issuedAtMs < FRESH_MS) return undefined;
      return (await issue(signal)).header;
    },
  };
}

function renewalTime({ issuedAtMs, expiresAtMs }: IssuedToken): number {
  return issuedAtMs + (expiresAtMs - issuedAtMs) * 0.8;
}

async function renewed(
  old: IssuedToken,
  issue: (signal: AbortSignal) => Promise<IssuedToken>,
  signal: AbortSignal,
): Promise<string> {
  try {
    return (await issue(signal)).header;
  } catch (error) {
    if (error instanceof Transient) return old.header;
    throw error;
  }
}
