/** What a VaultStore registers, applied to a real Vault: a service account's token logs in, and reads what is declared alone. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { ExternalSecret } from "../../../components/external-secret.ts";
import { VaultStore } from "../../../components/vault/index.ts";
import { type ControlPlane, startControlPlane } from "../../ground/index.ts";
import { startVault, type Vault } from "../../ground/vault.ts";
import { type RecordedResources, recordResources, settled } from "../recorded-resources.ts";

let cluster: ControlPlane;
let vault: Vault;
let resources: RecordedResources;

before(async () => {
  [cluster, vault, resources] = await Promise.all([
    startControlPlane({ controllerManager: false }),
    startVault({ plugins: true }),
    recordResources(),
  ]);
  for (const name of ["reviewer", "prod", "other"]) {
    await cluster.kubectl(["create", "serviceaccount", name, "--namespace", "default"]);
  }
  await cluster.kubectl([
    ...["create", "clusterrolebinding", "reviewer"],
    ...["--clusterrole", "system:auth-delegator", "--serviceaccount", "default:reviewer"],
  ]);
  await vault.write("sys/auth/kubernetes", { type: "kubernetes" });
  await vault.write("auth/kubernetes/config", {
    kubernetes_host: cluster.server,
    kubernetes_ca_cert: cluster.caPem,
    token_reviewer_jwt: await tokenOf("reviewer"),
  });
  for (const name of ["prod/db", "prod/api/key", "staging/db"]) {
    await vault.write(`secret/data/${name}`, { data: { value: name } });
  }
});
after(async () => {
  await vault?.stop();
  await cluster?.stop();
});

async function tokenOf(serviceAccount: string, audience?: string): Promise<string> {
  const audiences = audience === undefined ? [] : ["--audience", audience];
  const { stdout } = await cluster.kubectl(["create", "token", serviceAccount, "--namespace", "default", ...audiences]);
  return stdout.trim();
}

/** Does what the Vault provider does with the policy and the role that were registered. */
async function apply(store: VaultStore): Promise<void> {
  await settled(store.store.urn);
  const { name, policy } = resources.find("vault:index/policy:Policy", "prod").inputs;
  await vault.write(`sys/policies/acl/${name}`, { policy });
  const role = resources.find("vault:kubernetes/authBackendRole:AuthBackendRole", "prod").inputs;
  await vault.write(`auth/${role.backend}/role/${role.roleName}`, {
    bound_service_account_names: role.boundServiceAccountNames,
    bound_service_account_namespaces: role.boundServiceAccountNamespaces,
    audience: role.audience,
    token_policies: role.tokenPolicies,
    token_ttl: role.tokenTtl,
  });
}

async function logIn(jwt: string): Promise<string | undefined> {
  const { body } = await vault.request({
    ...{ method: "POST", path: "auth/kubernetes/login", token: "" },
    body: { role: "prod", jwt },
  });
  return (body as { auth?: { client_token: string } }).auth?.client_token;
}

const status = async (token: string, method: string, path: string) =>
  (await vault.request({ method, path, token })).status;

test("the service account reads what is declared, others and other audiences do not log in", async () => {
  const store = new VaultStore("prod", { server: vault.address, path: "secret", namespace: "default" });
  new ExternalSecret("db", { store, spec: { data: [{ secretKey: "a", remoteRef: { key: "prod/db" } }] } });
  new ExternalSecret("found", { store, spec: { dataFrom: [{ find: { path: "prod/api" } }] } });
  await apply(store);
  const token = (await logIn(await tokenOf("prod", "vault"))) ?? "";
  assert.notEqual(token, "");
  assert.equal(await status(token, "GET", "secret/data/prod/db"), 200);
  assert.equal(await status(token, "LIST", "secret/metadata/prod/api"), 200);
  assert.equal(await status(token, "GET", "secret/data/prod/api/key"), 200);
  for (const beside of ["secret/data/staging/db", "secret/data/prod/db2", "secret/metadata/prod/db"]) {
    assert.equal(await status(token, "GET", beside), 403, beside);
  }
  assert.equal(await status(token, "LIST", "secret/metadata/prod"), 403);
  assert.equal(await status(token, "POST", "secret/data/prod/db"), 403);
  assert.equal(await logIn(await tokenOf("other", "vault")), undefined);
  assert.equal(await logIn(await tokenOf("prod")), undefined);
});

test("the policy shrinks with the ExternalSecrets, to one that Vault takes and that allows nothing", async () => {
  resources.clear();
  await apply(new VaultStore("prod", { server: vault.address, path: "secret", namespace: "default" }));
  const token = (await logIn(await tokenOf("prod", "vault"))) ?? "";
  assert.notEqual(token, "");
  assert.equal(await status(token, "GET", "secret/data/prod/db"), 403);
});
