import assert from "node:assert/strict";
import { before, beforeEach, test } from "node:test";
import { output } from "@pulumi/pulumi";
import { ExternalSecret } from "../../components/external-secret.ts";
import { ClusterSecretStore, SecretStore } from "../../components/secret-store.ts";
import { type RecordedResources, recordResources, settled } from "./recorded-resources.ts";

let resources: RecordedResources;
before(async () => {
  resources = await recordResources();
});
beforeEach(() => resources.clear());

const fake = { fake: { data: [{ key: "a", value: "b" }] } };
const data = [{ secretKey: "a", remoteRef: { key: "a" } }];

test("a store is registered as it is written, with inputs resolved at every depth", async () => {
  const store = new SecretStore("store", {
    metadata: { namespace: "team-a" },
    spec: {
      provider: { vault: { server: output("http://127.0.0.1"), auth: { tokenSecretRef: { name: output("t") } } } },
    },
  });
  await settled(store.urn);
  const { inputs } = resources.find("kubernetes:external-secrets.io/v1:SecretStore", "store");
  assert.deepEqual(inputs.spec.provider.vault, { server: "http://127.0.0.1", auth: { tokenSecretRef: { name: "t" } } });
  assert.deepEqual(inputs.metadata, { namespace: "team-a", annotations: { "pulumi.com/waitFor": "condition=Ready" } });
});

test("a store's ref names it and its kind", async () => {
  const store = new ClusterSecretStore("store", { metadata: { name: "shared" }, spec: { provider: fake } });
  assert.equal(store.ref.kind, "ClusterSecretStore");
  assert.equal(await settled(store.ref.name), "shared");
});

test("skipAwait waits for nothing, and an annotation of the user's own stays", async () => {
  const store = new SecretStore("a", { spec: { provider: fake }, skipAwait: true });
  const waiting = { "pulumi.com/waitFor": "jsonpath={.status}" };
  const other = new SecretStore("b", { metadata: { annotations: waiting }, spec: { provider: fake } });
  await settled(store.urn);
  await settled(other.urn);
  const annotations = (name: string) =>
    resources.find("kubernetes:external-secrets.io/v1:SecretStore", name).inputs.metadata.annotations;
  assert.deepEqual(annotations("a"), { "pulumi.com/skipAwait": "true" });
  assert.deepEqual(annotations("b"), waiting);
});

test("the Secret's name is the target's, or else the ExternalSecret's own", async () => {
  const secretStoreRef = { name: "store" };
  const named = new ExternalSecret("a", {
    metadata: { name: "a" },
    spec: { secretStoreRef, data, target: { name: "t" } },
  });
  const unnamed = new ExternalSecret("b", { metadata: { name: "b" }, spec: { secretStoreRef, data } });
  assert.equal(await settled(named.secretName), "t");
  assert.equal(await settled(unnamed.secretName), "b");
});
