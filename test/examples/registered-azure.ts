/** An Azure whose identities, federated credentials and permissions are those that a program has registered by now. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { rolesAllow, type VaultRequest } from "../components/azure/azure-access.ts";
import { type Application, type AzureEmulator, startAzureEmulator } from "../ground/azure/index.ts";
import type { ClusterIssuer } from "../ground/cluster-issuer.ts";
import { startConnectProxy } from "../ground/connect-proxy.ts";
import { createTempFolder, issueServerCertificate } from "../ground/index.ts";
import { ACCOUNTS } from "../ground/pulumi/cloud-provider/resource-kinds.ts";
import { type CloudRegistry, type Registration, startCloudRegistry } from "../ground/pulumi/cloud-registry.ts";

const VAULT = "my-shop";
const TYPE = {
  identity: "azure-native:managedidentity:UserAssignedIdentity",
  credential: "azure-native:managedidentity:FederatedIdentityCredential",
  assignment: "azure-native:authorization:RoleAssignment",
} as const;

export const VAULT_ID = `/subscriptions/${ACCOUNTS.azureSubscription}/resourceGroups/shop/providers/Microsoft.KeyVault/vaults/${VAULT}`;

export interface RegisteredAzure {
  readonly emulator: AzureEmulator;
  readonly registry: CloudRegistry;
  /** For the controller: Azure's own addresses lead to the emulator, and its certificate is trusted. */
  readonly env: Readonly<Record<string, string>>;
  /** Role and scope below the vault of each assignment, in order. */
  assignments(): readonly string[];
  stop(): Promise<void>;
}

export async function startRegisteredAzure({ issuer, jwks }: ClusterIssuer): Promise<RegisteredAzure> {
  const applications: Application[] = [];
  const registry = await startCloudRegistry((resources) => {
    applications.splice(0, applications.length, ...applicationsOf(resources));
  });
  const hosts = ["login.microsoftonline.com", `${VAULT}.vault.azure.net`];
  const { caPem, ...tls } = await issueServerCertificate(hosts);
  const emulator = await startAzureEmulator({
    applications,
    tls,
    tenantId: ACCOUNTS.azureTenant,
    resource: "https://vault.azure.net",
    issuers: { [issuer]: jwks },
  });
  const proxy = await startConnectProxy({ port: Number(new URL(emulator.secureEndpoint).port) });
  const folder = await createTempFolder("registered-azure");
  const caPath = join(folder.path, "ca.pem");
  await writeFile(caPath, caPem);
  return {
    emulator,
    registry,
    env: { HTTPS_PROXY: proxy.url, NODE_EXTRA_CA_CERTS: caPath },
    assignments: () =>
      registry
        .resources(TYPE.assignment)
        .map(
          ({ properties }) => `${idOf(properties.roleDefinitionId)} ${String(properties.scope).slice(VAULT_ID.length)}`,
        )
        .toSorted(),
    async stop() {
      await Promise.all([emulator.stop(), proxy.stop(), registry.stop()]);
      await folder.remove();
    },
  };
}

const idOf = (roleDefinition: unknown) => String(roleDefinition).split("/").at(-1);

function applicationsOf(resources: readonly Registration[]): Application[] {
  const ofType = (wanted: string) =>
    resources.filter(({ type }) => type === wanted).map(({ properties }) => properties);
  const assignments = ofType(TYPE.assignment).map((inputs) => ({ type: TYPE.assignment, name: "", inputs }));
  return ofType(TYPE.identity).map(({ clientId, principalId, name }) => ({
    clientId: String(clientId),
    federations: ofType(TYPE.credential)
      .filter(({ resourceName }) => resourceName === name)
      .map(({ issuer, subject }) => ({ issuer: String(issuer), subject: String(subject) })),
    permissions: (action, object) => {
      const request = vaultRequest(action, object);
      return request !== undefined && rolesAllow(assignments, String(principalId), VAULT_ID, request);
    },
  }));
}

/** Undefined for what no built-in role of a reader may do. */
function vaultRequest(action: string, name: string): VaultRequest | undefined {
  if (action === "secrets/list") return { list: "secrets" };
  const [kind, verb] = action.split("/");
  const isKnown = kind === "secrets" || kind === "certificates" || kind === "keys";
  return verb === "get" && isKnown ? { get: kind, name } : undefined;
}
