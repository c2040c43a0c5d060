/** What went wrong below HTTP, as our error classes. */
import { InvalidConfiguration, type SyncError, Transient } from "./errors.ts";

/** Who was called, for the message. */
export interface CalledServer {
  /** As messages name it: "Vault". */
  readonly backend: string;
  readonly baseUrl: string;
  /** The field that holds `baseUrl`. */
  readonly serverField: string;
  readonly timeoutMs: number;
  /** What to do about a certificate that is not trusted, where the store has no field for it. Default: set `caBundle`. */
  readonly untrustedRemedy?: string;
}

const MEANINGS: Readonly<Record<string, string>> = {
  ECONNREFUSED: "connection refused",
  ECONNRESET: "connection lost",
  EPIPE: "connection lost",
  ENOTFOUND: "no such host",
  EAI_AGAIN: "name resolution failed",
  EHOSTUNREACH: "host unreachable",
  ENETUNREACH: "network unreachable",
  ERR_PROXY_TUNNEL: "the proxy of HTTPS_PROXY opens no connection to it",
  ETIMEDOUT: "timed out",
};

/** OpenSSL's verdicts on a server's certificate, as Node passes them on. */
const CERTIFICATE =
  /^(?:CERT_|CRL_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|ERR_TLS_CERT_|INVALID_CA$|INVALID_PURPOSE$|HOSTNAME_MISMATCH$)/;

/** Whether the code (Node's) says that a server's certificate cannot be trusted. */
export function isCertificateCode(code: string): boolean {
  return CERTIFICATE.test(code);
}

/**
 * A failed connection: a certificate that cannot be trusted or a TLS handshake that fails is InvalidConfiguration, all else
 * Transient. The cause holds the code alone, since Node's errors may hold more than is fit to be shown.
 */
export function failedConnection(error: unknown, server: CalledServer): SyncError {
  const code = codeOf(error);
  const { origin } = URL.parse(server.baseUrl) ?? { origin: server.serverField };
  const cause = Object.assign(new Error(code), { code });
  const subject = `${server.backend} at ${origin}`;
  if (CERTIFICATE.test(code)) {
    return new InvalidConfiguration(`the certificate of ${subject} is not trusted: ${code}`, {
      cause,
      field:
        server.untrustedRemedy === undefined ? server.serverField.replace(/[^.]*$/, "caBundle") : server.serverField,
      remedy: server.untrustedRemedy ?? "put the certificate of its authority into caBundle or caProvider",
    });
  }
  if (code.startsWith("ERR_SSL_") || code === "EPROTO") {
    return new InvalidConfiguration(`no TLS connection to ${subject}: ${code}`, {
      cause,
      field: server.serverField,
      remedy: "check that the address begins with the right scheme, and the client certificate where one is asked for",
    });
  }
  return new Transient(`${subject} cannot be reached: ${MEANINGS[code] ?? "connection failed"} (${code})`, { cause });
}

/** No answer within the limit of one call. */
export function timedOut(server: CalledServer): SyncError {
  const { origin } = URL.parse(server.baseUrl) ?? { origin: server.serverField };
  const cause = Object.assign(new Error("ETIMEDOUT"), { code: "ETIMEDOUT" });
  return new Transient(`${server.backend} at ${origin} did not answer within ${server.timeoutMs} ms`, { cause });
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return "UNKNOWN";
  if ("code" in error && typeof error.code === "string") return error.code;
  // Several addresses were tried, and each failed.
  if (error instanceof AggregateError) return codeOf(error.errors[0]);
  return "UNKNOWN";
}
