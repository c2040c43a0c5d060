/** Emulates the endpoints of managed identities: the instance metadata service and that of App Service. */
import { type AzureAnswer, AzureFault, type AzureRequest } from "./azure-message.ts";
import type { Identity } from "./directory.ts";
import { type EntraOptions, tokenAnswer } from "./entra.ts";

export interface ManagedIdentityOptions extends Omit<EntraOptions, "applications" | "issuers"> {
  /** Those of the node; a request that names none gets the only one. */
  readonly managedIdentities: readonly Identity[];
  /** What App Service puts into IDENTITY_HEADER. */
  readonly identityHeader: string;
}

/** Undefined where the request is for another part of Azure. @throws AzureFault */
export function answerManagedIdentity(request: AzureRequest, options: ManagedIdentityOptions): AzureAnswer | undefined {
  const path = request.segments.join("/");
  if (path === "metadata/identity/oauth2/token") {
    if (request.headers.metadata !== "true") throw refused("invalid_request", "Required metadata header not specified");
    return { body: answer(request, options, "2018-02-01") };
  }
  if (path !== "msi/token") return undefined;
  if (request.headers["x-identity-header"] !== options.identityHeader) {
    throw new AzureFault({ status: 401, body: { statusCode: 401, message: "Unauthorized" } });
  }
  return { body: answer(request, options, "2019-08-01") };
}

function answer({ query }: AzureRequest, options: ManagedIdentityOptions, version: string) {
  if (query.get("api-version") !== version) throw refused("bad_request_102", "Unsupported api-version");
  const resource = query.get("resource");
  if (resource !== options.resource) throw refused("invalid_resource", "The resource principal was not found");
  const clientId = query.get("client_id");
  const [only, ...others] = options.managedIdentities;
  const identity =
    clientId === null ? only : options.managedIdentities.find((candidate) => candidate.clientId === clientId);
  if (identity === undefined) throw refused("invalid_request", "Identity not found");
  if (clientId === null && others.length > 0) {
    throw refused("invalid_request", "Multiple user assigned identities exist, please specify the clientId");
  }
  const { access_token, expires_in } = tokenAnswer(identity.clientId, resource, options);
  const ends = Math.floor(options.now() / 1_000) + expires_in;
  return { access_token, resource, token_type: "Bearer", expires_in: String(expires_in), expires_on: String(ends) };
}

function refused(error: string, error_description: string): AzureFault {
  return new AzureFault({ status: 400, body: { error, error_description } });
}
