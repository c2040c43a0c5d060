/** Single requests to Vault, with a token or without, and their answers as JSON. */
import type { Clock } from "../../api/clock.ts";
import { Transient } from "../errors.ts";
import type { HttpClient, HttpResponse } from "../http-client.ts";
import { type ObserveCall, observed } from "../observed-call.ts";
import { isJson } from "../property/index.ts";
import { encodePath } from "./kv-path.ts";
import { type VaultSubject, vaultError } from "./vault-error.ts";

export interface VaultRequest {
  readonly method: "GET" | "POST" | "DELETE";
  /** Below `/v1/`, not yet encoded. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  /** JSON. */
  readonly body?: string;
  readonly subject: VaultSubject;
}

export interface VaultHttpOptions {
  readonly http: HttpClient;
  readonly clock: Clock;
  readonly headers: Readonly<Record<string, string>>;
  /** Sends on what a write said about the state that reads must have seen (Enterprise). */
  readonly tracksState: boolean;
  /** Whose policies decide, for messages: `role "app"`. */
  readonly grantee: string;
  readonly observeCall: ObserveCall;
}

export interface VaultHttp {
  /**
   * The answer's body, which is JSON or empty.
   * @throws SyncError for every status from 300 on.
   */
  send(request: VaultRequest, as: VaultIdentity, signal: AbortSignal): Promise<Uint8Array>;
  close(): void;
}

/** As whom, and in which namespace (Enterprise; empty for none). */
export interface VaultIdentity {
  readonly token: string | undefined;
  readonly namespace: string | undefined;
}

export function createVaultHttp({ observeCall, ...options }: VaultHttpOptions): VaultHttp {
  const exchange = createExchange(options);
  return {
    send: (request, identity, signal) =>
      observed(observeCall, { provider: "HashiCorp/Vault", call: callName(request.subject) }, () =>
        exchange(request, identity, signal),
      ),
    close: () => options.http.close(),
  };
}

const DATA_CALLS = {
  read: "ReadSecretData",
  list: "ListSecrets",
  "create and update": "WriteSecretData",
  update: "WriteSecretData",
  delete: "DeleteSecret",
} as const;

function callName({ path, capability }: VaultSubject): string {
  if (capability === undefined) return "Login";
  const own = /^auth\/token\/(lookup|renew|revoke)-self$/.exec(path)?.[1];
  return own === undefined ? DATA_CALLS[capability] : `${own.charAt(0).toUpperCase()}${own.slice(1)}Self`;
}

function createExchange({
  http,
  clock,
  headers,
  tracksState,
  grantee,
}: Omit<VaultHttpOptions, "observeCall">): VaultHttp["send"] {
  let state: string | undefined;
  return async (request, identity, signal) => {
    const response = await http.request(
      {
        method: request.method,
        path: `v1/${encodePath(request.path)}`,
        ...(request.query === undefined ? {} : { query: request.query }),
        ...(request.body === undefined ? {} : { body: request.body }),
        headers: {
          ...headers,
          ...identityHeaders(identity),
          ...(state === undefined ? {} : { "x-vault-index": state }),
        },
      },
      signal,
    );
    if (tracksState) state = stateIn(response) ?? state;
    if (response.status >= 300) throw vaultError(response, request.subject, { nowMs: clock.now(), grantee });
    if (response.body.length > 0 && !isJson(response.body)) throw notVault(request);
    return response.body;
  };
}

function identityHeaders({ token, namespace }: VaultIdentity): Record<string, string> {
  return {
    "x-vault-request": "true",
    ...(token === undefined ? {} : { "x-vault-token": token }),
    ...(namespace === undefined || namespace === "" ? {} : { "x-vault-namespace": namespace }),
  };
}

function stateIn({ headers }: HttpResponse): string | undefined {
  const header = headers["x-vault-index"];
  return Array.isArray(header) ? header.at(-1) : header;
}

function notVault({ subject }: VaultRequest): Transient {
  return new Transient(`the answer for ${subject.name} is not JSON`, {
    ...(subject.remoteKey === undefined ? {} : { remoteKey: subject.remoteKey }),
    remedy: "check that spec.provider.vault.server is the address of Vault itself",
  });
}
