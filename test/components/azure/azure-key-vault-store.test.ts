import assert from "node:assert/strict";
import { before, beforeEach, test } from "node:test";
import type { SecretStoreSpec } from "../../../api/secret-store.ts";
import { validateSecretStore } from "../../../api/validate-secret-store.ts";
import { AzureKeyVaultStore, type AzureKeyVaultStoreArgs } from "../../../components/azure/index.ts";
import { accessPolicyPermissions, roleGrants } from "../../../components/azure/key-vault-grants.ts";
import { ExternalSecret } from "../../../components/external-secret.ts";
import type { ExternalSecretSpecArgs } from "../../../components/spec-args.generated.ts";
import { type RecordedResources, recordResources, settled } from "../recorded-resources.ts";
import { policiesAllow, rolesAllow, type VaultRequest } from "./azure-access.ts";

const ROLE = "azure-native:authorization:RoleAssignment";
const POLICY = "azure-native:keyvault:AccessPolicy";
const VAULT = "/subscriptions/s1/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/my-vault";
const IDENTITY = {
  id: "/subscriptions/s1/resourceGroups/ids/providers/Microsoft.ManagedIdentity/userAssignedIdentities/reader",
  clientId: "client-1",
  principalId: "principal-1",
  tenantId: "tenant-1",
};

let resources: RecordedResources;
before(async () => {
  resources = await recordResources();
});
beforeEach(() => resources.clear());

function store(args: Partial<AzureKeyVaultStoreArgs> = {}): AzureKeyVaultStore {
  const required = { namespace: "team-a", vaultId: VAULT, oidcIssuerUrl: "https://issuer.example.com/" };
  return new AzureKeyVaultStore("prod", { ...required, identity: IDENTITY, ...args });
}

function reading(through: AzureKeyVaultStore, spec: ExternalSecretSpecArgs, name = "app"): ExternalSecret {
  return new ExternalSecret(name, { metadata: { name }, store: through, spec });
}

/** The store is registered after all that it needs. */
const registered = (through: AzureKeyVaultStore) => settled(through.store.urn);

const keys = (...names: string[]) => ({
  data: names.map((key, index) => ({ secretKey: `k${index}`, remoteRef: { key } })),
});
const get = (name: string, kind: "secrets" | "certificates" | "keys" = "secrets"): VaultRequest => ({
  get: kind,
  name,
});
const allowed = (request: VaultRequest) => rolesAllow(resources.ofType(ROLE), "principal-1", VAULT, request);

test("each object that is read is allowed at its own scope, and one beside it is not", async () => {
  const through = store();
  reading(through, keys("db", "secret/api", "cert/tls", "key/signing"));
  await registered(through);
  for (const request of [get("db"), get("api"), get("tls", "certificates"), get("signing", "keys")]) {
    assert.ok(allowed(request), JSON.stringify(request));
  }
  const besides = [get("db2"), get("d"), get("tls"), get("signing"), get("db", "keys"), get("api", "certificates")];
  for (const request of [...besides, { list: "secrets" } as const])
    assert.ok(!allowed(request), JSON.stringify(request));
  assert.deepEqual(await settled(through.grantWarnings), []);
});

