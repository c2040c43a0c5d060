/** Checks the Signature Version 4 of a request, as AWS specifies it for everything but S3. */
import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import type { AwsRequest } from "../aws-message.ts";

/** What the Authorization header says. */
export interface SignatureClaims {
  readonly accessKeyId: string;
  /** `YYYYMMDD` of the credential scope. */
  readonly date: string;
  readonly region: string;
  readonly service: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
}

const AUTHORIZATION =
  /^AWS4-HMAC-SHA256 Credential=([^/,]+)\/(\d{8})\/([^/,]+)\/([^/,]+)\/aws4_request,\s*SignedHeaders=([^,]+),\s*Signature=([0-9a-f]{64})$/;

/** The claims of a request, or `undefined` where it is not signed (or not in this way). */
export function readSignatureClaims(request: AwsRequest): SignatureClaims | undefined {
  const match = AUTHORIZATION.exec(request.headers.authorization ?? "");
  if (match === null) return undefined;
  const [, accessKeyId = "", date = "", region = "", service = "", headers = "", signature = ""] = match;
  return { accessKeyId, date, region, service, signedHeaders: headers.split(";"), signature };
}

/** Whether the request was signed with this secret key, over these very headers and this very body. */
export function signatureMatches(request: AwsRequest, claims: SignatureClaims, secretAccessKey: string): boolean {
  const timestamp = request.headers["x-amz-date"];
  if (typeof timestamp !== "string" || !timestamp.startsWith(claims.date)) return false;
  const scope = `${claims.date}/${claims.region}/${claims.service}/aws4_request`;
  const stringToSign = ["AWS4-HMAC-SHA256", timestamp, scope, sha256(canonicalRequest(request, claims))].join("\n");
  let key: Buffer = Buffer.from(`AWS4${secretAccessKey}`, "utf8");
  for (const part of [claims.date, claims.region, claims.service, "aws4_request"]) key = hmac(key, part);
  return timingSafeEqual(hmac(key, stringToSign), Buffer.from(claims.signature, "hex"));
}

/** Milliseconds since the epoch of an `x-amz-date` (`20250101T000000Z`); NaN where it is none. */
export function parseAmzDate(text: string | readonly string[] | undefined): number {
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(typeof text === "string" ? text : "");
  if (match === null) return Number.NaN;
  const [, year, month, day, hour, minute, second] = match.map(Number);
  return Date.UTC(year ?? 0, (month ?? 1) - 1, day, hour, minute, second);
}

function canonicalRequest(request: AwsRequest, claims: SignatureClaims): string {
  const url = new URL(request.target, "http://localhost");
  const path = url.pathname.split("/").map(encode).join("/");
  const query = [...url.searchParams]
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .sort()
    .join("&");
  const headers = claims.signedHeaders.map((name) => {
    const value = request.headers[name];
    const text = Array.isArray(value) ? value.join(",") : (value ?? "");
    return `${name}:${text.trim().replace(/\s+/g, " ")}\n`;
  });
  return [request.method, path, query, headers.join(""), claims.signedHeaders.join(";"), sha256(request.body)].join(
    "\n",
  );
}

/** RFC 3986: `encodeURIComponent` leaves five more characters as they are than AWS does. */
function encode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
}

function sha256(data: string | Buffer): string {
  return createHash("sha256").update(data).digest("hex");
}

function hmac(key: Buffer, data: string): Buffer {
  return createHmac("sha256", key).update(data, "utf8").digest();
}
