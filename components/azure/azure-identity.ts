/** The managed identity that a store acts as, and why Azure believes a service account that it is it. */
import { FederatedIdentityCredential } from "@pulumi/azure-native/managedidentity/federatedIdentityCredential.js";
import { UserAssignedIdentity } from "@pulumi/azure-native/managedidentity/userAssignedIdentity.js";
import { type ComponentResource, type Input, type Output, output, type Resource } from "@pulumi/pulumi";
import { definedFields } from "../defined-fields.ts";
import { azureResourceId } from "./vault-address.ts";

/** A user-assigned managed identity that is there; a `UserAssignedIdentity` of @pulumi/azure-native is one. */
export interface ExistingAzureIdentity {
  /** Its resource id. */
  readonly id: Input<string>;
  readonly clientId: Input<string>;
  /** The object id of its service principal. */
  readonly principalId: Input<string>;
  readonly tenantId: Input<string>;
}

/** How the identity is made. */
export interface NewAzureIdentityArgs {
  /** Default: the vault's. */
  readonly resourceGroupName?: Input<string>;
  /** Default: the provider's, else the resource group's. */
  readonly location?: Input<string>;
  /** Default: a name that Pulumi makes of the component's. */
  readonly name?: Input<string>;
  /** Default: none. */
  readonly tags?: Input<Record<string, Input<string>>>;
}

/** The identity, made or given. */
export interface AzureIdentity {
  readonly clientId: Output<string>;
  readonly principalId: Output<string>;
  readonly tenantId: Output<string>;
  /** What has to be there before anybody logs in as it. */
  readonly resources: readonly Resource[];
}

/** What an identity is made of. */
export interface AzureIdentityInputs {
  readonly existing: ExistingAzureIdentity | undefined;
  readonly created: NewAzureIdentityArgs | undefined;
  readonly vaultResourceGroup: Output<string>;
  /** URL of the cluster's OIDC issuer. */
  readonly issuer: Input<string>;
  /** The subject of the service account's tokens. */
  readonly subject: Output<string>;
}

/** The audience that Azure has for all tokens of others. */
const AUDIENCE = "api://AzureADTokenExchange";
const IDENTITY_TYPE = "Microsoft.ManagedIdentity/userAssignedIdentities";

/**
 * Makes the identity, unless it is given, and a federated credential by which tokens of the service account log in as it.
 * Azure allows 20 of these per identity.
 */
export function azureIdentity(name: string, inputs: AzureIdentityInputs, parent: ComponentResource): AzureIdentity {
  const identity = inputs.existing === undefined ? madeIdentity(name, inputs, parent) : givenIdentity(inputs.existing);
  const credential = new FederatedIdentityCredential(
    name,
    {
      resourceGroupName: identity.resourceGroup,
      resourceName: identity.name,
      issuer: inputs.issuer,
      subject: inputs.subject,
      audiences: [AUDIENCE],
    },
    { parent },
  );
  const { clientId, principalId, tenantId } = identity;
  return { clientId, principalId, tenantId, resources: [credential] };
}

interface PlacedIdentity extends Omit<AzureIdentity, "resources"> {
  readonly resourceGroup: Input<string>;
  readonly name: Input<string>;
}

function givenIdentity({ id, clientId, principalId, tenantId }: ExistingAzureIdentity): PlacedIdentity {
  const place = output(id).apply((own) => azureResourceId(own, IDENTITY_TYPE, "identity.id"));
  return {
    clientId: output(clientId),
    principalId: output(principalId),
    tenantId: output(tenantId),
    resourceGroup: place.apply(({ resourceGroup }) => resourceGroup),
    name: place.apply((own) => own.name),
  };
}

function madeIdentity(
  componentName: string,
  { created = {}, vaultResourceGroup }: AzureIdentityInputs,
  parent: ComponentResource,
): PlacedIdentity {
  const resourceGroup = created.resourceGroupName ?? vaultResourceGroup;
  const { clientId, principalId, tenantId, name } = new UserAssignedIdentity(
    componentName,
    {
      resourceGroupName: resourceGroup,
      ...definedFields({ location: created.location, resourceName: created.name, tags: created.tags }),
    },
    { parent },
  );
  return { clientId, principalId, tenantId, resourceGroup, name };
}
