/** A request to the fake API server, taken apart, and the answers that all of its routes use. */
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http";
import type { Http2ServerRequest, Http2ServerResponse } from "node:http2";

export type FakeIncoming = IncomingMessage | Http2ServerRequest;
export type FakeOutgoing = ServerResponse | Http2ServerResponse;

export interface FakeRequest {
  /** RBAC's verb. */
  readonly verb: "get" | "list" | "watch" | "create" | "update" | "patch" | "delete";
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  /** Parsed JSON; `undefined` where there is none. */
  readonly body: unknown;
  /** `2.0` or `1.1`. */
  readonly httpVersion: string;
  /** `/api/v1/secrets`: the cluster-wide collection. */
  readonly collection: string;
  readonly plural: string;
  readonly namespace: string | undefined;
  readonly name: string | undefined;
  readonly subresource: string | undefined;
}

/** Reads the request whole. */
export async function readRequest(incoming: FakeIncoming): Promise<FakeRequest> {
  const url = new URL(incoming.url ?? "/", "http://fake");
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString("utf8");
  const place = placeOf(url.pathname);
  const isWatch = ["1", "true"].includes(url.searchParams.get("watch") ?? "");
  const method = incoming.method ?? "GET";
  return {
    verb: verbOf(method, isWatch, place.name !== undefined),
    method,
    path: url.pathname,
    query: url.searchParams,
    headers: incoming.headers,
    body: text === "" ? undefined : JSON.parse(text),
    httpVersion: incoming.httpVersion,
    ...place,
  };
}

function placeOf(path: string) {
  const steps = path.split("/").filter(Boolean).map(decodeURIComponent);
  const root = steps.splice(0, steps[0] === "api" ? 2 : 3);
  const namespace = steps[0] === "namespaces" && steps.length >= 3 ? steps[1] : undefined;
  if (namespace !== undefined) steps.splice(0, 2);
  const [plural = "", name, subresource] = steps;
  return { collection: `/${[...root, plural].join("/")}`, plural, namespace, name, subresource };
}

function verbOf(method: string, isWatch: boolean, isNamed: boolean): FakeRequest["verb"] {
  if (isWatch) return "watch";
  if (method === "GET") return isNamed ? "get" : "list";
  if (method === "POST") return "create";
  if (method === "PUT") return "update";
  return method === "PATCH" ? "patch" : "delete";
}

/** The fields of a `Status` answer. */
export interface FakeStatus {
  readonly status: number;
  readonly reason: string;
  readonly message?: string;
  readonly retryAfterSeconds?: number;
  readonly causes?: readonly { readonly reason?: string; readonly message?: string; readonly field?: string }[];
}

/** What a route throws to refuse. */
export class Refusal extends Error {
  readonly status: FakeStatus;
  constructor(status: FakeStatus) {
    super(status.reason);
    this.status = status;
  }
}

/** The `Status` object, as errors and ERROR events carry it. */
export function statusObject(status: FakeStatus): object {
  const { retryAfterSeconds, causes } = status;
  const details = { ...(retryAfterSeconds ? { retryAfterSeconds } : {}), ...(causes ? { causes } : {}) };
  return {
    apiVersion: "v1",
    kind: "Status",
    status: "Failure",
    code: status.status,
    reason: status.reason,
    message: status.message ?? `the fake says ${status.reason}`,
    details,
  };
}

export function answerStatus(outgoing: FakeOutgoing, status: FakeStatus): void {
  const headers = status.retryAfterSeconds === undefined ? {} : { "retry-after": String(status.retryAfterSeconds) };
  answerJson(outgoing, status.status, statusObject(status), headers);
}

export function answerJson(outgoing: FakeOutgoing, status: number, body: object, headers: Record<string, string> = {}) {
  // The compatibility API of node:http2 has the same methods, yet not the same type.
  const response = outgoing as ServerResponse;
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(JSON.stringify(body));
}
