/** What is wrong with a store's `azurekv` block, without asking anyone. */
import type { AzureKvProviderSpec } from "../../api/stores/azurekv.ts";
import type { KeySelector, StoreIdentity } from "../contract.ts";
import { cloudOf, isSafeUrl, isVaultOf } from "./cloud.ts";

const BLOCK = "spec.provider.azurekv";
/** Part of a path, so that it cannot lead elsewhere. */
const TENANT = /^[0-9A-Za-z][0-9A-Za-z.-]*$/;

/** One line for each defect: field, what is wrong, what to do. */
export function checkAzureKvSpec(spec: AzureKvProviderSpec, store: StoreIdentity): readonly string[] {
  return [...vaultErrors(spec), ...cloudErrors(spec), ...authErrors(spec), ...referenceErrors(spec, store)];
}

function* vaultErrors(spec: AzureKvProviderSpec): Iterable<string> {
  const field = `${BLOCK}.vaultUrl`;
  const url = URL.parse(spec.vaultUrl);
  const { resource } = cloudOf(spec);
  if (url === null || !isSafeUrl(spec.vaultUrl)) {
    yield `${field}: is no https URL; write https://NAME.vault.azure.net`;
  } else if (url.pathname !== "/" || url.search !== "" || url.username !== "") {
    yield `${field}: has more than a host; write https://NAME.vault.azure.net and name secrets in remoteRef.key`;
  } else if (resource !== undefined && URL.canParse(resource) && !isVaultOf(resource, spec.vaultUrl)) {
    yield `${field}: is not in the domain of ${resource}, for which tokens are issued; correct it, or environmentType, or customCloudConfig.keyVaultEndpoint`;
  }
}

function* cloudErrors({ environmentType, customCloudConfig: custom }: AzureKvProviderSpec): Iterable<string> {
  if (custom === undefined) {
    if (environmentType === "AzureStackCloud") {
      yield `${BLOCK}.customCloudConfig: is needed with environmentType AzureStackCloud; set its activeDirectoryEndpoint`;
    }
    if (environmentType === "GermanCloud") {
      yield `${BLOCK}.environmentType: GermanCloud has been shut down in 2021; use PublicCloud, or set customCloudConfig`;
    }
    return;
  }
  if (!isSafeUrl(custom.activeDirectoryEndpoint)) {
    yield `${BLOCK}.customCloudConfig.activeDirectoryEndpoint: is no https URL; write it as https://HOST`;
  }
  if (custom.keyVaultEndpoint !== undefined && !URL.canParse(custom.keyVaultEndpoint)) {
    yield `${BLOCK}.customCloudConfig.keyVaultEndpoint: is no URL; write it as https://DOMAIN`;
  }
}

function* authErrors(spec: AzureKvProviderSpec): Iterable<string> {
  if (spec.tenantId && !TENANT.test(spec.tenantId)) {
    yield `${BLOCK}.tenantId: is no tenant; give its id or its domain`;
  }
  if ((spec.authType ?? "ServicePrincipal") === "ServicePrincipal") yield* servicePrincipalErrors(spec);
  if (spec.authType === "WorkloadIdentity" && spec.authSecretRef && !spec.authSecretRef.clientId) {
    yield `${BLOCK}.authSecretRef.clientId: is not set; set it, or remove authSecretRef`;
  }
}

function* servicePrincipalErrors({ tenantId, authSecretRef: refs }: AzureKvProviderSpec): Iterable<string> {
  if (!tenantId) yield `${BLOCK}.tenantId: is needed by authType ServicePrincipal; set it`;
  if (refs === undefined) {
    yield `${BLOCK}.authSecretRef: is needed by authType ServicePrincipal; set it, or another authType`;
    return;
  }
  if (refs.clientId === undefined) yield `${BLOCK}.authSecretRef.clientId: is not set; set it`;
  const { clientSecret, clientCertificate } = refs;
  if (clientSecret === undefined && clientCertificate === undefined) {
    yield `${BLOCK}.authSecretRef: has neither clientSecret nor clientCertificate; set one`;
  }
  if (clientSecret !== undefined && clientCertificate !== undefined) {
    yield `${BLOCK}.authSecretRef: clientSecret and clientCertificate cannot both be set; remove one of the two`;
  }
}

/** A SecretStore may name no namespace but its own in any reference. */
function* referenceErrors(spec: AzureKvProviderSpec, store: StoreIdentity): Iterable<string> {
  if (store.kind === "ClusterSecretStore") return;
  const refs: Readonly<Record<string, KeySelector | undefined>> = {
    "authSecretRef.clientId": spec.authSecretRef?.clientId,
    "authSecretRef.tenantId": spec.authSecretRef?.tenantId,
    "authSecretRef.clientSecret": spec.authSecretRef?.clientSecret,
    "authSecretRef.clientCertificate": spec.authSecretRef?.clientCertificate,
    serviceAccountRef: spec.serviceAccountRef,
  };
  for (const [field, ref] of Object.entries(refs)) {
    if (ref?.namespace === undefined || ref.namespace === store.namespace) continue;
    yield `${BLOCK}.${field}.namespace: namespace should either be empty or match the namespace of the SecretStore; remove it`;
  }
}
