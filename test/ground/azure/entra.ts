/** Emulates Microsoft Entra ID: one tenant, its token endpoint, and the discovery that official clients ask for. */
import { randomUUID, X509Certificate } from "node:crypto";
import { type AzureAnswer, type AzureRequest, entraFault } from "./azure-message.ts";
import type { Application } from "./directory.ts";
import {
  isInTime,
  isSignedBy,
  isSignedByOneOf,
  type JsonWebKeySet,
  type ParsedToken,
  parseToken,
  type TokenIssuer,
} from "./json-web-token.ts";

export interface EntraOptions {
  readonly tenantId: string;
  readonly applications: readonly Application[];
  /** The key sets of the clusters whose tokens are trusted, by issuer. */
  readonly issuers: Readonly<Record<string, JsonWebKeySet>>;
  /** The only resource that tokens are issued for. */
  readonly resource: string;
  readonly tokenSeconds: number;
  readonly now: () => number;
  readonly issuer: TokenIssuer;
}

const DEFAULT_AUDIENCE = "api://AzureADTokenExchange";
const ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/** Undefined where the request is for another part of Azure. @throws AzureFault */
export function answerEntra(request: AzureRequest, options: EntraOptions): AzureAnswer | undefined {
  const [tenant = "", ...rest] = request.segments;
  const path = rest.join("/");
  if (path === "v2.0/.well-known/openid-configuration") return { body: discovery(request.origin, tenant) };
  if (path !== "oauth2/v2.0/token" || request.method !== "POST") return undefined;
  if (tenant !== options.tenantId) throw entraFault(400, "invalid_request", 90002, `Tenant '${tenant}' not found.`);
  const form = new URLSearchParams(request.body);
  const application = options.applications.find(({ clientId }) => clientId === form.get("client_id"));
  if (application === undefined) {
    throw entraFault(400, "unauthorized_client", 700016, "Application was not found in the directory.");
  }
  if (form.get("grant_type") !== "client_credentials") {
    throw entraFault(400, "unsupported_grant_type", 70003, "The grant type is not supported.");
  }
  authenticate(application, form, `${request.origin}/${tenant}/oauth2/v2.0/token`, options);
  const resource = resourceOf(form.get("scope") ?? "", options);
  return { body: tokenAnswer(application.clientId, resource, options) };
}

function discovery(origin: string, tenant: string) {
  const base = `${origin}/${tenant}`;
  return {
    issuer: `${base}/v2.0`,
    token_endpoint: `${base}/oauth2/v2.0/token`,
    authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
    jwks_uri: `${base}/discovery/v2.0/keys`,
    response_types_supported: ["code"],
    subject_types_supported: ["pairwise"],
    id_token_signing_alg_values_supported: ["RS256"],
  };
}

/** @throws AzureFault */
function authenticate(application: Application, form: URLSearchParams, endpoint: string, options: EntraOptions): void {
  const assertion = form.get("client_assertion");
  if (assertion === null) {
    if (application.secrets?.includes(form.get("client_secret") ?? "")) return;
    throw entraFault(401, "invalid_client", 7000215, "Invalid client secret provided.");
  }
  const token = parseToken(assertion);
  if (token === undefined || form.get("client_assertion_type") !== ASSERTION_TYPE) {
    throw entraFault(400, "invalid_request", 50027, "JWT token is invalid or malformed.");
  }
  if (!isInTime(token, options.now())) {
    throw entraFault(401, "invalid_client", 700024, "Client assertion is not within its valid time range.");
  }
  if (token.claims.iss === application.clientId) checkCertificate(application, token, endpoint);
  else checkFederation(application, token, options);
}

function checkCertificate(application: Application, token: ParsedToken, endpoint: string): void {
  const certificate = application.certificates
    ?.map((pem) => new X509Certificate(pem))
    .find((each) => isNamedBy(token, each) && isSignedBy(token, each.publicKey));
  if (certificate === undefined) {
    throw entraFault(401, "invalid_client", 700027, "The certificate used to sign the assertion is not registered.");
  }
  const { sub, aud, jti } = token.claims;
  if (sub !== application.clientId || aud !== endpoint || typeof jti !== "string") {
    throw entraFault(401, "invalid_client", 700023, "Client assertion audience claim does not match Realm issuer.");
  }
}

function isNamedBy({ head }: ParsedToken, { fingerprint, fingerprint256 }: X509Certificate): boolean {
  const encoded = (hex: string) => Buffer.from(hex.replaceAll(":", ""), "hex").toString("base64url");
  return head["x5t#S256"] === encoded(fingerprint256) || head.x5t === encoded(fingerprint);
}

function checkFederation(application: Application, token: ParsedToken, { issuers }: EntraOptions): void {
  const { iss, sub, aud } = token.claims;
  const ofIssuer = application.federations?.filter(({ issuer }) => issuer === iss) ?? [];
  if (ofIssuer.length === 0) {
    throw entraFault(401, "invalid_client", 700211, "No matching federated identity record found for issuer.");
  }
  const jwks = issuers[String(iss)];
  if (jwks === undefined || !isSignedByOneOf(token, jwks)) {
    throw entraFault(401, "invalid_client", 7000272, "The signature of the assertion could not be verified.");
  }
  const ofSubject = ofIssuer.filter(({ subject }) => subject === sub);
  if (ofSubject.length === 0) {
    throw entraFault(401, "invalid_client", 700213, "No matching federated identity record found for subject.");
  }
  if (!ofSubject.some(({ audience = DEFAULT_AUDIENCE }) => [aud].flat().includes(audience))) {
    throw entraFault(401, "invalid_client", 700212, "No matching federated identity record found for audience.");
  }
}

function resourceOf(scope: string, { resource }: EntraOptions): string {
  const [, named] = /^(.+?)\/+\.default$/.exec(scope) ?? [];
  if (named === undefined)
    throw entraFault(400, "invalid_scope", 1002012, "The provided value for scope is not valid.");
  if (named === resource) return named;
  throw entraFault(400, "invalid_resource", 500011, "The resource principal was not found in the tenant.");
}

/** What both Entra ID and the metadata service issue; the latter writes numbers as text. */
export function tokenAnswer(
  clientId: string,
  resource: string,
  options: Omit<EntraOptions, "applications" | "issuers">,
) {
  const now = Math.floor(options.now() / 1_000);
  const claims = { aud: resource, appid: clientId, tid: options.tenantId, iat: now, nbf: now, uti: randomUUID() };
  const access_token = options.issuer.issue({ ...claims, exp: now + options.tokenSeconds });
  return { token_type: "Bearer", expires_in: options.tokenSeconds, ext_expires_in: options.tokenSeconds, access_token };
}
