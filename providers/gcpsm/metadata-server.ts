/** The metadata server of Compute Engine and GKE: tokens of the machine or Pod, and facts about the cluster. */
import { AccessDenied, InvalidConfiguration, type SyncError, type SyncErrorDetails, Transient } from "../errors.ts";
import type { HttpResponse } from "../http-client.ts";
import { type AuthTools, tokenIn } from "./auth-calls.ts";
import { type GoogleFailure, objectIn } from "./google-failure.ts";
import { type GoogleCall, notGoogles } from "./google-http.ts";
import type { GoogleToken } from "./google-token.ts";

const SERVICE = "the metadata server";
const FIELD = "spec.provider.gcpsm.auth";

/**
 * Project, `cluster-name` or `cluster-location`.
 * @throws InvalidConfiguration where the metadata server does not say; Transient where there is none in reach.
 */
export async function readMetadata(
  tools: AuthTools,
  what: "project" | "cluster-name" | "cluster-location",
  field: string,
  signal: AbortSignal,
): Promise<string> {
  const path = what === "project" ? "project/project-id" : `instance/attributes/${what}`;
  const response = await ask(tools, path, what, field, signal);
  const text = new TextDecoder().decode(response.body).trim();
  // It becomes part of addresses and audiences.
  if (/^[\w.:-]{1,128}$/.test(text)) return text;
  throw unknown(what, field);
}

/** A token of the machine's or Pod's own service account. @throws AccessDenied where there is no such server or account. */
export async function metadataToken(tools: AuthTools, signal: AbortSignal): Promise<GoogleToken> {
  const path = "instance/service-accounts/default/token";
  const response = await ask(tools, path, "access token", FIELD, signal).catch((error: unknown) => {
    throw error instanceof InvalidConfiguration ? noCredentials() : error;
  });
  const object = objectIn(response.body);
  if (object === undefined) throw notGoogles(callOf(tools, path, "access token", FIELD));
  return tokenIn(object, tools.clock, SERVICE);
}

/**
 * A token by which the machine or Pod proves to the audience who it is, with the facts about the machine.
 * @throws InvalidConfiguration where there is no such server or account; Transient.
 */
export async function metadataIdentityToken(
  tools: AuthTools,
  audience: string,
  field: string,
  signal: AbortSignal,
): Promise<string> {
  const path = "instance/service-accounts/default/identity";
  const response = await ask(tools, path, "identity", field, signal, { audience, format: "full" });
  const token = new TextDecoder().decode(response.body).trim();
  if (/^[\w-]+\.[\w-]+\.[\w-]+$/.test(token)) return token;
  throw notGoogles(callOf(tools, path, "identity", field));
}

async function ask(
  tools: AuthTools,
  path: string,
  what: string,
  field: string,
  signal: AbortSignal,
  query: Readonly<Record<string, string>> = {},
): Promise<HttpResponse> {
  const call = { ...callOf(tools, path, what, field), query };
  const response = await tools.http.call(call, signal).catch((error: unknown) => {
    throw isNoSuchHost(error) ? unknown(what, field) : error;
  });
  // What answers without this is something else, such as the landing page of a network.
  if (response.headers["metadata-flavor"] !== "Google") throw notGoogles(call);
  return response;
}

function callOf({ endpoints }: AuthTools, path: string, what: string, field: string): GoogleCall {
  return {
    service: SERVICE,
    method: "GET",
    url: `${endpoints.metadata}/computeMetadata/v1/${path}`,
    headers: { "metadata-flavor": "Google" },
    field,
    isDirect: true,
    subject: `the ${what}`,
    errorOf: (failure, details) => refused(what, field, failure, details),
  };
}

function refused(what: string, field: string, { status }: GoogleFailure, details: SyncErrorDetails): SyncError {
  if (status === 404) return unknown(what, field);
  return new Transient(`${SERVICE} does not give the ${what} (HTTP ${status})`, { ...details, field });
}

/** Outside of Google Cloud, where the name means nothing. */
function isNoSuchHost(error: unknown): boolean {
  if (!(error instanceof Transient) || !(error.cause instanceof Error)) return false;
  return "code" in error.cause && error.cause.code === "ENOTFOUND";
}

function noCredentials(): AccessDenied {
  return new AccessDenied("the controller has no Google credentials of its own", {
    field: FIELD,
    remedy: `give it some (workload identity, or GOOGLE_APPLICATION_CREDENTIALS), or set a way to authenticate in ${FIELD}`,
  });
}

function unknown(what: string, field: string): InvalidConfiguration {
  return new InvalidConfiguration(`there is no metadata server that knows the ${what}`, {
    field,
    remedy: `set ${field}`,
  });
}
