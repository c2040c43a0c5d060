/** AzureKeyVaultStore: a Key Vault, the identity that reads it, and grants of exactly what is read. */
import { ComponentResource, type ComponentResourceOptions, type Input, log, type Output, output } from "@pulumi/pulumi";
import { GrantDeclarations } from "../grants/declarations.ts";
import { grantPlan } from "../grants/grant-plan.ts";
import type { StoreRef } from "../grants/store-ref.ts";
import { type KeylessStoreArgs, keylessStore, storeServiceAccount } from "../keyless-store.ts";
import type { ClusterSecretStore, SecretStore } from "../secret-store.ts";
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

const VAULT_TYPE = "Microsoft.KeyVault/vaults";

/**
 * A SecretStore or ClusterSecretStore of an Azure Key Vault that logs in as a managed identity by workload identity: no
 * credential is stored. The identity may read exactly what the program's ExternalSecrets read through `ref` (or `store:
 * this`); grants come and go with them in the same `up`, and are there before the store.
 */
export class AzureKeyVaultStore extends ComponentResource {
  /** What `spec.secretStoreRef` of an ExternalSecret takes. */
  readonly ref: StoreRef;
  declare readonly store: SecretStore | ClusterSecretStore;
  /** The identity, as the service account's annotation has it. */
  declare readonly clientId: Output<string>;
  /** The object id that roles are assigned to. */
  declare readonly principalId: Output<string>;
  declare readonly tenantId: Output<string>;
  /** What a service account that the component does not make has to have. */
  declare readonly serviceAccountAnnotations: Output<Record<string, string>>;
  /** Granted by hand, and read by no ExternalSecret of the program. */
  declare readonly unusedGrants: Output<readonly string[]>;
  /** Read, but not in the fixed list `grants.secrets`: each with the ExternalSecret that reads it. */
  declare readonly missingGrants: Output<readonly string[]>;
  /** Where more is granted than is read, since Azure has no narrower grant; logged as warnings, too. */
  declare readonly grantWarnings: Output<readonly string[]>;
  readonly #declarations: GrantDeclarations;

  /** @throws Error where `grants.secrets` and `grants.additional` are both set; in Outputs for a wrong id or key. */
  constructor(name: string, args: AzureKeyVaultStoreArgs, options?: ComponentResourceOptions) {
    super("pulumi-external-secrets:azure:AzureKeyVaultStore", name, {}, options);
    const title = `AzureKeyVaultStore "${name}"`;
    this.#declarations = new GrantDeclarations(title, args.grants?.close);
    const plan = grantPlan(this.#declarations, args.grants, canonicalObjectKey);
    const vault = {
      id: output(args.vaultId),
      parts: output(args.vaultId).apply((id) => azureResourceId(id, VAULT_TYPE, `${title}: vaultId`)),
    };
    const identity = azureIdentity(
      name,
      {
        existing: args.identity,
        created: args.newIdentity,
        vaultResourceGroup: vault.parts.apply(({ resourceGroup }) => resourceGroup),
        issuer: args.oidcIssuerUrl,
        subject: storeServiceAccount(name, args).subject,
      },
      this,
    );
    const registered = registeredGrants(name, args.access ?? "rbac", plan.granted, vault, identity, this);
    const annotations: Record<string, Output<string>> = {
      "azure.workload.identity/client-id": identity.clientId,
      "azure.workload.identity/tenant-id": identity.tenantId,
    };
    const azurekv = keyVaultProvider(name, args, vault.parts, identity.tenantId);
    const { store, ref } = keylessStore(
      name,
      args,
      {
        provider: { azurekv },
        annotations,
        grants: registered.resources.apply((resources) => [...identity.resources, ...resources]),
        declarations: this.#declarations,
      },
      this,
    );
    this.ref = ref;
    this.store = store;
    this.clientId = identity.clientId;
    this.principalId = identity.principalId;
    this.tenantId = identity.tenantId;
    this.serviceAccountAnnotations = output(annotations);
    this.unusedGrants = plan.unusedGrants;
    this.missingGrants = plan.missingGrants;
    this.grantWarnings = registered.warnings.apply((warnings) => {
      for (const warning of warnings) void log.warn(`${title}: ${warning}`, this);
      return warnings;
    });
    this.registerOutputs({
      clientId: this.clientId,
      principalId: this.principalId,
      tenantId: this.tenantId,
      unusedGrants: this.unusedGrants,
      missingGrants: this.missingGrants,
      grantWarnings: this.grantWarnings,
    });
  }

  /** Ends collecting, with `grants: { close: "explicit" }`: after the last ExternalSecret that reads through the store. */
  closeGrants(): void {
    this.#declarations.close();
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
