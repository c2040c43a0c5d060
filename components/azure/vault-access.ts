/** Registers what Azure grants: role assignments at single objects, or one access policy. */
import { RoleAssignment } from "@pulumi/azure-native/authorization/roleAssignment.js";
import { AccessPolicy } from "@pulumi/azure-native/keyvault/accessPolicy.js";
import { all, type ComponentResource, type Output, type Resource } from "@pulumi/pulumi";
import type { GrantPlan, KnownGrants } from "../grants/grant-plan.ts";
import type { RemoteRead } from "../grants/remote-read.ts";
import type { RegisteredGrants } from "../keyless-store-component.ts";
import type { AzureIdentity } from "./azure-identity.ts";
import {
  type AccessPolicyPermissions,
  accessPolicyPermissions,
  type RoleGrant,
  roleGrants,
} from "./key-vault-grants.ts";
import { nameGuid } from "./name-guid.ts";
import type { AzureResourceId } from "./vault-address.ts";

/** How the vault decides. */
export type KeyVaultAccess = "rbac" | "accessPolicy";

/** The vault, by its id and in parts. */
export interface GrantedVault {
  readonly id: Output<string>;
  readonly parts: Output<AzureResourceId>;
}

/** @throws (in the Outputs) Error for a key or a find that no Key Vault can serve. */
export function registeredGrants(
  name: string,
  access: KeyVaultAccess,
  { granted, known }: Pick<GrantPlan, "granted" | "known">,
  vault: GrantedVault,
  identity: AzureIdentity,
  parent: ComponentResource,
): RegisteredGrants {
  const registered = known.apply((given) => {
    const { granted: reads, pending } = given as KnownGrants;
    if (access === "rbac") {
      const { grants, warnings } = roleGrants(reads);
      return { resources: grants.map((grant) => roleAssignment(name, grant, vault, identity, parent)), warnings };
    }
    const { grants, warnings } = accessPolicyPermissions(reads);
    const isEmpty = givenPermissions(grants).length === 0 && pending.length === 0;
    return { resources: isEmpty ? [] : [accessPolicy(name, granted, vault, identity, parent)], warnings };
  });
  return {
    resources: registered.apply(({ resources }) => resources as Resource[]),
    // Unknown as long as a name is.
    warnings: all([registered, granted]).apply(([{ warnings }]) => warnings),
  };
}

function roleAssignment(
  name: string,
  { role, scope, label }: RoleGrant,
  vault: GrantedVault,
  { principalId }: AzureIdentity,
  parent: ComponentResource,
): RoleAssignment {
  const wholeScope = vault.id.apply((id) => (scope === "" ? id : `${id}/${scope}`));
  return new RoleAssignment(
    `${name}-${label}`,
    {
      scope: wholeScope,
      principalId,
      // Else Azure looks the principal up, and a new one is not found at once.
      principalType: "ServicePrincipal",
      roleDefinitionId: vault.parts.apply(
        ({ subscription }) =>
          `/subscriptions/${subscription}/providers/Microsoft.Authorization/roleDefinitions/${role.id}`,
      ),
      roleAssignmentName: all([wholeScope, principalId]).apply((parts) => nameGuid(...parts, role.id)),
    },
    { parent },
  );
}

function accessPolicy(
  name: string,
  granted: Output<readonly RemoteRead[]>,
  vault: GrantedVault,
  { principalId, tenantId }: AzureIdentity,
  parent: ComponentResource,
): AccessPolicy {
  // One policy for all: what it permits is unknown as long as a name is.
  const permissions = granted.apply((reads) =>
    Object.fromEntries(givenPermissions(accessPolicyPermissions(reads as readonly RemoteRead[]).grants)),
  );
  return new AccessPolicy(
    name,
    {
      resourceGroupName: vault.parts.apply(({ resourceGroup }) => resourceGroup),
      vaultName: vault.parts.apply((own) => own.name),
      policy: {
        objectId: principalId,
        tenantId,
        permissions,
      },
    },
    { parent },
  );
}

function givenPermissions(permissions: AccessPolicyPermissions): [string, string[]][] {
  const lists = Object.entries(permissions).map(([kind, list]): [string, string[]] => [kind, [...list]]);
  return lists.filter(([, list]) => list.length > 0);
}
