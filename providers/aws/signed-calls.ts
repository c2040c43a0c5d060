/** Calls of an official client that is signed with the store's credentials. */
import { type AwsService, type CallLimits, callAws } from "./aws-call.ts";
import type { AwsCredentials, CredentialCache } from "./credential-cache.ts";
import { refusesCredentials } from "./error-classes.ts";

/** One call: IAM's action, the key where one is asked for, and how it is sent. */
export type SignedCall = <T>(
  action: string,
  remoteKey: string | undefined,
  signal: AbortSignal,
  send: (options: { readonly abortSignal: AbortSignal }) => Promise<T>,
) => Promise<T>;

/** The calls of one service. Credentials that AWS ends before their time are renewed once in a call. */
export function signedCalls(service: AwsService, limits: CallLimits, credentials: CredentialCache): SignedCall {
  return async (action, remoteKey, signal, send) => {
    const subject = { service, action, ...(remoteKey === undefined ? {} : { remoteKey }) };
    // Before the call, so that a defect of the credentials is reported as theirs.
    await credentials.get(signal);
    return callAws(limits, subject, signal, async (abortSignal) => {
      try {
        return await send({ abortSignal });
      } catch (error) {
        // AWS may end a session before its time.
        if (!refusesCredentials(error) || !credentials.forget()) throw error;
        await credentials.get(abortSignal);
        return send({ abortSignal });
      }
    });
  };
}

/** `credentials` of an official client. Our cache keeps them, by the clock that was handed in; the library must not too. */
export function credentialsOption(credentials: CredentialCache): () => Promise<AwsCredentials> {
  return Object.assign(async () => credentials.get(new AbortController().signal), { memoized: true });
}
