/** Requests to one vault as the store's identity: a challenge is answered once, and reads are repeated. */
import type { HttpClient, HttpResponse } from "../http-client.ts";
import { type ObserveCall, observed } from "../observed-call.ts";
import { type RetryPolicy, type RetrySurroundings, withRetries } from "../retry.ts";
import { type KeyVaultSubject, keyVaultError, notKeyVault } from "./key-vault-error.ts";
import { parseObject } from "./token-answer.ts";
import type { VaultSession } from "./vault-session.ts";

export interface KeyVaultRequest {
  readonly method: "GET" | "PUT" | "POST" | "DELETE";
  /** Below the vault's address, already encoded. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body?: object;
  readonly subject: KeyVaultSubject;
}

export type KeyVaultAnswer = Readonly<Record<string, unknown>>;

export interface KeyVaultApi {
  readonly vaultUrl: string;
  /**
   * The answer's JSON object.
   * @throws SyncError
   */
  call(request: KeyVaultRequest, signal: AbortSignal): Promise<KeyVaultAnswer>;
  /** Waits, as the store's clock does. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  close(): void;
}

export interface KeyVaultApiOptions extends RetrySurroundings {
  readonly vaultUrl: string;
  readonly http: HttpClient;
  readonly session: VaultSession;
  readonly retry: RetryPolicy;
  readonly observeCall: ObserveCall;
  /** Ends what else holds connections. */
  readonly closeOthers: () => void;
}

/** Served by every Azure that has Key Vault with soft deletion. */
const API_VERSION = "7.4";

export function createKeyVaultApi(options: KeyVaultApiOptions): KeyVaultApi {
  return {
    vaultUrl: options.vaultUrl,
    call(request, signal) {
      const name = { provider: "Azure/KeyVault", call: callName(request.subject) };
      const once = () => observed(options.observeCall, name, () => callOnce(options, request, signal));
      // A write that was lost on its way may have been done; the next reconciliation sees.
      return request.method === "GET" ? withRetries(once, options.retry, options, signal) : once();
    },
    sleep: (ms, signal) => options.clock.sleep(ms, signal),
    close() {
      options.http.close();
      options.closeOthers();
    },
  };
}

const OBJECTS = { secrets: "Secret", certificates: "Certificate", keys: "Key" } as const;
const VERBS = { get: "Get", set: "Set", import: "Import", delete: "Delete", recover: "Recover" } as const;

/** `GetSecret`, `GetSecrets`, `ImportCertificate`. */
function callName({ kind, permission }: KeyVaultSubject): string {
  return permission === "list" ? `Get${OBJECTS[kind]}s` : `${VERBS[permission]}${OBJECTS[kind]}`;
}

async function callOnce(
  options: KeyVaultApiOptions,
  request: KeyVaultRequest,
  signal: AbortSignal,
): Promise<KeyVaultAnswer> {
  const { session, clock } = options;
  const token = await session.current(signal);
  let response = await send(options, request, token, signal);
  if (response.status === 401) {
    const another = await session.answer(challengeOf(response), token, signal);
    if (another !== undefined) response = await send(options, request, another, signal);
  }
  if (response.status >= 300) throw keyVaultError(response, request.subject, clock.now());
  const answer = parseObject(response.body);
  if (answer === undefined) throw notKeyVault(request.subject, response.status);
  return answer;
}

function challengeOf({ headers }: HttpResponse): string | undefined {
  return headers["www-authenticate"];
}

function send(
  { http }: KeyVaultApiOptions,
  { method, path, query, body }: KeyVaultRequest,
  token: string | undefined,
  signal: AbortSignal,
): Promise<HttpResponse> {
  const headers = {
    accept: "application/json",
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    ...(body === undefined ? {} : { "content-type": "application/json" }),
  };
  // Without a token the vault only says for which resource to ask: nothing is shown to it until it has.
  const text = body === undefined ? undefined : token === undefined ? "" : JSON.stringify(body);
  return http.request(
    {
      method,
      path,
      headers,
      query: { "api-version": API_VERSION, ...query },
      ...(text === undefined ? {} : { body: text }),
    },
    signal,
  );
}
