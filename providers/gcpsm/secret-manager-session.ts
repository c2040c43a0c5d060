/** Requests to Secret Manager as the store's identity. */
import type { TokenCache } from "../token-cache.ts";
import { objectIn } from "./google-failure.ts";
import { type GoogleCall, type GoogleHttp, notGoogles } from "./google-http.ts";
import { CredentialsRefused, type SecretManagerSubject, secretManagerError } from "./secret-manager-error.ts";

export type JsonObject = Readonly<Record<string, unknown>>;

/** One request. What is no GET is never repeated, as it may have been done. */
export interface SecretManagerRequest extends Pick<GoogleCall, "method" | "query" | "body"> {
  /** Below `/v1/`, encoded. */
  readonly path: string;
  readonly subject: SecretManagerSubject;
}

export interface SecretManagerSession {
  /**
   * The JSON object of the answer, and the call for errors about it. A token that is refused is replaced once.
   * @throws SyncError
   */
  send(
    request: SecretManagerRequest,
    signal: AbortSignal,
  ): Promise<{ readonly object: JsonObject; readonly call: GoogleCall }>;
  /** Ends all connections. Idempotent. */
  close(): void;
}

export interface SessionOptions {
  readonly http: GoogleHttp;
  /** Address of Secret Manager. */
  readonly endpoint: string;
  readonly tokens: TokenCache;
  /** The field that the credentials come from. */
  readonly identityField: string;
  /** Project that is billed, where the credentials name one. */
  readonly quotaProject: () => string | undefined;
}

export function createSecretManagerSession(options: SessionOptions): SecretManagerSession {
  const { http, tokens } = options;
  const sendWith = async (request: SecretManagerRequest, token: string, signal: AbortSignal) => {
    const call = callOf(options, request, token);
    const object = objectIn((await http.call(call, signal)).body);
    if (object === undefined) throw notGoogles(call);
    return { object, call };
  };
  return {
    async send(request, signal) {
      const token = await tokens.current(signal);
      try {
        return await sendWith(request, token, signal);
      } catch (error) {
        const another = error instanceof CredentialsRefused ? await tokens.replace(token, signal) : undefined;
        if (another === undefined) throw error;
        return sendWith(request, another, signal);
      }
    },
    close: () => http.close(),
  };
}

/** As ESO's metrics name the calls, by the permission that each needs. */
const CALLS: Readonly<Record<string, string>> = {
  "secretmanager.secrets.get": "GetSecret",
  "secretmanager.secrets.list": "ListSecrets",
  "secretmanager.secrets.create": "CreateSecret",
  "secretmanager.secrets.update": "UpdateSecret",
  "secretmanager.secrets.delete": "DeleteSecret",
  "secretmanager.versions.access": "AccessSecretVersion",
  "secretmanager.versions.add": "AddSecretVersion",
  "secretmanager.versions.list": "ListSecretVersions",
};

function callOf(
  { endpoint, identityField, quotaProject }: SessionOptions,
  { path, subject, ...request }: SecretManagerRequest,
  token: string,
): GoogleCall {
  const project = quotaProject();
  return {
    ...request,
    service: "Google Secret Manager",
    name: CALLS[subject.permission],
    url: `${endpoint}/v1/${path}`,
    headers: {
      authorization: `Bearer ${token}`,
      ...(request.body === undefined ? {} : { "content-type": "application/json" }),
      ...(project === undefined ? {} : { "x-goog-user-project": project }),
    },
    field: "spec.provider.gcpsm.location",
    isRepeatable: request.method === "GET",
    subject: subject.name,
    ...(subject.remoteKey === undefined ? {} : { remoteKey: subject.remoteKey }),
    errorOf: (failure, details) => secretManagerError(subject, identityField, failure, details),
  };
}
