/** An AWS identity as a subject token: a signed GetCallerIdentity request, which Google sends on to AWS. */
import { createHash, createHmac } from "node:crypto";

export interface AwsSubject {
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  /** Address of AWS's STS; `{region}` stands for the region. Default: the region's own. */
  readonly verificationUrl?: string;
}

const DEFAULT_URL = "https://sts.{region}.amazonaws.com?Action=GetCallerIdentity&Version=2011-06-15";
const ALGORITHM = "AWS4-HMAC-SHA256";

/** The request, signed for the workload identity provider alone, as Google wants it: JSON, percent-encoded. */
export function awsSubjectToken(subject: AwsSubject, audience: string, nowMs: number): string {
  const url = new URL((subject.verificationUrl ?? DEFAULT_URL).replaceAll("{region}", subject.region));
  const time = new Date(nowMs).toISOString().replace(/[-:]|\.\d+/g, "");
  const headers: Record<string, string> = {
    host: url.host,
    "x-amz-date": time,
    ...(subject.sessionToken === undefined ? {} : { "x-amz-security-token": subject.sessionToken }),
    "x-goog-cloud-target-resource": audience,
  };
  const signed = { ...headers, authorization: authorizationOf(subject, url, headers, time) };
  const request = {
    url: url.href,
    method: "POST",
    headers: Object.entries(signed).map(([key, value]) => ({ key, value })),
  };
  return encodeURIComponent(JSON.stringify(request));
}

/** Signature version 4 of a request without a body; the headers are in order. */
function authorizationOf(
  { region, accessKeyId, secretAccessKey }: AwsSubject,
  url: URL,
  headers: Readonly<Record<string, string>>,
  time: string,
): string {
  const names = Object.keys(headers).join(";");
  const canonicalHeaders = Object.entries(headers).map(([name, value]) => `${name}:${value.trim()}\n`);
  const query = [...url.searchParams].map(([name, value]) => `${encode(name)}=${encode(value)}`).sort();
  const canonical = ["POST", url.pathname, query.join("&"), canonicalHeaders.join(""), names, sha256("")].join("\n");
  const scope = [time.slice(0, 8), region, "sts", "aws4_request"];
  const text = [ALGORITHM, time, scope.join("/"), sha256(canonical)].join("\n");
  const key = scope.reduce<string | Buffer>((secret, part) => hmac(secret, part), `AWS4${secretAccessKey}`);
  const signature = hmac(key, text).toString("hex");
  return `${ALGORITHM} Credential=${accessKeyId}/${scope.join("/")}, SignedHeaders=${names}, Signature=${signature}`;
}

function encode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac("sha256", key).update(text).digest();
}
