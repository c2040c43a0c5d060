/** The policies over what components register, what previews do not know, and Secrets that Pulumi writes itself. */
import assert from "node:assert/strict";
import { before, beforeEach, test } from "node:test";
import { UnknownValueError, unknownCheckingProxy } from "@pulumi/policy";
import { AzureKeyVaultStore } from "../../../components/azure/index.ts";
import { ExternalSecret } from "../../../components/external-secret.ts";
import { GcpSecretStore } from "../../../components/gcp/index.ts";
import { externalSecretsPolicies, noLiteralSecrets, noWildcardFind } from "../../../components/policies/index.ts";
import { SecretStore } from "../../../components/secret-store.ts";
import { type RecordedResources, recordResources, settled } from "../recorded-resources.ts";
import { violations } from "./violations.ts";

/** What a preview has in the place of a text that it does not know. */
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

let resources: RecordedResources;
before(async () => {
  resources = await recordResources();
});
beforeEach(() => resources.clear());

async function namesOfBroken(): Promise<readonly string[]> {
  const broken = resources.all.map(async ({ type, name, inputs }) => {
    const judged = externalSecretsPolicies().map(async (policy) => {
      const messages = await violations(policy, { type, name, props: inputs });
      return messages.map(() => `${name}: ${policy.name.replace("external-secrets-", "")}`);
    });
    return (await Promise.all(judged)).flat();
  });
  return (await Promise.all(broken)).flat().toSorted();
}

test("the clouds' stores keep all policies, with what is read through them", async () => {
  const shared = { namespace: "prod", refreshInterval: "5m" };
  const vaultId = "/subscriptions/s/resourceGroups/g/providers/Microsoft.KeyVault/vaults/v";
  const identity = {
    id: "/subscriptions/s/resourceGroups/g/providers/Microsoft.ManagedIdentity/userAssignedIdentities/i",
    ...{ clientId: "c", principalId: "p", tenantId: "t" },
  };
  const azure = new AzureKeyVaultStore("azure", { ...shared, vaultId, identity, oidcIssuerUrl: "https://i" });
  const google = new GcpSecretStore("google", {
    ...shared,
    project: "p",
    googleServiceAccount: false,
    cluster: { projectNumber: "1" },
  });
  for (const store of [azure, google]) {
    const secret = new ExternalSecret(`of-${store.ref.kind}-${store === azure}`, {
      store,
      spec: {
        data: [{ secretKey: "password", remoteRef: { key: "db" } }],
        target: { template: { data: { url: "postgres://app:{{ .password }}@db/app" } } },
      },
    });
    await settled(secret.urn);
  }
  assert.ok(resources.all.length > 8);
  assert.deepEqual(await namesOfBroken(), []);
});

test("typed components that break them are judged as bare resources are", async () => {
  const store = new SecretStore("store", {
    spec: {
      refreshInterval: 10,
      provider: { vault: { server: "https://v", auth: { tokenSecretRef: { name: "t", key: "k" } } } },
    },
  });
  const secret = new ExternalSecret("secret", {
    store,
    spec: {
      refreshInterval: "1s",
      dataFrom: [{ find: { name: { regexp: ".+" } } }],
      target: { template: { data: { token: "canary-hunter2" } } },
    },
  });
  // Stack `prod`, as the policies are told.
  await settled(secret.urn);
  assert.deepEqual(await namesOfBroken(), [
    "secret: no-literal-secrets",
    "secret: no-wildcard-find",
    "secret: refresh-interval-floor",
    "store: no-static-credentials",
    "store: refresh-interval-floor",
  ]);
});

test("a name that a preview does not know is left out of the message", async () => {
  const metadata = { name: UNKNOWN, namespace: "prod" };
  const props = unknownCheckingProxy({ metadata, spec: { dataFrom: [{ find: {} }], data: UNKNOWN } });
  const [message] = await violations(noWildcardFind(), { props });
  assert.match(message ?? "", /^ExternalSecret prod \(resource "resource"\): spec\.dataFrom\[0\]\.find/);
});

test("a value that a preview does not know is judged at up: Pulumi is told so", async () => {
  const props = unknownCheckingProxy({ spec: { target: { template: { data: { password: UNKNOWN } } } } });
  await assert.rejects(violations(noLiteralSecrets(), { props }), (error) => error instanceof UnknownValueError);
});

test("Secrets that Pulumi writes itself are judged by what they read and hold, not by an interval", async () => {
  const props = {
    metadata: { name: "s", namespace: "prod" },
    spec: {
      refreshInterval: "1s",
      dataFrom: [{ find: {} }],
      target: { template: { data: { token: "canary-hunter2" } } },
    },
  };
  for (const type of ["external-secrets:index:SyncedSecret", "pulumi-nodejs:dynamic/external-secrets:SyncedSecret"]) {
    const messages = await Promise.all(externalSecretsPolicies().map((policy) => violations(policy, { type, props })));
    assert.deepEqual(
      messages.map(({ length }) => length),
      [1, 0, 0, 1],
    );
    assert.match(messages[0]?.[0] ?? "", /^SyncedSecret prod\/s /);
  }
});
