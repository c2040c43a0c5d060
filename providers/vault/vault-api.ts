/** Requests to Vault as the store's identity: a token that Vault refuses is replaced once, and reads are repeated. */
import { AccessDenied, SyncError } from "../errors.ts";
import { type RetryPolicy, type RetrySurroundings, withRetries } from "../retry.ts";
import type { TokenSession } from "./token-session.ts";
import type { VaultHttp, VaultRequest } from "./vault-http.ts";

export interface VaultApi {
  /**
   * The answer's body.
   * @throws SyncError
   */
  call(request: VaultRequest, signal: AbortSignal): Promise<Uint8Array>;
  /** Revokes the token and ends the connections. Never throws. */
  close(): Promise<void>;
}

export interface VaultApiOptions extends RetrySurroundings {
  readonly vault: VaultHttp;
  readonly session: TokenSession;
  readonly namespace: string | undefined;
  readonly authNamespace: string | undefined;
  readonly retry: RetryPolicy;
  /** Where the token comes from, for the message: `auth.tokenSecretRef`. */
  readonly tokenField: string;
  /** Whether it is a token that was given, and not one that we logged in for. */
  readonly isStatic: boolean;
}

export function createVaultApi(options: VaultApiOptions): VaultApi {
  const { vault, session } = options;
  return {
    call(request, signal) {
      const once = () => callOnce(options, request, signal);
      // A write that was lost on its way may have been done; the next reconciliation sees.
      return request.method === "GET" ? withRetries(once, options.retry, options, signal) : once();
    },
    async close() {
      await session.close();
      vault.close();
    },
  };
}

async function callOnce(options: VaultApiOptions, request: VaultRequest, signal: AbortSignal): Promise<Uint8Array> {
  const { vault, session } = options;
  const namespace = request.path.startsWith("auth/") ? options.authNamespace : options.namespace;
  const token = await session.current(signal);
  try {
    return await vault.send(request, { token, namespace }, signal);
  } catch (error) {
    if (!(error instanceof AccessDenied) || token === undefined) throw error;
    if (request !== lookupSelf && (await isAccepted(options, token, signal))) throw error;
    const another = await session.replace(token, signal);
    if (another === undefined)
      throw request === lookupSelf ? tokenRefused(options, error) : deniedAnyhow(options, error);
    return vault.send(request, { token: another, namespace }, signal);
  }
}

/** Whether the token itself is good, so that a policy must be what denies the request. */
async function isAccepted(
  { vault, authNamespace }: VaultApiOptions,
  token: string,
  signal: AbortSignal,
): Promise<boolean> {
  try {
    await vault.send(lookupSelf, { token, namespace: authNamespace }, signal);
    return true;
  } catch (error) {
    if (error instanceof SyncError) return !(error instanceof AccessDenied);
    throw error;
  }
}

/** Asks Vault about the token that is sent. */
export const lookupSelf: VaultRequest = {
  method: "GET",
  path: "auth/token/lookup-self",
  subject: { name: "its own token", path: "auth/token/lookup-self", capability: "read" },
};

/** A token that we logged in for is no field of the store that one could correct. */
function tokenRefused({ tokenField, isStatic }: VaultApiOptions, { details }: AccessDenied): AccessDenied {
  const field = `spec.provider.vault.${tokenField}`;
  return new AccessDenied(`Vault does not accept the token of ${field}`, {
    ...details,
    ...(isStatic ? { field } : {}),
    remedy: isStatic ? "put a valid token into the Secret" : "check the policies of the role",
  });
}

function deniedAnyhow(options: VaultApiOptions, error: AccessDenied): AccessDenied {
  const refused = tokenRefused(options, error);
  return new AccessDenied(
    `${error.message}, and may not accept the token of spec.provider.vault.${options.tokenField}`,
    {
      ...refused.details,
      remedy: `${refused.details.remedy}, or ${error.details.remedy}`,
    },
  );
}
