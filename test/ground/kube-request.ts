/** One HTTPS request to an API server with a client certificate; for tests and for readiness, not for the product. */
import { request } from "node:https";
import type { CertificatePem } from "./pki.ts";

export interface KubeRequest {
  /** Default GET. */
  readonly method?: string;
  /** With its query. */
  readonly path: string;
  /** Sent as JSON (a string as it is). */
  readonly body?: unknown;
  /** Default `application/json`. */
  readonly contentType?: string;
  /** Milliseconds. Default 10,000. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal | undefined;
}

export interface KubeResponse {
  readonly status: number;
  /** Parsed where it is JSON, else the text. */
  readonly body: unknown;
}

/** @throws when there is no whole answer in time; a status of 400 and more is an answer. */
export function kubeRequest(
  server: string,
  tls: { readonly caPem: string; readonly client: CertificatePem },
  options: KubeRequest,
): Promise<KubeResponse> {
  const timeout = AbortSignal.timeout(options.timeoutMs ?? 10_000);
  const signal = options.signal === undefined ? timeout : AbortSignal.any([options.signal, timeout]);
  const text = typeof options.body === "string" ? options.body : JSON.stringify(options.body);
  return new Promise((resolve, reject) => {
    const outgoing = request(new URL(options.path, server), {
      method: options.method ?? "GET",
      ca: tls.caPem,
      cert: tls.client.certificatePem,
      key: tls.client.privateKeyPem,
      agent: false,
      signal,
      headers: text === undefined ? {} : { "content-type": options.contentType ?? "application/json" },
    });
    const fail = (error: Error) => reject(signal.aborted ? signal.reason : error);
    outgoing.on("error", fail);
    outgoing.on("response", (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
      incoming.on("error", fail);
      incoming.on("end", () => {
        const answer = Buffer.concat(chunks).toString("utf8");
        const isJson = incoming.headers["content-type"]?.startsWith("application/json") ?? false;
        resolve({ status: incoming.statusCode ?? 0, body: isJson ? JSON.parse(answer) : answer });
      });
    });
    outgoing.end(text);
  });
}
