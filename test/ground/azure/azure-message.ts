/** Requests to the Azure emulator and its answers, and the errors in the forms that Entra ID and Key Vault have. */
import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";

/** One request, read whole. */
export interface AzureRequest {
  readonly method: string;
  /** Decoded, without empty ones. */
  readonly segments: readonly string[];
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
  /** Scheme, host and port as the client has them. */
  readonly origin: string;
}

/** One answer; the body is sent as JSON. */
export interface AzureAnswer {
  /** Default 200. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** Ends the handling of a request with this answer. */
export class AzureFault extends Error {
  readonly answer: AzureAnswer;

  constructor(answer: AzureAnswer) {
    super(`HTTP ${answer.status}`);
    this.answer = answer;
  }
}

/** An error as Key Vault writes it. */
export function vaultFault(status: number, code: string, message: string, innerCode?: string): AzureFault {
  const innererror = innerCode === undefined ? {} : { innererror: { code: innerCode } };
  return new AzureFault({ status, body: { error: { code, message, ...innererror } } });
}

/** An error as Entra ID writes it. */
export function entraFault(status: number, error: string, number: number, text: string): AzureFault {
  const trace_id = randomUUID();
  return new AzureFault({
    status,
    body: {
      error,
      error_description: `AADSTS${number}: ${text} Trace ID: ${trace_id}`,
      error_codes: [number],
      trace_id,
    },
  });
}

export async function readAzureRequest(message: IncomingMessage, scheme: "http" | "https"): Promise<AzureRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of message as AsyncIterable<Buffer>) chunks.push(chunk);
  const origin = `${scheme}://${message.headers.host}`;
  const url = new URL(message.url ?? "/", origin);
  return {
    method: message.method ?? "GET",
    segments: url.pathname.split("/").filter(Boolean).map(decodeURIComponent),
    query: url.searchParams,
    headers: message.headers,
    body: Buffer.concat(chunks).toString("utf8"),
    origin,
  };
}

export function writeAzureAnswer(response: ServerResponse, { status = 200, headers, body }: AzureAnswer): void {
  response.writeHead(status, { "content-type": "application/json", "x-ms-request-id": randomUUID(), ...headers });
  response.end(body === undefined ? undefined : JSON.stringify(body));
}
