/** Requests to the Google emulator and its answers, and the errors in the forms that Google's services have. */
import type { IncomingMessage, ServerResponse } from "node:http";

/** One request, read whole. */
export interface GoogleRequest {
  readonly method: string;
  /** Decoded, with the slash at its start. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

/** One answer: a string is sent as text, anything else as JSON. */
export interface GoogleAnswer {
  /** Default 200. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** Ends the handling of a request with this answer. */
export class GoogleFault extends Error {
  readonly answer: GoogleAnswer;

  constructor(answer: GoogleAnswer) {
    super(`HTTP ${answer.status}`);
    this.answer = answer;
  }
}

const STATUS = {
  INVALID_ARGUMENT: 400,
  FAILED_PRECONDITION: 400,
  UNAUTHENTICATED: 401,
  PERMISSION_DENIED: 403,
  NOT_FOUND: 404,
  ALREADY_EXISTS: 409,
} as const;

/** An error as Google's APIs write it; `info` becomes its ErrorInfo. */
export function apiFault(
  code: keyof typeof STATUS,
  message: string,
  info?: { readonly reason: string; readonly metadata?: Readonly<Record<string, string>> },
): GoogleFault {
  const status = STATUS[code];
  const details =
    info === undefined
      ? {}
      : { details: [{ "@type": "type.googleapis.com/google.rpc.ErrorInfo", domain: "googleapis.com", ...info }] };
  return new GoogleFault({ status, body: { error: { code: status, message, status: code, ...details } } });
}

/** An error as the token endpoints write it. */
export function oauthFault(error: string, description: string, status = 400): GoogleFault {
  return new GoogleFault({ status, body: { error, error_description: description } });
}

export async function readGoogleRequest(message: IncomingMessage): Promise<GoogleRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of message as AsyncIterable<Buffer>) chunks.push(chunk);
  const url = new URL(message.url ?? "/", "http://localhost");
  return {
    method: message.method ?? "GET",
    path: decodeURIComponent(url.pathname),
    query: url.searchParams,
    headers: message.headers,
    body: Buffer.concat(chunks).toString("utf8"),
  };
}

export function writeGoogleAnswer(response: ServerResponse, { status = 200, headers, body }: GoogleAnswer): void {
  const isText = typeof body === "string";
  response.writeHead(status, { "content-type": isText ? "application/text" : "application/json", ...headers });
  response.end(isText ? body : JSON.stringify(body));
}

/** The parameters of a token request: a form, or JSON. */
export function parametersOf({ headers, body }: GoogleRequest): URLSearchParams {
  if (!headers["content-type"]?.startsWith("application/json")) return new URLSearchParams(body);
  return new URLSearchParams(JSON.parse(body) as Record<string, string>);
}
