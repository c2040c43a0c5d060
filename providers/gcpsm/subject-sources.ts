/** Where a credential configuration takes the subject token from: a file, a URL, or AWS. */
import { readFile, realpath, stat } from "node:fs/promises";
import path from "node:path";
import { InvalidConfiguration, type SyncError, type SyncErrorDetails, Transient } from "../errors.ts";
import { awsEnvironmentSource } from "./aws-environment.ts";
import type { ConfigurationOrigin } from "./credential-configuration.ts";
import { type GoogleFailure, objectIn, objectOf } from "./google-failure.ts";

type JsonObject = Readonly<Record<string, unknown>>;

/** What the sources need to know of the file. */
export interface SourceOrigin extends ConfigurationOrigin {
  readonly audience: string;
}

/** Gives a subject token. */
export type SubjectSource = (signal: AbortSignal) => Promise<string>;

const MAX_TOKEN_BYTES = 64 * 1024;
/** The controller's own token is worth more than any tenant's; */
const OWN_TOKEN = /\/run\/secrets\/kubernetes\.io\/serviceaccount(?:\/|$)/;
/** and so are those that it has for other clouds, which a SecretStore may not use. */
const OWN_TOKENS = /\/run\/secrets(?:\/|$)/;

/** @throws InvalidConfiguration where the source is of no kind that is allowed here. */
export function subjectSourceOf(source: JsonObject, origin: SourceOrigin): SubjectSource {
  const { field, tenant } = origin;
  const text = (name: string) => (typeof source[name] === "string" && source[name] !== "" ? source[name] : undefined);
  if (source.executable) throw refused(field, "credential_source.executable is not allowed");
  const [file, url] = [text("file"), text("url")];
  const environmentId = text("environment_id");
  if (environmentId !== undefined) {
    if (environmentId.toLowerCase() === "aws1") return awsEnvironmentSource(source, origin);
    throw refused(field, "credential_source.environment_id is not aws1");
  }
  if (tenant !== undefined && (url ?? "") !== tenant.externalTokenEndpoint) {
    throw refused(field, "credential_source.url is not the externalTokenEndpoint of the store");
  }
  const format = objectOf(source.format);
  if (url !== undefined) return urlSource(url, source, format, origin);
  if (file !== undefined) return fileSource(file, format, origin);
  throw refused(field, "credential_source names neither file, url nor environment_id");
}

function urlSource(
  url: string,
  source: JsonObject,
  format: JsonObject | undefined,
  { tools, field }: SourceOrigin,
): SubjectSource {
  const headers = Object.entries(objectOf(source.headers) ?? {}).filter(
    (header): header is [string, string] => typeof header[1] === "string",
  );
  const address = URL.parse(url);
  if (address === null) throw refused(field, "credential_source.url is no URL");
  const call = {
    service: "the external token endpoint",
    method: "GET",
    url: address.origin + address.pathname,
    query: Object.fromEntries(address.searchParams),
    headers: Object.fromEntries(headers),
    field,
    subject: "a subject token",
    errorOf: (failure: GoogleFailure, details: SyncErrorDetails): SyncError =>
      new Transient(`the external token endpoint gives no token (HTTP ${failure.status})`, { ...details, field }),
  } as const;
  return async (signal) => tokenIn((await tools.http.call(call, signal)).body, format, field);
}

function fileSource(file: string, format: JsonObject | undefined, origin: SourceOrigin): SubjectSource {
  const { field, tenant } = origin;
  return async (signal) => {
    const own = tenant?.isNamespaced ? OWN_TOKENS : OWN_TOKEN;
    if (tenant !== undefined && (await pathsOf(file)).some((written) => own.test(written))) {
      throw refused(field, "credential_source.file is the controller's own token; use serviceAccountRef");
    }
    try {
      const { size } = await stat(file);
      if (size <= MAX_TOKEN_BYTES) return tokenIn(await readFile(file, { signal }), format, field);
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof InvalidConfiguration) throw error;
    }
    throw refused(field, "credential_source.file cannot be read by the controller, or is too large");
  };
}

/** As it is written, and with links resolved. */
async function pathsOf(file: string): Promise<readonly string[]> {
  const written = path.resolve(file);
  try {
    return [written, await realpath(written)];
  } catch {
    // Reading it says what is wrong with it.
    return [written];
  }
}

function tokenIn(bytes: Uint8Array, format: JsonObject | undefined, field: string): string {
  const name = format?.subject_token_field_name;
  const isJson = format?.type === "json";
  const token = isJson ? objectIn(bytes)?.[String(name)] : new TextDecoder().decode(bytes).trim();
  if (typeof token === "string" && token !== "") return token;
  throw refused(field, "its credential_source gives no token of the configured format");
}

function refused(field: string, defect: string): InvalidConfiguration {
  return new InvalidConfiguration(`invalid external_account config of ${field}: ${defect}`, {
    field,
    remedy: "correct the credential configuration",
  });
}
