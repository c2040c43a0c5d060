/** The AWS identity of the machine that the controller runs on, as a subject token. */
import { InvalidConfiguration, type SyncError, type SyncErrorDetails, Transient } from "../errors.ts";
import { type AwsSubject, awsSubjectToken } from "./aws-subject-token.ts";
import { type GoogleFailure, objectIn } from "./google-failure.ts";
import type { SourceOrigin, SubjectSource } from "./subject-sources.ts";

type JsonObject = Readonly<Record<string, unknown>>;

const HOST = /^http:\/\/(?:metadata\.google\.internal|169\.254\.169\.254|\[fd00:ec2::254\])$/;
const PATHS = {
  url: "/latest/meta-data/iam/security-credentials",
  region_url: "/latest/meta-data/placement/availability-zone",
  imdsv2_session_token_url: "/latest/api/token",
} as const;
const SESSION_HEADER = "x-aws-ec2-metadata-token";

/**
 * Keys and region of the environment where they are set, else of the instance metadata, whose addresses the source names.
 * @throws InvalidConfiguration where these are not AWS's own.
 */
export function awsEnvironmentSource(source: JsonObject, origin: SourceOrigin): SubjectSource {
  const { environment, audience, tools, field } = origin;
  for (const name of Object.keys(PATHS) as (keyof typeof PATHS)[]) checkAddress(source, name, field);
  const verificationUrl = source.regional_cred_verification_url;
  return async (signal) => {
    const ask = await metadataReader(source, origin, signal);
    const region = environment.AWS_REGION || environment.AWS_DEFAULT_REGION || (await zoneOf(ask)).slice(0, -1);
    const subject = environmentKeys(environment) ?? (await metadataKeys(ask, field));
    const url = typeof verificationUrl === "string" && verificationUrl !== "" ? { verificationUrl } : {};
    return awsSubjectToken({ region, ...subject, ...url }, audience, tools.clock.now());
  };
}

type Keys = Omit<AwsSubject, "region" | "verificationUrl">;
type Ask = (path: string) => Promise<Uint8Array>;

function checkAddress(source: JsonObject, name: keyof typeof PATHS, field: string): void {
  const value = source[name];
  if (value === undefined || value === "") return;
  const url = typeof value === "string" ? URL.parse(value) : null;
  if (url !== null && HOST.test(url.origin) && url.pathname === PATHS[name] && url.search === "") return;
  throw new InvalidConfiguration(
    `invalid external_account config of ${field}: credential_source.${name} is not that of AWS's instance metadata`,
    { field, remedy: `write http://169.254.169.254${PATHS[name]}` },
  );
}

function environmentKeys(environment: SourceOrigin["environment"]): Keys | undefined {
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = environment;
  if (!accessKeyId || !secretAccessKey) return undefined;
  const sessionToken = environment.AWS_SESSION_TOKEN;
  return { accessKeyId, secretAccessKey, ...(sessionToken ? { sessionToken } : {}) };
}

async function zoneOf(ask: Ask): Promise<string> {
  return new TextDecoder().decode(await ask(PATHS.region_url)).trim();
}

async function metadataKeys(ask: Ask, field: string): Promise<Keys> {
  const role = new TextDecoder().decode(await ask(PATHS.url)).trim();
  const answer = objectIn(await ask(`${PATHS.url}/${encodeURIComponent(role)}`));
  const { AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey, Token: sessionToken } = answer ?? {};
  if (typeof accessKeyId === "string" && typeof secretAccessKey === "string") {
    return { accessKeyId, secretAccessKey, ...(typeof sessionToken === "string" ? { sessionToken } : {}) };
  }
  throw new InvalidConfiguration("AWS's instance metadata gives no credentials", {
    field,
    remedy: "give the instance a role",
  });
}

/** Asks with a session's token (IMDSv2) where the source names an address for one. */
async function metadataReader(source: JsonObject, origin: SourceOrigin, signal: AbortSignal): Promise<Ask> {
  const { tools, environment, field } = origin;
  const base = environment.AWS_EC2_METADATA_SERVICE_ENDPOINT?.replace(/\/+$/, "") || "http://169.254.169.254";
  const send = async (method: "GET" | "PUT", path: string, headers: Readonly<Record<string, string>>) => {
    const call = {
      service: "AWS's instance metadata",
      method,
      url: base + path,
      headers,
      field,
      isDirect: true,
      subject: "the instance's AWS credentials",
      errorOf: (failure: GoogleFailure, details: SyncErrorDetails): SyncError =>
        new Transient(`AWS's instance metadata answers HTTP ${failure.status}`, { ...details, field }),
    } as const;
    return (await tools.http.call(call, signal)).body;
  };
  let session: string | undefined;
  return async (path) => {
    if (source.imdsv2_session_token_url) {
      const ttl = { "x-aws-ec2-metadata-token-ttl-seconds": "300" };
      session ??= new TextDecoder().decode(await send("PUT", PATHS.imdsv2_session_token_url, ttl)).trim();
    }
    return send("GET", path, session === undefined ? {} : { [SESSION_HEADER]: session });
  };
}
