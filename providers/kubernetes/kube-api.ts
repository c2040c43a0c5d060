/** The calls to the API server that the backend needs, as the store's identity. */
import { AccessDenied, SecretNotFound } from "../errors.ts";
import type { HttpClient, HttpResponse } from "../http-client.ts";
import { type RetryPolicy, type RetrySurroundings, withRetries } from "../retry.ts";
import type { Credentials } from "./credentials.ts";
import { type KubeCaller, type KubeSubject, kubeError, notKubernetes } from "./kube-error.ts";
import type { KubeSecret } from "./secret-object.ts";

/** One page of a list. */
export interface SecretPage {
  readonly items: readonly KubeSecret[];
  /** The token of the next page; undefined after the last. */
  readonly next: string | undefined;
}

export interface KubeApi {
  readonly caller: KubeCaller;
  /** @throws SecretNotFound; InvalidConfiguration where the whole namespace is missing, as far as we may see that. */
  getSecret(namespace: string, name: string, signal: AbortSignal): Promise<KubeSecret>;
  /** Undefined where the token of the page has expired: the list begins anew then. */
  listSecrets(namespace: string, query: SecretQuery, signal: AbortSignal): Promise<SecretPage | undefined>;
  /** @throws InvalidConfiguration where there is no such namespace; may it not be seen, it counts as there. */
  requireNamespace(namespace: string, signal: AbortSignal): Promise<void>;
  createSecret(namespace: string, secret: KubeSecret, signal: AbortSignal): Promise<void>;
  /** @throws Transient where it has been changed since it was read. */
  replaceSecret(namespace: string, secret: KubeSecret, signal: AbortSignal): Promise<void>;
  /** Absent is no error. @throws Transient where it has been changed since it was read. */
  deleteSecret(namespace: string, secret: KubeSecret, signal: AbortSignal): Promise<void>;
  /** Creates one of the `SelfSubject…Review`s; its `status`. */
  review(resource: string, kind: string, spec: unknown, signal: AbortSignal): Promise<unknown>;
  close(): void;
}

export interface SecretQuery {
  readonly labelSelector: string;
  /** Secrets in one page. */
  readonly limit: number;
  readonly next: string | undefined;
}

export interface KubeApiOptions extends RetrySurroundings {
  readonly http: HttpClient;
  readonly credentials: Credentials;
  readonly caller: KubeCaller;
  readonly retry: RetryPolicy;
}

interface Call {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly subject: KubeSubject;
  /** Kinds that a success may be of. */
  readonly kinds: readonly string[];
}

const EXPIRED = 410;
const AUTHORIZATION = "authorization.k8s.io";

export function createKubeApi(options: KubeApiOptions): KubeApi {
  const { caller } = options;
  const send = (call: Call, signal: AbortSignal) => sendCall(options, call, signal);
  const requireNamespace = async (namespace: string, signal: AbortSignal) => {
    const subject = { verb: "get", resource: "namespaces", group: "", name: namespace } as const;
    try {
      await send({ method: "GET", path: `api/v1/namespaces/${namespace}`, subject, kinds: ["Namespace"] }, signal);
    } catch (error) {
      // To see the namespace is more than the store needs; what it may not see is not known to be missing.
      if (!(error instanceof AccessDenied)) throw error;
    }
  };
  return {
    caller,
    requireNamespace,
    async getSecret(namespace, name, signal) {
      try {
        return secretIn(await send(secretCall("get", namespace, name), signal));
      } catch (error) {
        // For a Secret in a namespace that does not exist, the API server answers the same.
        if (error instanceof SecretNotFound) await requireNamespace(namespace, signal);
        throw error;
      }
    },
    async listSecrets(namespace, query, signal) {
      return pageIn(await send(listCall(namespace, query), signal));
    },
    async createSecret(namespace, secret, signal) {
      const call = secretCall("create", namespace, secret.metadata.name);
      await send({ ...call, path: `api/v1/namespaces/${namespace}/secrets`, body: manifestOf(secret) }, signal);
    },
    async replaceSecret(namespace, secret, signal) {
      await send({ ...secretCall("update", namespace, secret.metadata.name), body: manifestOf(secret) }, signal);
    },
    async deleteSecret(namespace, { metadata }, signal) {
      const { uid, resourceVersion } = metadata;
      const body = { apiVersion: "v1", kind: "DeleteOptions", preconditions: { uid, resourceVersion } };
      try {
        await send({ ...secretCall("delete", namespace, metadata.name), body }, signal);
      } catch (error) {
        if (!(error instanceof SecretNotFound)) throw error;
      }
    },
    async review(resource, kind, spec, signal) {
      const subject = { verb: "create", resource, group: AUTHORIZATION } as const;
      const body = { apiVersion: `${AUTHORIZATION}/v1`, kind, spec };
      const path = `apis/${AUTHORIZATION}/v1/${resource}`;
      return fieldOf(await send({ method: "POST", path, body, subject, kinds: [kind] }, signal), "status");
    },
    close: () => options.http.close(),
  };
}

