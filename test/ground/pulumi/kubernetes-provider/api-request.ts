/** One request to a Kubernetes API server. */
import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from "node:http";
import { Agent, request } from "node:https";
import type { ClusterAccess } from "./kube-config.ts";
import { isList, isProperties, type Properties, propertiesAt, stringAt, type Value } from "./property-values.ts";

const REQUEST_TIMEOUT_MS = 60_000;

export interface ApiRequest {
  readonly method: "GET" | "POST" | "PATCH" | "DELETE";
  /** With its query. */
  readonly path: string;
  readonly body?: Value;
  /** "application/json" by default. */
  readonly contentType?: string;
  /** At most, for the answer; 60 s by default. */
  readonly timeoutMs?: number;
}

/** What the API server answered when it refused. */
export class ApiError extends Error {
  readonly status: number;
  readonly reason: string;
  /** The kind that the answer speaks about, such as "namespaces"; "" when it names none. */
  readonly subject: string;

  constructor(status: number, answer: Properties) {
    const causes = propertiesAt(answer, "details").causes;
    const detail = isList(causes) ? causes.map((cause) => (isProperties(cause) ? stringAt(cause, "message") : "")) : [];
    const message = stringAt(answer, "message") || `the API server answered ${status}`;
    super(detail.length > 1 ? `${message} (${detail.join("; ")})` : message);
    this.name = "ApiError";
    this.status = status;
    this.reason = stringAt(answer, "reason");
    this.subject = stringAt(propertiesAt(answer, "details"), "kind");
  }
}

export interface ApiConnection {
  /** Resolves with the answer. @throws ApiError when the server refuses, the socket's error when it is not reached. */
  send(request: ApiRequest): Promise<Properties>;
  close(): void;
}

export function connectApiServer(access: ClusterAccess): ApiConnection {
  const secure = access.server.protocol === "https:";
  const pool = { keepAlive: true, maxSockets: 32 };
  const { ca, cert, key, insecure, serverName } = access;
  const agent = secure
    ? new Agent({
        ...pool,
        ca,
        cert,
        key,
        rejectUnauthorized: !insecure,
        ...(serverName && { servername: serverName }),
      })
    : new HttpAgent(pool);
  const basePath = access.server.pathname.replace(/\/$/, "");
  return {
    close: () => agent.destroy(),
    send: ({ method, path, body, contentType = "application/json", timeoutMs = REQUEST_TIMEOUT_MS }) =>
      new Promise((resolve, reject) => {
        const payload = body === undefined ? undefined : Buffer.from(JSON.stringify(body));
        const token = access.token();
        const headers = {
          accept: "application/json",
          ...(payload && { "content-type": contentType, "content-length": payload.length }),
          ...(token && { authorization: `Bearer ${token}` }),
        };
        const start = secure ? request : httpRequest;
        const url = new URL(basePath + path, access.server);
        const outgoing = start(url, { method, headers, agent, signal: AbortSignal.timeout(timeoutMs) }, (response) => {
          readAnswer(response).then(resolve, reject);
        });
        outgoing.once("error", reject);
        outgoing.end(payload);
      }),
  };
}

async function readAnswer(response: IncomingMessage): Promise<Properties> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk);
  const status = response.statusCode ?? 0;
  const answer = parseAnswer(Buffer.concat(chunks).toString("utf8"));
  if (status >= 200 && status < 300) return answer;
  throw new ApiError(status, answer);
}

function parseAnswer(text: string): Properties {
  try {
    const answer: Value = JSON.parse(text);
    return isProperties(answer) ? answer : {};
  } catch {
    return { message: text.slice(0, 200) };
  }
}
