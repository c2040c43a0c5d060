import assert from "node:assert/strict";
import { before, beforeEach, test } from "node:test";
import { ExternalSecret } from "../../../components/external-secret.ts";
import { VaultStore } from "../../../components/vault/index.ts";
import { type RecordedResources, recordResources, settled } from "../recorded-resources.ts";
import { isPermitted } from "./policy-evaluator.ts";

let resources: RecordedResources;
before(async () => {
  resources = await recordResources();
});
beforeEach(() => resources.clear());

const args = { server: "https://vault.example.com:8200", path: "secret", namespace: "team-a" } as const;

test("the policy allows what the program's ExternalSecrets read, and nothing beside it", async () => {
  const store = new VaultStore("prod", args);
  new ExternalSecret("db", { store, spec: { data: [{ secretKey: "a", remoteRef: { key: "prod/db" } }] } });
  new ExternalSecret("all", { store, spec: { dataFrom: [{ extract: { key: "prod/api" } }] } });
  await settled(store.store.urn);
  const { policy } = resources.find("vault:index/policy:Policy", "prod").inputs;
  assert.ok(isPermitted(policy, "read", "secret/data/prod/db") && isPermitted(policy, "read", "secret/data/prod/api"));
  assert.ok(!isPermitted(policy, "read", "secret/data/prod/web"));
});

test("one service account with Vault's audience logs in to a role with that policy", async () => {
  const store = new VaultStore("prod", { ...args, login: { mountPath: "cluster" } });
  await settled(store.store.urn);
  const role = resources.find("vault:kubernetes/authBackendRole:AuthBackendRole", "prod").inputs;
  assert.deepEqual(role, {
    ...{ backend: "cluster", roleName: "prod", audience: "vault", tokenTtl: 3600, tokenPolicies: ["prod"] },
    ...{ boundServiceAccountNames: ["prod"], boundServiceAccountNamespaces: ["team-a"] },
  });
  const { provider } = resources.find("kubernetes:external-secrets.io/v1:SecretStore", "prod").inputs.spec;
  assert.deepEqual(provider.vault, {
    ...{ server: args.server, path: "secret" },
    auth: {
      kubernetes: { mountPath: "cluster", role: "prod", serviceAccountRef: { name: "prod", audiences: ["vault"] } },
    },
  });
});

test("without ExternalSecrets the policy allows nothing", async () => {
  const store = new VaultStore("prod", args);
  assert.ok(!isPermitted(await settled(store.policy), "read", "secret/data/prod/db"));
});
