import assert from "node:assert/strict";
import { before, beforeEach, test } from "node:test";
import { output, secret } from "@pulumi/pulumi";
import { earlierVersions } from "../../components/earlier-versions.ts";
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

test("an ExternalSecret gives environment variables and volumes of its Secret", async () => {
  const made = new ExternalSecret("Data_Base", {
    metadata: { name: "db" },
    spec: { secretStoreRef: { name: "store" }, data },
  });
  assert.deepEqual(await settled(output(made.key("password", true))), {
    secretKeyRef: { name: "db", key: "password", optional: true },
  });
  assert.deepEqual(await settled(output(made.envVar("PASSWORD", "password"))), {
    name: "PASSWORD",
    valueFrom: { secretKeyRef: { name: "db", key: "password" } },
  });
  assert.deepEqual(await settled(output(made.envFrom())), { secretRef: { name: "db" } });
  const { name, secret: mounted } = await settled(output(made.volume(undefined, { defaultMode: 0o400 })));
  assert.match(String(name), /^data-base-[0-9a-f]{8}$/);
  assert.deepEqual(mounted, { secretName: "db", defaultMode: 0o400 });
});

test("the content is read for the hash alone, once, and not where the read would show a secret", async () => {
  const secretStoreRef = { name: "store" };
  const plain = new ExternalSecret("plain", { metadata: { name: "plain" }, spec: { secretStoreRef, data } });
  const template = { data: { url: secret("postgres://") } };
  const hidden = new ExternalSecret("hidden", {
    metadata: { name: "hidden" },
    spec: { secretStoreRef, data, target: { template } },
  });
  const unused = new ExternalSecret("unused", { spec: { secretStoreRef, data } });
  assert.match(await settled(plain.contentHash), /^[0-9a-f]{32}$/);
  assert.equal(await settled(plain.contentHash), await settled(plain.contentHash));
  assert.notEqual(await settled(plain.contentHash), await settled(hidden.contentHash));
  assert.deepEqual(Object.keys(plain.hashAnnotation), ["content.external-secrets.io/plain"]);
  await settled(unused.urn);
  const reads = resources.all.filter(({ name }) => name.endsWith("-content")).map(({ name }) => name);
  assert.deepEqual(reads, ["plain-content"]);
});

test("store sets the reference, and does not go together with one that is written", async () => {
  const store = new SecretStore("store", { metadata: { name: "shared" }, spec: { provider: fake } });
  const made = new ExternalSecret("made", { store, spec: { data } });
  await settled(made.urn);
  const { inputs } = resources.find("kubernetes:external-secrets.io/v1:ExternalSecret", "made");
  assert.deepEqual(inputs.spec.secretStoreRef, { kind: "SecretStore", name: "shared" });
  assert.throws(() => new ExternalSecret("both", { store, spec: { secretStoreRef: { name: "other" }, data } }), {
    message: /ExternalSecret both: store and spec.secretStoreRef are both set/,
  });
});

test("a bare resource of an earlier version is taken for the same one", async () => {
  const { aliases } = earlierVersions("ExternalSecret");
  assert.deepEqual(aliases, [{ type: "kubernetes:external-secrets.io/v1beta1:ExternalSecret" }]);
});
