import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import type { SecretStoreSpec } from "../../api/secret-store.ts";
import { createStoreContext } from "../../controller/store-clients/store-context.ts";
import type { StoreContext, StoreIdentity } from "../../providers/contract.ts";
import { AccessDenied, InvalidConfiguration, ReferentNamespaceMissing, Transient } from "../../providers/errors.ts";
import { startClient } from "./kube/test-parts.ts";

const secretStore: StoreIdentity = { kind: "SecretStore", name: "s", namespace: "mine" };
const clusterStore: StoreIdentity = { kind: "ClusterSecretStore", name: "s" };
const field = "spec.provider.vault.auth.tokenSecretRef";

async function fixture(context: TestContext) {
  const { server, client, clock, signal } = await startClient(context, { protocol: "http" });
  for (const namespace of ["mine", "other"]) {
    const metadata = { namespace, name: "login" };
    server.store.put("/api/v1/secrets", {
      metadata,
      data: { token: Buffer.from(`of ${namespace}`).toString("base64") },
    });
    server.store.put("/api/v1/configmaps", { metadata, data: { "ca.crt": "PEM" }, binaryData: { bytes: "AAE=" } });
    server.store.put("/api/v1/serviceaccounts", { metadata: { ...metadata, annotations: { role: namespace } } });
  }
  const reads: string[] = [];
  const contextOf = (
    store: StoreIdentity,
    namespace: string | undefined,
    retrySettings?: SecretStoreSpec["retrySettings"],
  ): StoreContext =>
    createStoreContext({
      retrySettings,
      ...{ store, namespace, kube: client, clock, environment: {}, requestTimeoutMs: 1_000 },
      onRead: (dependency, version) => reads.push(`${dependency} ${version === undefined ? "absent" : "present"}`),
    });
  const token = async (of: StoreContext, namespace?: string) => {
    const ref = { name: "login", key: "token", ...(namespace === undefined ? {} : { namespace }) };
    return Buffer.from(await of.readSecretKey(ref, field, signal)).toString();
  };
  return { server, signal, contextOf, token, reads };
}

test("retrySettings reach the backend in numbers, and an interval that is no duration is refused by name", async (context) => {
  const { contextOf } = await fixture(context);
  const settings = { maxRetries: 2, retryInterval: "1m30s" };
  const { retrySettings } = contextOf(secretStore, "mine", settings);
  assert.deepEqual(retrySettings, { maxRetries: 2, retryIntervalMs: 90_000 });
  assert.equal(contextOf(secretStore, "mine").retrySettings, undefined);
  const wrong = () => contextOf(secretStore, "mine", { retryInterval: "soon" });
  assert.throws(wrong, /spec\.retrySettings\.retryInterval: "soon" is no duration/);
});

test("a SecretStore reads in its own namespace, named or not", async (context) => {
  const { contextOf, token, reads } = await fixture(context);
  assert.equal(await token(contextOf(secretStore, "mine")), "of mine");
  assert.equal(await token(contextOf(secretStore, "mine"), "mine"), "of mine");
  assert.deepEqual(reads, ["Secret/mine/login present", "Secret/mine/login present"]);
});

test("a SecretStore that names another namespace is refused, and nothing is asked", async (context) => {
  const { contextOf, token, server, signal } = await fixture(context);
  const store = contextOf(secretStore, "mine");
  await assert.rejects(token(store, "other"), (error) => {
    assert.ok(error instanceof InvalidConfiguration);
    assert.equal(
      error.describe(),
      `${field}.namespace is "other", but a SecretStore may only refer to its own namespace "mine"; leave it out, or use a ClusterSecretStore`,
    );
    return true;
  });
  const ref = { name: "login", key: "ca.crt", namespace: "other" };
  await assert.rejects(store.readConfigMapKey(ref, field, signal), InvalidConfiguration);
  await assert.rejects(store.readServiceAccountAnnotations(ref, field, signal), InvalidConfiguration);
  const options = { defaultAudiences: [], expirationSeconds: 600, field };
  await assert.rejects(store.requestToken(ref, options, signal), InvalidConfiguration);
  assert.equal(server.requests.length, 0);
});

test("a ClusterSecretStore reads where the reference says, else in the namespace of the ExternalSecret", async (context) => {
  const { contextOf, token } = await fixture(context);
  assert.equal(await token(contextOf(clusterStore, "mine"), "other"), "of other");
  assert.equal(await token(contextOf(clusterStore, "mine")), "of mine");
  await assert.rejects(token(contextOf(clusterStore, undefined)), ReferentNamespaceMissing);
});

