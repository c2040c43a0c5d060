/** The token of one opened store: given, or logged in for, kept, renewed and revoked. */
import type { Clock } from "../../api/clock.ts";
import { SyncError, Transient } from "../errors.ts";
import type { LoginMethod } from "./login.ts";
import { describeClaims } from "./token-claims.ts";
import type { VaultHttp, VaultRequest } from "./vault-http.ts";

export interface TokenSession {
  /** The token to send; undefined where the store has no authentication. */
  current(signal: AbortSignal): Promise<string | undefined>;
  /**
   * After Vault has refused `token`: another one, or undefined where there is none to be had.
   */
  replace(token: string | undefined, signal: AbortSignal): Promise<string | undefined>;
  /** Revokes the token if we logged in for it. Never throws. */
  close(): Promise<void>;
}

/** For an agent that authenticates by itself. */
export const noSession: TokenSession = {
  current: async () => undefined,
  replace: async () => undefined,
  close: async () => {},
};

/** A token from a Secret, read when first needed and again when Vault refuses it. Never renewed or revoked: it is not ours. */
export function createStaticSession(read: (signal: AbortSignal) => Promise<string>): TokenSession {
  let token: string | undefined;
  return {
    async current(signal) {
      token ??= await read(signal);
      return token;
    },
    async replace(refused, signal) {
      token = await read(signal);
      return token === refused ? undefined : token;
    },
    async close() {},
  };
}

interface Lease {
  readonly token: string;
  readonly isRenewable: boolean;
  /** Length of the login's lease; a renewal that gives much less shows that the token nears its end. 0: no end. */
  readonly fullMs: number;
  readonly startedAtMs: number;
  readonly endsAtMs: number;
  readonly loggedInAtMs: number;
  /** Requests that it may still be used for; Infinity where the role sets no limit. */
  usesLeft: number;
}

export interface LoginSessionOptions {
  readonly method: LoginMethod;
  readonly vault: VaultHttp;
  /** Of the login and of the token's own calls. */
  readonly namespace: string | undefined;
  readonly clock: Clock;
  /** Limit of the revocation on close, in milliseconds. */
  readonly closeTimeoutMs: number;
}

/** A token that is fresh enough not to be the reason of a refusal. */
const FRESH_MS = 30_000;

/**
 * Logs in when first used. From two thirds of its lease on the token is renewed at the next use, and where that fails, or
 * gives less than half of the lease, a new login follows; so it does when a token of few uses has been used up. Concurrent users
 * share one login.
 */
export function createLoginSession(options: LoginSessionOptions): TokenSession {
  let lease: Lease | undefined;
  let pending: Promise<Lease> | undefined;
  let isClosed = false;

  /** One login or renewal at a time. It must not end with the caller that began it; its calls' own limits bound it. */
  async function refresh(held: Lease | undefined, signal: AbortSignal): Promise<Lease> {
    const inner = new AbortController().signal;
    pending ??= (held === undefined ? logIn(options, inner) : renewOrLogIn(options, held, inner))
      .then(async (fresh) => {
        if (isClosed) await revoke(options, fresh);
        else lease = fresh;
        return fresh;
      })
      .finally(() => {
        pending = undefined;
      });
    return abortable(pending, signal);
  }
  /** What several share may be used up by others before it is one's turn. */
  async function use(signal: AbortSignal): Promise<string> {
    for (;;) {
      const now = options.clock.now();
      const held = lease !== undefined && now < lease.endsAtMs && lease.usesLeft > 0 ? lease : undefined;
      const ready = held !== undefined && now < renewalTime(held) ? held : await refresh(held, signal);
      if (ready.usesLeft-- > 0) return ready.token;
    }
  }
  return {
    current: use,
    async replace(refused, signal) {
      // One that may be used a few times only may have been used up.
      const held = lease;
      if (held !== undefined && held.token === refused) {
        const isFresh = options.clock.now() - held.loggedInAtMs < FRESH_MS;
        if (isFresh && held.usesLeft === Infinity) return undefined;
        lease = undefined;
      }
      return use(signal);
    },
    async close() {
      isClosed = true;
      await pending?.catch(() => {});
      const last = lease;
      lease = undefined;
      if (last !== undefined && options.clock.now() < last.endsAtMs) await revoke(options, last);
    },
  };
}

