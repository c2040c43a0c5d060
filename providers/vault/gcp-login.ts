/** Vault's login by Google Cloud: a token that Google, or a key that Google knows, has signed for the role. */
import type { StoreContext } from "../contract.ts";
import { AccessDenied, InvalidConfiguration } from "../errors.ts";
import type { AuthTools } from "../gcpsm/auth-calls.ts";
import { retryPolicyOf } from "../retry.ts";
import type { LoginMethod, VaultAuth } from "./login.ts";

type GcpAuth = NonNullable<VaultAuth["gcp"]>;

const FIELD = "spec.provider.vault.auth.gcp";
/** Vault takes no more than the role's `max_jwt_exp`, 900 unless it is changed. It is used once, at once. */
const TOKEN_SECONDS = 300;

/**
 * With `secretRef` the key signs; with `workloadIdentity` Google IAM signs as the account of the ServiceAccount; with neither the
 * metadata server says who the controller's machine or Pod is. `random` (from 0 up to 1) spreads retries of calls to Google, whose
 * code is loaded at the first login.
 */
export function gcpLogin(spec: GcpAuth, context: StoreContext, random: () => number): LoginMethod {
  return {
    name: "gcp",
    async prepare(signal) {
      const jwt = await withTools(context, random, (tools) => tokenOf(spec, context, tools, signal));
      return { path: `auth/${spec.path?.replace(/^\/+|\/+$/g, "") || "gcp"}/login`, body: { role: spec.role, jwt } };
    },
  };
}

/** Connections live no longer than a login, which is rare. */
async function withTools<T>(
  context: StoreContext,
  random: () => number,
  use: (tools: AuthTools) => Promise<T>,
): Promise<T> {
  const [{ createGoogleHttp }, { endpointsOf }] = await Promise.all([
    import("../gcpsm/google-http.ts"),
    import("../gcpsm/endpoints.ts"),
  ]);
  const { clock, environment, requestTimeoutMs: timeoutMs } = context;
  const retry = retryPolicyOf(context.retrySettings);
  const http = createGoogleHttp({ clock, random, environment, timeoutMs, retry });
  try {
    return await use({ http, endpoints: endpointsOf(environment, undefined), clock });
  } finally {
    http.close();
  }
}

/** In ESO's order. */
async function tokenOf(spec: GcpAuth, context: StoreContext, tools: AuthTools, signal: AbortSignal): Promise<string> {
  const { secretRef, workloadIdentity } = spec;
  if (secretRef !== undefined) return signedByKey({ ...spec, secretRef }, context, signal);
  if (workloadIdentity !== undefined) return signedByIam({ ...spec, workloadIdentity }, context, tools, signal);
  return signedByMetadataServer(spec, tools, signal);
}

type With<Key extends keyof GcpAuth> = GcpAuth & Required<Pick<GcpAuth, Key>>;

async function signedByKey(spec: With<"secretRef">, context: StoreContext, signal: AbortSignal): Promise<string> {
  const { readServiceAccountKey, signedToken } = await import("../gcpsm/service-account-key.ts");
  const field = `${FIELD}.secretRef.secretAccessKeySecretRef`;
  const bytes = await context.readSecretKey(spec.secretRef.secretAccessKeySecretRef ?? {}, field, signal);
  const key = readServiceAccountKey(bytes, field);
  return signedToken(key, claimsFor(spec, key.email, context));
}

async function signedByIam(
  spec: With<"workloadIdentity">,
  context: StoreContext,
  tools: AuthTools,
  signal: AbortSignal,
): Promise<string> {
  const [{ ACCOUNT_ANNOTATION, workloadIdentityToken }, { signJwt }] = await Promise.all([
    import("../gcpsm/workload-identity.ts"),
    import("../gcpsm/sign-jwt.ts"),
  ]);
  const where = workloadIdentityOf(spec);
  const field = `${where.block}.serviceAccountRef`;
  const { token, account } = await workloadIdentityToken(tools, context, where, signal);
  if (account === undefined) {
    throw new InvalidConfiguration(
      `the ServiceAccount ${where.spec.serviceAccountRef.name} of ${field} names no Google service account`,
      { field, remedy: `annotate it with ${ACCOUNT_ANNOTATION}, since Vault lets in none but service accounts` },
    );
  }
  return signJwt(tools, token, { account, claims: claimsFor(spec, account, context), field }, signal);
}

/** The cluster is where the block around it says, unless it says so itself. */
function workloadIdentityOf({ workloadIdentity, projectID, location }: With<"workloadIdentity">) {
  const cluster = {
    ...(projectID ? { clusterProjectID: projectID } : {}),
    ...(location ? { clusterLocation: location } : {}),
  };
  return { block: `${FIELD}.workloadIdentity`, spec: { ...cluster, ...workloadIdentity } };
}

async function signedByMetadataServer(spec: GcpAuth, tools: AuthTools, signal: AbortSignal): Promise<string> {
  const { metadataIdentityToken } = await import("../gcpsm/metadata-server.ts");
  try {
    return await metadataIdentityToken(tools, `http://${audienceOf(spec)}`, FIELD, signal);
  } catch (cause) {
    if (!(cause instanceof InvalidConfiguration)) throw cause;
    throw new AccessDenied("the controller does not run as a service account of Google Cloud", {
      cause,
      field: FIELD,
      remedy: `set ${FIELD}.secretRef or ${FIELD}.workloadIdentity, or run the controller on Google Cloud with a service account`,
    });
  }
}

function claimsFor(spec: GcpAuth, account: string, { clock }: StoreContext) {
  return { sub: account, aud: audienceOf(spec), exp: Math.floor(clock.now() / 1_000) + TOKEN_SECONDS };
}

/** A token for one role is of no use for another. */
function audienceOf({ role }: GcpAuth): string {
  return `vault/${role}`;
}
