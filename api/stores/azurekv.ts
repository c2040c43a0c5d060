/** Azure Key Vault. */
import * as z from "zod";
import type { DeepReadonly } from "../deep-readonly.ts";
import { secretKeySelectorSchema, serviceAccountSelectorSchema } from "../selectors.ts";

const azureAuthSecretRefSchema = z.object({
  clientId: secretKeySelectorSchema.exactOptional().describe("Client id of the application."),
  tenantId: secretKeySelectorSchema.exactOptional().describe("Tenant id, for WorkloadIdentity. Default: tenantId."),
  clientSecret: secretKeySelectorSchema.exactOptional().describe("Client secret. Not together with clientCertificate."),
  clientCertificate: secretKeySelectorSchema
    .exactOptional()
    .describe("Certificate and RSA key of the application, as PEM or as PKCS#12 without a password."),
});

const customCloudConfigSchema = z.object({
  activeDirectoryEndpoint: z.string().describe("URL where tokens are issued."),
  keyVaultEndpoint: z.string().exactOptional().describe("Resource that tokens are issued for."),
  keyVaultDNSSuffix: z.string().exactOptional().describe("Domain of the vaults."),
  resourceManagerEndpoint: z.string().exactOptional().describe("URL of the resource manager."),
});

/** Azure Key Vault: which vault, and as whom. */
export const azureKvProviderSchema = z.object({
  vaultUrl: z.string().describe("URL of the vault, such as https://my-vault.vault.azure.net."),
  authType: z
    .enum(["ServicePrincipal", "ManagedIdentity", "WorkloadIdentity"])
    .default("ServicePrincipal")
    .describe("How to log in: authSecretRef, the node's managed identity, or a ServiceAccount's token."),
  tenantId: z.string().exactOptional().describe("Tenant id. Needed by ServicePrincipal."),
  authSecretRef: azureAuthSecretRefSchema
    .exactOptional()
    .describe("Credentials in Secrets, for ServicePrincipal and WorkloadIdentity."),
  serviceAccountRef: serviceAccountSelectorSchema
    .exactOptional()
    .describe("ServiceAccount for WorkloadIdentity. Default: the controller's own."),
  identityId: z
    .string()
    .exactOptional()
    .describe("Client id of the managed identity. Default: the only one of the node."),
  environmentType: z
    .enum(["PublicCloud", "USGovernmentCloud", "ChinaCloud", "GermanCloud", "AzureStackCloud"])
    .default("PublicCloud")
    .describe("Which Azure. AzureStackCloud needs customCloudConfig."),
  customCloudConfig: customCloudConfigSchema
    .exactOptional()
    .describe("Endpoints of an own Azure. Default: those of environmentType."),
  useAzureSDK: z
    .boolean()
    .default(false)
    .describe("Accepted for compatibility: chose between two client libraries, of which there is one here."),
});
/** Azure Key Vault: which vault, and as whom. */
export type AzureKvProviderSpec = DeepReadonly<z.input<typeof azureKvProviderSchema>>;