function renewalTime(lease: Lease): number {
  return lease.startedAtMs + ((lease.endsAtMs - lease.startedAtMs) * 2) / 3;
}

async function logIn({ method, vault, namespace, clock }: LoginSessionOptions, signal: AbortSignal): Promise<Lease> {
  const { path, body } = await method.prepare(signal);
  const hint = loginHint(body, clock.now());
  const subject = { name: `the login by ${method.name}`, path, hint, field: `spec.provider.vault.auth.${method.name}` };
  const request: VaultRequest = { method: "POST", path, body: JSON.stringify(body), subject };
  const answer = await vault.send(request, { token: undefined, namespace }, signal);
  return leaseIn(answer, clock.now(), undefined);
}

/** As whom we came, as far as it is no secret: the role, and what a token says of itself. */
function loginHint({ role, jwt }: Readonly<Record<string, string>>, nowMs: number): string {
  const claims = jwt === undefined ? undefined : describeClaims(jwt, nowMs);
  return `${role ? ` for the role "${role}"` : ""}${claims === undefined ? "" : `; ${claims}`}`;
}

async function renewOrLogIn(options: LoginSessionOptions, aging: Lease, signal: AbortSignal): Promise<Lease> {
  if (!aging.isRenewable) return logIn(options, signal);
  try {
    const request = ownCall("renew-self", JSON.stringify({ increment: `${Math.ceil(aging.fullMs / 1_000)}s` }));
    const answer = await options.vault.send(request, identityOf(options, aging), signal);
    const renewed = leaseIn(answer, options.clock.now(), aging);
    if (renewed.endsAtMs - renewed.startedAtMs >= aging.fullMs / 2) return renewed;
  } catch (error) {
    // Whatever the reason, a login tells more: it works, or its own error is the one to be seen.
    if (!(error instanceof SyncError)) throw error;
  }
  return logIn(options, signal);
}

async function revoke(options: LoginSessionOptions, { token }: Pick<Lease, "token">): Promise<void> {
  const limit = new AbortController();
  const cancel = options.clock.after(options.closeTimeoutMs, () => limit.abort(new Error("revocation took too long")));
  try {
    await options.vault.send(ownCall("revoke-self", "{}"), { token, namespace: options.namespace }, limit.signal);
  } catch {
    // A token that cannot be revoked now ends with its lease.
  } finally {
    cancel();
  }
}

function ownCall(action: "renew-self" | "revoke-self", body: string): VaultRequest {
  const path = `auth/token/${action}`;
  return { method: "POST", path, body, subject: { name: "its own token", path, capability: "update" } };
}

function identityOf({ namespace }: LoginSessionOptions, { token }: Lease) {
  return { token, namespace };
}

interface LoginAnswer {
  readonly auth?: {
    readonly client_token?: string;
    readonly lease_duration?: number;
    readonly renewable?: boolean;
    /** 0: as many as one likes. */
    readonly num_uses?: number;
  } | null;
}

function leaseIn(answer: Uint8Array, now: number, renewed: Lease | undefined): Lease {
  const { auth } = JSON.parse(new TextDecoder().decode(answer)) as LoginAnswer;
  const token = renewed?.token ?? auth?.client_token;
  if (token === undefined || token === "") throw new Transient("Vault's answer to the login holds no token");
  const leaseMs = (auth?.lease_duration ?? 0) * 1_000;
  return {
    token,
    // A renewal is a use, too; so that those of few uses are not renewed.
    isRenewable: (auth?.renewable ?? false) && !auth?.num_uses,
    fullMs: renewed?.fullMs ?? leaseMs,
    startedAtMs: now,
    endsAtMs: leaseMs === 0 ? Infinity : now + leaseMs,
    loggedInAtMs: renewed?.loggedInAtMs ?? now,
    usesLeft: auth?.num_uses ? auth.num_uses : Infinity,
  };
}

/** The promise's result, unless the signal aborts first; the promise goes on for others. */
function abortable<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const onAbort = () => reject(signal.reason);
    signal.addEventListener("abort", onAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", onAbort));
  });
}
