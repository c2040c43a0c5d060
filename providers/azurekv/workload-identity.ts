/** Logs in with a service account's token, which a federated credential of the application trusts. */
import { readFile } from "node:fs/promises";
import type { AzureKvProviderSpec } from "../../api/stores/azurekv.ts";
import type { ServiceAccountSelector, StoreContext } from "../contract.ts";
import { InvalidConfiguration } from "../errors.ts";
import { cloudOf, isKnownAuthority } from "./cloud.ts";
import type { EntraLogin } from "./entra.ts";
import { readText } from "./service-principal.ts";

const BLOCK = "spec.provider.azurekv";
const AUDIENCE = "api://AzureADTokenExchange";
const CLIENT_ID_ANNOTATION = "azure.workload.identity/client-id";
const TENANT_ID_ANNOTATION = "azure.workload.identity/tenant-id";
/** The token is used once, at once; Kubernetes issues none for less than ten minutes. */
const TOKEN_SECONDS = 600;

/**
 * Of `serviceAccountRef`, or of the controller's own pod where it is not set.
 * @throws InvalidConfiguration where client or tenant are not named, or two places contradict each other; what the context throws.
 */
export function workloadIdentityLogin(
  spec: AzureKvProviderSpec,
  context: StoreContext,
  signal: AbortSignal,
): Promise<EntraLogin> {
  const { serviceAccountRef } = spec;
  return serviceAccountRef === undefined
    ? podLogin(spec, context, signal)
    : serviceAccountLogin(spec, serviceAccountRef, context, signal);
}

async function serviceAccountLogin(
  spec: AzureKvProviderSpec,
  reference: ServiceAccountSelector,
  context: StoreContext,
  signal: AbortSignal,
): Promise<EntraLogin> {
  const field = `${BLOCK}.serviceAccountRef`;
  const annotations = await context.readServiceAccountAnnotations(reference, field, signal);
  const refs = spec.authSecretRef;
  const clientId = theOne("client id", field, CLIENT_ID_ANNOTATION, [
    refs === undefined ? undefined : await readText(context, refs.clientId, "clientId", signal),
    annotations[CLIENT_ID_ANNOTATION],
  ]);
  const ofStore = refs?.tenantId ? await readText(context, refs.tenantId, "tenantId", signal) : spec.tenantId;
  const named = [ofStore, annotations[TENANT_ID_ANNOTATION]];
  const fallback = named.some(Boolean) ? undefined : context.environment.AZURE_TENANT_ID;
  const tenantId = theOne("tenant id", field, TENANT_ID_ANNOTATION, [...named, fallback]);
  const options = { defaultAudiences: [AUDIENCE], expirationSeconds: TOKEN_SECONDS, field };
  const { token } = await context.requestToken(reference, options, signal);
  return { tenantId, clientId, proof: { client_assertion: token }, field };
}

/** The value that all places agree on which have one. */
function theOne(what: string, field: string, annotation: string, values: readonly (string | undefined)[]): string {
  const [value, ...others] = new Set(values.filter((each) => each !== undefined && each !== ""));
  if (value === undefined) {
    throw new InvalidConfiguration(`no ${what} is given for the service account`, {
      field,
      remedy: `annotate the service account with ${annotation}, or set it in the store`,
    });
  }
  if (others.length > 0) {
    throw new InvalidConfiguration(`the ${what} of the store is not that of the service account's annotation`, {
      field,
      remedy: `leave it in one place: the store, or the annotation ${annotation}`,
    });
  }
  return value;
}

/** What the webhook of Azure Workload Identity has put into the controller's pod. */
async function podLogin(spec: AzureKvProviderSpec, context: StoreContext, signal: AbortSignal): Promise<EntraLogin> {
  const field = `${BLOCK}.authType`;
  const { AZURE_CLIENT_ID: clientId, AZURE_TENANT_ID, AZURE_FEDERATED_TOKEN_FILE: path } = context.environment;
  const tenantId = AZURE_TENANT_ID || spec.tenantId;
  if (!clientId || !tenantId || !path) {
    throw new InvalidConfiguration("the controller has no workload identity of its own", {
      field,
      remedy:
        "set serviceAccountRef, or label the controller's pod azure.workload.identity/use=true, which sets AZURE_CLIENT_ID, AZURE_TENANT_ID and AZURE_FEDERATED_TOKEN_FILE",
    });
  }
  refuseForeignAuthority(spec, context);
  try {
    const token = (await readFile(path, { encoding: "utf8", signal })).trim();
    return { tenantId, clientId, proof: { client_assertion: token }, field };
  } catch (cause) {
    if (signal.aborted) throw signal.reason;
    throw new InvalidConfiguration(`the controller's token file ${path} cannot be read`, {
      cause,
      field,
      remedy: "set serviceAccountRef, or correct AZURE_FEDERATED_TOKEN_FILE of the controller",
    });
  }
}

/** The controller's own token must not go wherever someone who may write a SecretStore has it sent. */
function refuseForeignAuthority(spec: AzureKvProviderSpec, { store, environment }: StoreContext): void {
  const { authority, authorityField: field } = cloudOf(spec);
  if (store.kind === "ClusterSecretStore" || isKnownAuthority(authority)) return;
  const own = URL.parse(environment.AZURE_AUTHORITY_HOST ?? "")?.origin;
  if (own !== undefined && own === URL.parse(authority)?.origin) return;
  throw new InvalidConfiguration("a SecretStore may not send the controller's own token to another authority", {
    field,
    remedy: "set serviceAccountRef, use a ClusterSecretStore, or set AZURE_AUTHORITY_HOST of the controller to it",
  });
}
