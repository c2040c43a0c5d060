/** The `azurekv` backend: secrets, certificates and keys of Azure Key Vault. */
import type { AzureKvProviderSpec } from "../../api/stores/azurekv.ts";
import type { Backend, SecretsClient, StoreContext } from "../contract.ts";
import { InvalidConfiguration } from "../errors.ts";
import { createHttpClient } from "../http-client.ts";
import { retryPolicyOf } from "../retry.ts";
import type { AccessToken } from "../token-cache.ts";
import { checkAzureKvSpec } from "./check.ts";
import { createAzureKvClient } from "./client.ts";
import { cloudOf, UNTRUSTED_REMEDY } from "./cloud.ts";
import { createEntra } from "./entra.ts";
import { createKeyVaultApi } from "./key-vault-api.ts";
import { createManagedIdentity } from "./managed-identity.ts";
import { servicePrincipalLogin } from "./service-principal.ts";
import { createVaultSession } from "./vault-session.ts";
import { workloadIdentityLogin } from "./workload-identity.ts";

const BLOCK = "spec.provider.azurekv";

/** `random` spreads the delays before repetitions. */
export function createAzureKvBackend({ random }: { readonly random: () => number }): Backend<AzureKvProviderSpec> {
  return {
    capabilities: "ReadWrite",
    check: checkAzureKvSpec,
    async open(spec, context) {
      const [defect] = checkAzureKvSpec(spec, context.store);
      if (defect !== undefined) throw new InvalidConfiguration(defect, { field: BLOCK });
      return open(spec, context, random);
    },
  };
}

/** The one that the table of backends loads. */
export const azureKvBackend: Backend<AzureKvProviderSpec> = createAzureKvBackend({ random: Math.random });

/** Contacts nobody: credentials are read when they are first needed. */
function open(spec: AzureKvProviderSpec, context: StoreContext, random: () => number): SecretsClient {
  const { clock, environment } = context;
  const vaultUrl = new URL(spec.vaultUrl).origin;
  const login = loginOf(spec, context);
  const http = createHttpClient({
    backend: "Azure Key Vault",
    baseUrl: vaultUrl,
    serverField: `${BLOCK}.vaultUrl`,
    untrustedRemedy: UNTRUSTED_REMEDY,
    timeoutMs: context.requestTimeoutMs,
    clock,
    environment,
  });
  const { requestToken } = login;
  const api = createKeyVaultApi({
    vaultUrl,
    http,
    session: createVaultSession({ clock, vaultUrl, resource: cloudOf(spec).resource, requestToken }),
    retry: retryPolicyOf(context.retrySettings),
    observeCall: context.observeCall,
    clock,
    random,
    closeOthers: login.close,
  });
  return createAzureKvClient(api);
}

interface Login {
  readonly requestToken: (resource: string, signal: AbortSignal) => Promise<AccessToken>;
  readonly close: () => void;
}

function loginOf(spec: AzureKvProviderSpec, context: StoreContext): Login {
  if (spec.authType === "ManagedIdentity") {
    const identity = createManagedIdentity(spec, context);
    return { requestToken: identity.requestToken, close: identity.close };
  }
  const entra = createEntra(cloudOf(spec), context);
  return {
    async requestToken(resource, signal) {
      const login =
        spec.authType === "WorkloadIdentity"
          ? await workloadIdentityLogin(spec, context, signal)
          : await servicePrincipalLogin(spec, context, entra, signal);
      return entra.requestToken(login, resource, signal);
    },
    close: entra.close,
  };
}