test("grants shrink and grow with the ExternalSecrets, under names that stay", async () => {
  const scopes = async (...names: string[]) => {
    resources.clear();
    const through = store();
    reading(through, keys(...names));
    await registered(through);
    return new Map(resources.ofType(ROLE).map(({ name, inputs }) => [name, inputs.roleAssignmentName]));
  };
  const first = await scopes("db", "api");
  const second = await scopes("api", "cache", "secret/API");
  assert.deepEqual([...first.keys()], ["prod-secrets-api", "prod-secrets-db"]);
  assert.deepEqual([...second.keys()], ["prod-secrets-api", "prod-secrets-cache"]);
  assert.equal(first.get("prod-secrets-api"), second.get("prod-secrets-api"));
  assert.match(first.get("prod-secrets-api"), /^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  assert.notEqual(first.get("prod-secrets-api"), first.get("prod-secrets-db"));
});

test("a find that names its secrets may list, and read those alone", async () => {
  const through = store();
  reading(through, { dataFrom: [{ find: { name: { regexp: "^(db|api)-key$" } } }] });
  await registered(through);
  for (const request of [get("db-key"), get("api-key"), { list: "secrets" } as const]) assert.ok(allowed(request));
  for (const request of [get("cache-key"), get("db-key2")]) assert.ok(!allowed(request));
  assert.deepEqual(await settled(through.grantWarnings), []);
});

test("a find by prefix or tags reads the vault's secrets, with a warning, but no keys and certificates", async () => {
  for (const find of [{ name: { regexp: "^my-app-" } }, { tags: { team: "a" } }]) {
    resources.clear();
    const through = store();
    reading(through, { dataFrom: [{ find }] });
    await registered(through);
    for (const request of [get("my-app-db"), { list: "secrets" } as const]) assert.ok(allowed(request));
    for (const request of [get("my-app-db", "keys"), get("my-app-db", "certificates")]) assert.ok(!allowed(request));
    const [warning = "", ...more] = await settled(through.grantWarnings);
    assert.match(warning, /^find .*: Azure cannot limit a role .* every secret of the vault/);
    assert.deepEqual(more, []);
  }
});

test("access policies get the kinds that are read and no more, and warn that they cannot name objects", async () => {
  const through = store({ access: "accessPolicy" });
  reading(through, keys("db", "cert/tls"));
  await registered(through);
  const policies = resources.ofType(POLICY);
  assert.equal(resources.ofType(ROLE).length, 0);
  for (const request of [get("db"), get("tls", "certificates")])
    assert.ok(policiesAllow(policies, "principal-1", request));
  for (const request of [get("k", "keys"), { list: "secrets" } as const]) {
    assert.ok(!policiesAllow(policies, "principal-1", request));
  }
  assert.match((await settled(through.grantWarnings))[0] ?? "", /reads all secrets, certificates of the vault/);
  assert.deepEqual(policies[0]?.inputs.policy.tenantId, "tenant-1");
});

test("a store that nobody reads through is granted nothing", async () => {
  for (const access of ["rbac", "accessPolicy"] as const) {
    const through = store({ access });
    await registered(through);
    assert.deepEqual([...resources.ofType(ROLE), ...resources.ofType(POLICY)], []);
  }
});

test("the service account's tokens are believed, and its annotations name the identity", async () => {
  const through = store();
  await registered(through);
  const { inputs: credential } = resources.find("azure-native:managedidentity:FederatedIdentityCredential", "prod");
  assert.deepEqual(
    [
      credential.issuer,
      credential.subject,
      credential.audiences,
      credential.resourceGroupName,
      credential.resourceName,
    ],
    [
      "https://issuer.example.com/",
      "system:serviceaccount:team-a:prod",
      ["api://AzureADTokenExchange"],
      "ids",
      "reader",
    ],
  );
  const { inputs: account } = resources.find("kubernetes:core/v1:ServiceAccount", "prod");
  assert.deepEqual(account.metadata, {
    name: "prod",
    namespace: "team-a",
    annotations: {
      "azure.workload.identity/client-id": "client-1",
      "azure.workload.identity/tenant-id": "tenant-1",
    },
  });
});

test("the store logs in as the service account, in the schema's own words", async () => {
  const through = store({ kind: "ClusterSecretStore", conditions: [{ namespaces: ["team-a"] }], storeName: "azure" });
  await registered(through);
  const { inputs } = resources.find("kubernetes:external-secrets.io/v1:ClusterSecretStore", "prod");
  const spec: SecretStoreSpec = inputs.spec;
  assert.deepEqual(validateSecretStore({ spec }), []);
  assert.deepEqual(spec.provider.azurekv, {
    vaultUrl: "https://my-vault.vault.azure.net",
    authType: "WorkloadIdentity",
    tenantId: "tenant-1",
    serviceAccountRef: { name: "prod", namespace: "team-a" },
  });
  assert.equal(through.ref.kind, "ClusterSecretStore");
  assert.equal(await settled(through.ref.name), "azure");
});

test("without an identity one is made in the vault's resource group", async () => {
  const through = new AzureKeyVaultStore("own", {
    newIdentity: { location: "westeurope", name: "reader" },
    namespace: "team-a",
    vaultId: VAULT,
    oidcIssuerUrl: "https://issuer.example.com/",
    serviceAccount: { create: false, name: "given" },
  });
  await registered(through);
  const { inputs } = resources.find("azure-native:managedidentity:UserAssignedIdentity", "own");
  assert.deepEqual(inputs, { resourceGroupName: "rg", location: "westeurope", resourceName: "reader" });
  assert.deepEqual(resources.ofType("kubernetes:core/v1:ServiceAccount"), []);
});

test("the store is made after its grants and the federated credential", async () => {
  const through = store();
  reading(through, keys("db"));
  await registered(through);
  const order = resources.all.map(({ type }) => type);
  const at = (type: string) => order.indexOf(type);
  const storeAt = at("kubernetes:external-secrets.io/v1:SecretStore");
  for (const type of [ROLE, "azure-native:managedidentity:FederatedIdentityCredential"]) {
    assert.ok(at(type) >= 0 && at(type) < storeAt, type);
  }
});

test("a key that no vault can hold, and a path, are refused with what to write", () => {
  for (const [read, message] of [
    ["db/password", /key "db\/password" names no object of Azure Key Vault: write NAME, secret\/NAME/],
    ["file/db", /names no object/],
    [{ kind: "find", path: "a" }, /find path a: Azure Key Vault has no paths/],
  ] as const) {
    const reads = [typeof read === "string" ? ({ kind: "key", key: read } as const) : read];
    assert.throws(() => roleGrants(reads), { message });
    assert.throws(() => accessPolicyPermissions(reads), { message });
  }
});

test("a fixed list is granted and no more; differences to what is read are told", async () => {
  const through = store({ grants: { secrets: ["db", "unread"] } });
  reading(through, keys("secret/db", "api"));
  await registered(through);
  assert.ok(allowed(get("db")) && allowed(get("unread")) && !allowed(get("api")));
  assert.deepEqual(await settled(through.unusedGrants), ["unread"]);
  assert.deepEqual(await settled(through.missingGrants), ['api (ExternalSecret "app")']);
});
