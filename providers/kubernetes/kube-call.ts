/** Single calls to the API server as the store's identity: a refused token is replaced once, and reads are repeated. */
import type { HttpClient, HttpResponse } from "../http-client.ts";
import { type ObserveCall, observed } from "../observed-call.ts";
import { type RetryPolicy, type RetrySurroundings, withRetries } from "../retry.ts";
import type { Credentials } from "./credentials.ts";
import { type KubeCaller, type KubeSubject, kubeError, notKubernetes } from "./kube-error.ts";

/** What all calls of one store share. */
export interface KubeCallOptions extends RetrySurroundings {
  readonly http: HttpClient;
  readonly credentials: Credentials;
  readonly caller: KubeCaller;
  readonly retry: RetryPolicy;
  readonly observeCall: ObserveCall;
}

/** One call. */
export interface KubeCall {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly subject: KubeSubject;
  /** Kinds that a success may be of. */
  readonly kinds: readonly string[];
}

const EXPIRED = 410;

/** The API group of the reviews, which are created and change nothing. */
export const AUTHORIZATION = "authorization.k8s.io";

/**
 * The answer, parsed and of one of the call's kinds; undefined for a page of a list that has expired. A write is not repeated:
 * it may have been done when its answer was lost, and the next reconciliation sees.
 * @throws SyncError
 */
export function sendCall(options: KubeCallOptions, call: KubeCall, signal: AbortSignal): Promise<unknown> {
  const name = { provider: "Kubernetes", call: callName(call.subject) };
  const once = () => observed(options.observeCall, name, () => sendOnce(options, call, signal));
  const isRead = call.method === "GET" || call.subject.group === AUTHORIZATION;
  return isRead ? withRetries(once, options.retry, options, signal) : once();
}

const OBJECTS: Readonly<Record<string, string>> = {
  secrets: "Secret",
  namespaces: "Namespace",
  selfsubjectrulesreviews: "SelfSubjectRulesReview",
  selfsubjectaccessreviews: "SelfSubjectAccessReview",
};

/** `GetSecret`, `ListSecrets`, `CreateSelfSubjectRulesReview`. */
function callName({ verb, resource }: KubeSubject): string {
  const action = `${verb.charAt(0).toUpperCase()}${verb.slice(1)}`;
  return `${action}${OBJECTS[resource] ?? resource}${verb === "list" ? "s" : ""}`;
}

async function sendOnce(options: KubeCallOptions, call: KubeCall, signal: AbortSignal): Promise<unknown> {
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
  { http }: KubeCallOptions,
  { method, path, query, body }: KubeCall,
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

/** A member of what may be an object. */
export function fieldOf(value: unknown, field: string): unknown {
  return typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>)[field] : undefined;
}