const METHODS = { get: "GET", create: "POST", update: "PUT", delete: "DELETE" } as const;

function secretCall(verb: keyof typeof METHODS, namespace: string, name: string): Call {
  return {
    method: METHODS[verb],
    path: `api/v1/namespaces/${namespace}/secrets/${name}`,
    subject: { verb, resource: "secrets", group: "", namespace, name },
    kinds: verb === "delete" ? ["Status", "Secret"] : ["Secret"],
  };
}

function listCall(namespace: string, { labelSelector, limit, next }: SecretQuery): Call {
  return {
    method: "GET",
    path: `api/v1/namespaces/${namespace}/secrets`,
    query: {
      limit: String(limit),
      ...(labelSelector === "" ? {} : { labelSelector }),
      ...(next === undefined ? {} : { continue: next }),
    },
    subject: { verb: "list", resource: "secrets", group: "", namespace },
    kinds: ["SecretList"],
  };
}

/** A write that was lost on its way may have been done; the next reconciliation sees. Reviews change nothing. */
function sendCall(options: KubeApiOptions, call: Call, signal: AbortSignal): Promise<unknown> {
  const once = () => sendOnce(options, call, signal);
  const isRead = call.method === "GET" || call.subject.group === AUTHORIZATION;
  return isRead ? withRetries(once, options.retry, options, signal) : once();
}

/** The parsed answer; undefined for a page that has expired. */
async function sendOnce(options: KubeApiOptions, call: Call, signal: AbortSignal): Promise<unknown> {
  const { credentials, caller, clock } = options;
  const header = await credentials.current(signal);
  let response = await exchange(options, call, header, signal);
  if (response.status === 401 && header !== undefined) {
    const another = await credentials.replace(header, signal);
    if (another !== undefined) response = await exchange(options, call, another, signal);
  }
  if (response.status === EXPIRED && call.subject.verb === "list") return undefined;
  if (response.status >= 300) throw kubeError(response, call.subject, caller, clock.now());
  const answer = parse(response);
  const kind = fieldOf(answer, "kind");
  if (typeof kind === "string" && call.kinds.includes(kind)) return answer;
  throw notKubernetes(call.subject, caller);
}

function exchange(
  { http }: KubeApiOptions,
  { method, path, query, body }: Call,
  header: string | undefined,
  signal: AbortSignal,
): Promise<HttpResponse> {
  return http.request(
    {
      method,
      path,
      ...(query === undefined ? {} : { query }),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      headers: {
        accept: "application/json",
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...(header === undefined ? {} : { authorization: header }),
      },
    },
    signal,
  );
}

function parse({ body }: HttpResponse): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(body));
  } catch {
    // The parser's message quotes the text; the caller says what is wrong.
    return undefined;
  }
}

function fieldOf(value: unknown, field: string): unknown {
  return typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>)[field] : undefined;
}

function secretIn(answer: unknown): KubeSecret {
  // Its kind has been checked, and the API server's schema is the type.
  return answer as KubeSecret;
}

function pageIn(answer: unknown): SecretPage | undefined {
  if (answer === undefined) return undefined;
  const { items, metadata } = answer as {
    readonly items?: readonly KubeSecret[] | null;
    readonly metadata?: { readonly continue?: string };
  };
  return { items: items ?? [], next: metadata?.continue || undefined };
}

function manifestOf(secret: KubeSecret): unknown {
  return { ...secret, apiVersion: "v1", kind: "Secret" };
}
