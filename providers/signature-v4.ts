/** AWS Signature Version 4 of a request that another sends. */
import { createHash, createHmac } from "node:crypto";

/** A key pair of AWS, and the session's token where it is temporary. */
export interface SigningKeys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** A request to sign. Header names are in lower case. */
export interface RequestToSign {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly region: string;
  /** As IAM names it: `sts`. */
  readonly service: string;
  readonly nowMs: number;
}

const ALGORITHM = "AWS4-HMAC-SHA256";

/** All headers to send: those given, `host`, the date, the session's token, and `authorization`, which signs them all. */
export function signedHeaders(request: RequestToSign, credentials: SigningKeys): Record<string, string> {
  const time = new Date(request.nowMs).toISOString().replace(/[-:]|\.\d+/g, "");
  const headers: Record<string, string> = {
    ...request.headers,
    host: request.url.host,
    "x-amz-date": time,
    ...(credentials.sessionToken === undefined ? {} : { "x-amz-security-token": credentials.sessionToken }),
  };
  const names = Object.keys(headers).sort();
  const scope = [time.slice(0, 8), request.region, request.service, "aws4_request"];
  const canonical = [
    request.method,
    request.url.pathname,
    canonicalQuery(request.url),
    ...names.map((name) => `${name}:${headers[name]?.trim().replace(/\s+/g, " ")}`),
    "",
    names.join(";"),
    sha256(request.body),
  ].join("\n");
  const text = [ALGORITHM, time, scope.join("/"), sha256(canonical)].join("\n");
  const key = scope.reduce<string | Buffer>((secret, part) => hmac(secret, part), `AWS4${credentials.secretAccessKey}`);
  const credential = `${credentials.accessKeyId}/${scope.join("/")}`;
  const signature = hmac(key, text).toString("hex");
  const authorization = `${ALGORITHM} Credential=${credential}, SignedHeaders=${names.join(";")}, Signature=${signature}`;
  return { ...headers, authorization };
}

function canonicalQuery(url: URL): string {
  const pairs = [...url.searchParams].map(([name, value]) => `${encode(name)}=${encode(value)}`);
  return pairs.sort().join("&");
}

/** RFC 3986: `encodeURIComponent` leaves five more characters as they are than AWS does. */
function encode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac("sha256", key).update(text).digest();
}