test("what is missing is told with its field, and noted so that its coming is seen", async (context) => {
  const { contextOf, reads, signal } = await fixture(context);
  const store = contextOf(secretStore, "mine");
  const message = async (name: string | undefined, key: string | undefined) => {
    const ref = { ...(name === undefined ? {} : { name }), ...(key === undefined ? {} : { key }) };
    return store.readSecretKey(ref, field, signal).then(
      () => "",
      (error) => error.describe(),
    );
  };
  assert.equal(
    await message("gone", "token"),
    `${field}: Secret "mine/gone" does not exist; create it, or correct ${field}.name`,
  );
  assert.equal(
    await message("login", "pass"),
    `${field}: Secret "mine/login" has no key "pass"; add the key to the Secret, or correct ${field}.key`,
  );
  assert.match(await message(undefined, "token"), /tokenSecretRef\.name is not set/);
  assert.match(await message("login", undefined), /tokenSecretRef\.key is not set/);
  assert.deepEqual(reads, ["Secret/mine/gone absent", "Secret/mine/login present"]);
});

test("ConfigMaps give text and bytes, service accounts annotations and tokens with all audiences", async (context) => {
  const { contextOf, signal, server } = await fixture(context);
  const store = contextOf(secretStore, "mine");
  assert.equal(
    Buffer.from(await store.readConfigMapKey({ name: "login", key: "ca.crt" }, field, signal)).toString(),
    "PEM",
  );
  assert.deepEqual([...(await store.readConfigMapKey({ name: "login", key: "bytes" }, field, signal))], [0, 1]);
  assert.deepEqual(await store.readServiceAccountAnnotations({ name: "login" }, field, signal), { role: "mine" });
  const ref = { name: "login", audiences: ["b", "a"] };
  const { token } = await store.requestToken(ref, { defaultAudiences: ["a"], expirationSeconds: 600, field }, signal);
  assert.match(token, /^fake-token\.mine\.login/);
  const body = server.requests.at(-1)?.body as { readonly spec: object };
  assert.deepEqual(body.spec, { audiences: ["a", "b"], expirationSeconds: 600 });
});

test("a refusal of the API server is the controller's own lack of permission, an outage is transient", async (context) => {
  const { contextOf, token, server } = await fixture(context);
  const status = (code: number, reason: string) => ({ status: code, reason, message: reason });
  server.fail({ answer: status(403, "Forbidden") });
  await assert.rejects(token(contextOf(secretStore, "mine")), (error) => {
    assert.ok(error instanceof AccessDenied);
    assert.match(error.describe(), /the controller may not get Secret "mine\/login"; grant it/);
    return true;
  });
  server.fail({ answer: status(500, "InternalError"), times: Number.POSITIVE_INFINITY });
  await assert.rejects(token(contextOf(secretStore, "mine")), Transient);
});

test("a labelled Secret is read whole, and refused by its field where its owner has not agreed", async (context) => {
  const { server, contextOf, reads, signal } = await fixture(context);
  const label = { key: "external-secrets.io/type", value: "webhook" };
  const labels = { [label.key]: label.value };
  const data = { token: "AAE=", empty: "" };
  server.store.put("/api/v1/secrets", { metadata: { namespace: "mine", name: "agreed", labels }, data });
  const store = contextOf(secretStore, "mine");
  const read = (name: string, namespace?: string) =>
    store.readLabelledSecret({ name, ...(namespace === undefined ? {} : { namespace }) }, label, field, signal);
  const secret = await read("agreed");
  assert.deepEqual(
    [...secret.entries()],
    [
      ["token", new Uint8Array([0, 1])],
      ["empty", new Uint8Array()],
    ],
  );
  await assert.rejects(read("login"), (error) => {
    assert.ok(error instanceof InvalidConfiguration);
    assert.equal(error.details.field, field);
    assert.match(error.describe(), /"mine\/login" lacks the label external-secrets\.io\/type=webhook/);
    return true;
  });
  await assert.rejects(read("agreed", "other"), InvalidConfiguration);
  await assert.rejects(read("missing"), InvalidConfiguration);
  assert.deepEqual(reads, ["Secret/mine/agreed present", "Secret/mine/login present", "Secret/mine/missing absent"]);
});
