/** AzureKeyVaultStore: a Key Vault, the identity that reads it, and grants of exactly what is read. */
import { type ComponentResourceOptions, type Input, type Output, output } from "@pulumi/pulumi";
import { type KeylessStoreArgs, storeServiceAccount } from "../keyless-store.ts";
import { KeylessStoreComponent } from "../keyless-store-component.ts";
import type { AzureKvProviderArgs } from "../spec-args.generated.ts";
import { azureIdentity, type ExistingAzureIdentity, type NewAzureIdentityArgs } from "./azure-identity.ts";
import { canonicalObjectKey } from "./key-vault-grants.ts";
import { type KeyVaultAccess, registeredGrants } from "./vault-access.ts";
import { type AzureCloud, azureResourceId, vaultUrlOf } from "./vault-address.ts";

/** Arguments of `AzureKeyVaultStore`. */
export interface AzureKeyVaultStoreArgs extends KeylessStoreArgs {
  /** Resource id of the vault: `/subscriptions/S/resourceGroups/G/providers/Microsoft.KeyVault/vaults/V`. */
  readonly vaultId: Input<string>;
  /** URL of the cluster's OIDC issuer: `oidcIssuerProfile.issuerURL` of an AKS cluster. */
  readonly oidcIssuerUrl: Input<string>;
  /** Address of the vault. Default: `https://V.vault.azure.net`, or the domain of `environmentType`. */
  readonly vaultUrl?: Input<string>;
  /** Which Azure. Default: PublicCloud. */
  readonly environmentType?: AzureCloud;
  /**
   * How the vault decides who reads: by role assignments, each at a single object, or by its access policies, which
   * cannot name single objects. It has to be what the vault is set to (`enableRbacAuthorization`). Default: rbac.
   */
  readonly access?: KeyVaultAccess;
  /** An identity that is there. Default: one is made, see `newIdentity`. */
  readonly identity?: ExistingAzureIdentity;
  /** How the identity is made. Has no effect together with `identity`. */
  readonly newIdentity?: NewAzureIdentityArgs;
}

const TOKEN = "external-secrets:azure:AzureKeyVaultStore";
const VAULT_TYPE = "Microsoft.KeyVault/vaults";
/** By which the controller knows the identity. */
const ANNOTATION = "azure.workload.identity";

/**
 * A SecretStore or ClusterSecretStore of an Azure Key Vault that logs in as a managed identity by workload identity: no
 * credential is stored. The identity may read exactly what the program's ExternalSecrets read through `ref` (or `store:
 * this`); grants come and go with them in the same `up`, and are there before the store.
 */
export class AzureKeyVaultStore extends KeylessStoreComponent {
  /** The identity, as the service account's annotation has it. */
  declare readonly clientId: Output<string>;
  /** The object id that roles are assigned to. */
  declare readonly principalId: Output<string>;
  declare readonly tenantId: Output<string>;

  /** @throws Error where `grants.secrets` and `grants.additional` are both set; in Outputs for a wrong id or key. */
  constructor(name: string, args: AzureKeyVaultStoreArgs, options?: ComponentResourceOptions) {
    super({ token: TOKEN, canonicalKey: canonicalObjectKey }, name, args, options);
    const id = output(args.vaultId);
    const parts = id.apply((own) => azureResourceId(own, VAULT_TYPE, `${this.title}: vaultId`));
    const identity = azureIdentity(
      name,
      {
        existing: args.identity,
        created: args.newIdentity,
        vaultResourceGroup: parts.apply(({ resourceGroup }) => resourceGroup),
        issuer: args.oidcIssuerUrl,
        subject: storeServiceAccount(name, args).subject,
      },
      this,
    );
    const { clientId, principalId, tenantId } = identity;
    const access = args.access ?? "rbac";
    this.complete(
      args,
      {
        provider: { azurekv: keyVaultProvider(name, args, parts, tenantId) },
        annotations: { [`${ANNOTATION}/client-id`]: clientId, [`${ANNOTATION}/tenant-id`]: tenantId },
        identityResources: identity.resources,
        grants: registeredGrants(name, access, this.plan, { id, parts }, identity, this),
      },
      { clientId, principalId, tenantId },
    );
  }
}

function keyVaultProvider(
  name: string,
  args: AzureKeyVaultStoreArgs,
  vault: Output<{ readonly name: string }>,
  tenantId: Output<string>,
): AzureKvProviderArgs {
  const cloud = args.environmentType ?? "PublicCloud";
  const account = storeServiceAccount(name, args);
  return {
    vaultUrl: args.vaultUrl ?? vault.apply((own) => vaultUrlOf(own.name, cloud)),
    authType: "WorkloadIdentity",
    tenantId,
    ...(args.environmentType === undefined ? {} : { environmentType: cloud }),
    serviceAccountRef: {
      name: account.name,
      ...(args.kind === "ClusterSecretStore" ? { namespace: account.namespace } : {}),
    },
  };
}
