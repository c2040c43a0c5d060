/** Requests to a webhook's service, and what their status means. */
import { parseDurationMs } from "../../api/duration.ts";
import type { WebhookProviderSpec } from "../../api/stores/webhook.ts";
import { resolveCaBundle } from "../ca-bundle.ts";
import type { StoreContext } from "../contract.ts";
import { AccessDenied, InvalidConfiguration, SecretNotFound, type SyncError, Transient } from "../errors.ts";
import { createHttpClient, type HttpClient, type HttpResponse } from "../http-client.ts";
import { observed } from "../observed-call.ts";
import { parseRetryAfter } from "../retry.ts";
import { BLOCK } from "./check.ts";
import { createNtlmClient, ntlmUser } from "./ntlm/ntlm-client.ts";
import { LABEL } from "./store-texts.ts";

/** A request that has been rendered. */
export interface WebhookRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | undefined;
  readonly remoteKey: string;
}

/** Connections to the service. */
export interface WebhookHttp {
  /**
   * The answer's body.
   * @throws SecretNotFound for 404; AccessDenied for 401 and 403; Transient; InvalidConfiguration for other statuses.
   */
  send(request: WebhookRequest, signal: AbortSignal): Promise<Uint8Array>;
  /** Whether anything answers at the URL's host, whatever it says. @throws Transient, InvalidConfiguration */
  reach(url: string, signal: AbortSignal): Promise<void>;
  close(): void;
}

type NtlmLogin = NonNullable<NonNullable<WebhookProviderSpec["auth"]>["ntlm"]>;

/** Templates may name many hosts; connections are kept to this many. */
const MAX_ORIGINS = 8;

/** Reads the certificates of the authority; connects to nothing yet. */
export async function openWebhookHttp(
  spec: WebhookProviderSpec,
  context: StoreContext,
  signal: AbortSignal,
): Promise<WebhookHttp> {
  const ca = await resolveCaBundle(spec, context, BLOCK, signal);
  const ntlm = spec.auth?.ntlm;
  const clients = new Map<string, HttpClient>();
  const clientOf = ({ origin }: URL): HttpClient => {
    const known = clients.get(origin);
    if (known !== undefined) return known;
    const [oldest] = clients.size < MAX_ORIGINS ? [] : clients.keys();
    if (oldest !== undefined) {
      clients.get(oldest)?.close();
      clients.delete(oldest);
    }
    const client = createHttpClient({
      backend: "the webhook",
      baseUrl: origin,
      serverField: `${BLOCK}.url`,
      timeoutMs: parseDurationMs(spec.timeout ?? "") || context.requestTimeoutMs,
      clock: context.clock,
      environment: context.environment,
      ...(ca === undefined ? {} : { ca }),
      ...(ntlm === undefined ? {} : { maxConnections: 1 }),
    });
    const authenticated = ntlm === undefined ? client : withNtlm(client, ntlm, context);
    clients.set(origin, authenticated);
    return authenticated;
  };
  return {
    async send({ method, url: text, headers, body, remoteKey }, abort) {
      const url = parseUrl(text);
      const request = { method, path: url.pathname.slice(1), search: url.search, headers };
      return observed(context.observeCall, { provider: "Webhook", call: "HTTPRequest" }, async () => {
        const response = await clientOf(url).request({ ...request, ...(body === undefined ? {} : { body }) }, abort);
        if (response.status >= 200 && response.status < 300) return response.body;
        throw statusError(response, remoteKey, context.clock.now(), ntlm !== undefined);
      });
    },
    async reach(text, abort) {
      await clientOf(parseUrl(text)).request({ method: "HEAD", path: "" }, abort);
    },
    close() {
      for (const client of clients.values()) client.close();
    },
  };
}

function withNtlm(http: HttpClient, login: NtlmLogin, context: StoreContext): HttpClient {
  const read = async (name: keyof NtlmLogin, abort: AbortSignal) => {
    const field = `${BLOCK}.auth.ntlm.${name}`;
    const { key = "" } = login[name];
    const value = (await context.readLabelledSecret(login[name], LABEL, field, abort)).get(key);
    if (value !== undefined) return new TextDecoder().decode(value);
    const remedy = "add the key to the Secret, or correct the reference";
    throw new InvalidConfiguration(`${field}: the Secret has no key ${JSON.stringify(key)}`, { field, remedy });
  };
  const readUser = async (abort: AbortSignal) =>
    ntlmUser(await read("usernameSecret", abort), await read("passwordSecret", abort));
  return createNtlmClient({ http, clock: context.clock, readUser, field: `${BLOCK}.auth.ntlm` });
}

function parseUrl(text: string): URL {
  const url = URL.parse(text.trim());
  if (url?.protocol === "http:" || url?.protocol === "https:") return url;
  throw new InvalidConfiguration(`${BLOCK}.url renders to no http or https URL`, {
    field: `${BLOCK}.url`,
    remedy: "correct the template",
  });
}

function statusError(response: HttpResponse, remoteKey: string, nowMs: number, isNtlm: boolean): SyncError {
  const { status } = response;
  const what = `the webhook answered for "${remoteKey}" with HTTP ${status}`;
  if (status === 404)
    return new SecretNotFound(`secret "${remoteKey}" is not at the webhook (HTTP 404)`, { remoteKey });
  if (status === 401 || status === 403) {
    const places = isNtlm ? `${BLOCK}.auth.ntlm` : `${BLOCK}.headers, url and body`;
    const remedy = `check the credentials in ${places}, and what they may read`;
    return new AccessDenied(what, { remoteKey, remedy });
  }
  if (status === 304) {
    // It answers a condition that the store must not send: no value is kept that could serve again.
    return new InvalidConfiguration(what, {
      remoteKey,
      field: `${BLOCK}.headers`,
      remedy: "remove If-None-Match and its like",
    });
  }
  if (status === 408 || status === 425 || status === 429 || status >= 500) {
    const retryAfterMs = parseRetryAfter(response.headers["retry-after"], nowMs);
    return new Transient(what, { remoteKey, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) });
  }
  return new InvalidConfiguration(what, { remoteKey, field: BLOCK, remedy: "correct url, method, headers or body" });
}
