/** Requests and answers of AWS's two protocols (JSON 1.1 and query/XML), as the emulator and the gate see them. */
import { randomUUID } from "node:crypto";
import type { IncomingHttpHeaders, IncomingMessage } from "node:http";

/** One request, read whole. */
export interface AwsRequest {
  readonly method: string;
  /** Path and query, as sent. */
  readonly target: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** `json`: `x-amz-target` names the action (Secrets Manager, SSM). `query`: a form or the query names it (STS, IAM). */
  readonly protocol: "json" | "query";
  /** `GetSecretValue`, `AssumeRole`, …; empty where the request names none. */
  readonly action: string;
}

/** One answer. */
export interface AwsResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** An error as the service words it. */
export class AwsFault extends Error {
  readonly code: string;
  readonly status: number;
  /** Seconds for a `Retry-After` header; unset sends none. */
  readonly retryAfterSeconds: number | undefined;

  constructor(code: string, message: string, status = 400, retryAfterSeconds?: number) {
    super(message);
    this.name = "AwsFault";
    this.code = code;
    this.status = status;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** The largest body that is read; AWS's own limit for these services is far below. */
const MAX_BODY_BYTES = 4 * 1024 * 1024;

/**
 * Reads a request whole and finds out which action it asks for.
 * @throws AwsFault where the body is larger than 4 MiB.
 */
export async function readAwsRequest(message: IncomingMessage): Promise<AwsRequest> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of message) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size > MAX_BODY_BYTES) throw new AwsFault("RequestEntityTooLarge", "The request is too large.", 413);
    chunks.push(bytes);
  }
  const body = Buffer.concat(chunks);
  const amzTarget = message.headers["x-amz-target"];
  const protocol = amzTarget === undefined ? "query" : "json";
  const action =
    typeof amzTarget === "string"
      ? (amzTarget.split(".").pop() ?? "")
      : (new URLSearchParams(body.toString("utf8")).get("Action") ?? queryOf(message).get("Action") ?? "");
  return {
    method: message.method ?? "GET",
    target: message.url ?? "/",
    headers: message.headers,
    body,
    protocol,
    action,
  };
}

function queryOf({ url = "/" }: IncomingMessage): URLSearchParams {
  return new URL(url, "http://localhost").searchParams;
}

/** A successful answer of a JSON 1.1 service. Undefined fields are left out. */
export function jsonResponse(result: object): AwsResponse {
  return encode("json", 200, JSON.stringify(result));
}

/** A successful answer of a query service; `inner` is the XML inside `<…Result>`. */
export function queryResponse(action: string, inner: string): AwsResponse {
  const requestId = randomUUID();
  const xml =
    `<${action}Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><${action}Result>${inner}</${action}Result>` +
    `<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata></${action}Response>`;
  return encode("query", 200, xml, requestId);
}

/** The answer that reports an error, in the protocol of the request. */
export function faultResponse(protocol: AwsRequest["protocol"], fault: AwsFault): AwsResponse {
  const requestId = randomUUID();
  const extra: Record<string, string> =
    fault.retryAfterSeconds === undefined ? {} : { "retry-after": String(fault.retryAfterSeconds) };
  if (protocol === "json") {
    const body = JSON.stringify({ __type: fault.code, Message: fault.message, message: fault.message });
    return encode("json", fault.status, body, requestId, extra);
  }
  const type = fault.status >= 500 ? "Receiver" : "Sender";
  const xml =
    `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>${type}</Type>` +
    `<Code>${escapeXml(fault.code)}</Code><Message>${escapeXml(fault.message)}</Message></Error>` +
    `<RequestId>${requestId}</RequestId></ErrorResponse>`;
  return encode("query", fault.status, xml, requestId, extra);
}

/** Text made safe for an XML element. */
export function escapeXml(text: string): string {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/"/g, "&quot;");
}

function encode(
  protocol: AwsRequest["protocol"],
  status: number,
  text: string,
  requestId: string = randomUUID(),
  extra: Readonly<Record<string, string>> = {},
): AwsResponse {
  const contentType = protocol === "json" ? "application/x-amz-json-1.1" : "text/xml";
  return {
    status,
    headers: { "content-type": contentType, "x-amzn-requestid": requestId, ...extra },
    body: Buffer.from(text, "utf8"),
  };
}
