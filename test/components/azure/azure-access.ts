/** Evaluates role assignments and access policies as Azure Key Vault does: test equipment. */
import type { runtime } from "@pulumi/pulumi";

type Registered = runtime.MockResourceArgs;

/** Data actions of Azure's built-in roles, as Azure documents them. */
const ROLES: Readonly<Record<string, readonly string[]>> = {
  "4633458b-17de-408a-b874-0445c86b69e6": ["vaults/secrets/getSecret/action", "vaults/secrets/readMetadata/action"],
  "21090545-7ca7-4776-b22c-e363652d74d2": ["vaults/*/read", "vaults/secrets/readMetadata/action"],
};

/** A request to a vault. */
export type VaultRequest =
  | { readonly list: "secrets" }
  | { readonly get: "secrets" | "certificates" | "keys"; readonly name: string };

/** Whether the assignments let the principal do it: an assignment holds for its scope and all below. */
export function rolesAllow(
  assignments: readonly Registered[],
  principal: string,
  vaultId: string,
  request: VaultRequest,
): boolean {
  const action = actionOf(request);
  const scope = "list" in request ? vaultId : `${vaultId}/${request.get}/${request.name}`;
  return assignments.some(({ inputs }) => {
    const role = String(inputs.roleDefinitionId).split("/").at(-1) ?? "";
    const isBelow = `${scope}/`.toLowerCase().startsWith(`${inputs.scope}/`.toLowerCase());
    return (
      inputs.principalId === principal && isBelow && (ROLES[role] ?? []).some((pattern) => matches(action, pattern))
    );
  });
}

/** Whether the access policies let the principal do it: they hold for all objects of a kind. */
export function policiesAllow(policies: readonly Registered[], principal: string, request: VaultRequest): boolean {
  const [kind, permission] = "list" in request ? [request.list, "list"] : [request.get, "get"];
  return policies.some(
    ({ inputs }) =>
      inputs.policy.objectId === principal && (inputs.policy.permissions[kind] ?? []).includes(permission),
  );
}

function actionOf(request: VaultRequest): string {
  if ("list" in request) return "vaults/secrets/readMetadata/action";
  return request.get === "secrets" ? "vaults/secrets/getSecret/action" : `vaults/${request.get}/read`;
}

function matches(action: string, pattern: string): boolean {
  const [before = "", after] = pattern.split("*");
  return after === undefined ? action === pattern : action.startsWith(before) && action.endsWith(after);
}
