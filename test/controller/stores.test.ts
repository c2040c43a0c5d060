import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import { test } from "node:test";
import { AccessDenied, Transient } from "../../providers/errors.ts";
import {
  CLUSTER_STORES,
  EXTERNAL_SECRETS,
  externalSecret,
  fakeStore,
  NAMESPACES,
  SECRETS,
  STORES,
  startTestController,
} from "./controller-fixture.ts";
import { ScriptedBackend } from "./scripted-backend.ts";

const clusterRef = { secretStoreRef: { name: "shared", kind: "ClusterSecretStore" as const } };
const namespace = (name: string, labels = {}) => ({ apiVersion: "v1", kind: "Namespace", metadata: { name, labels } });
const login = (inNamespace: string, token: string) => ({
  apiVersion: "v1",
  kind: "Secret",
  metadata: { namespace: inNamespace, name: "login" },
  data: { token: Buffer.from(token).toString("base64") },
});

async function scripted(context: TestContext) {
  const backend = new ScriptedBackend();
  backend.values.set("app/db", "value");
  const it = await startTestController(context, { surroundings: { bindBackend: backend.bindBackend } });
  return { backend, it };
}

test("one client serves all ExternalSecrets of a store, and equal reads at the same time are one", async (context) => {
  const { backend, it } = await scripted(context);
  const gate = Promise.withResolvers<void>();
  backend.beforeRead = () => gate.promise;
  it.put(STORES, fakeStore("a/store", {}));
  await it.ready("a/store", "True");
  for (let i = 0; i < 8; i++) it.put(EXTERNAL_SECRETS, externalSecret(`a/es-${i}`));
  await it.soon("the read", () => backend.reads > 0);
  await it.pass(200);
  assert.equal(backend.reads, 1);
  gate.resolve();
  for (let i = 0; i < 8; i++) await it.ready(`a/es-${i}`, "True");
  assert.equal(backend.opened.length, 1);
  assert.match(
    await it.metrics(),
    /external_secrets_store_calls_total\{provider="fake",call="getSecret",status="success"\} [1-3]\n/,
  );
});

test("a ClusterSecretStore serves permitted namespaces, and others once their labels permit it", async (context) => {
  const it = await startTestController(context);
  const conditions = [{ namespaceSelector: { matchLabels: { team: "x" } } }];
  it.put(NAMESPACES, namespace("in", { team: "x" }));
  it.put(NAMESPACES, namespace("out"));
  it.put(CLUSTER_STORES, fakeStore("shared", { "app/db": "v" }, { conditions }));
  it.put(EXTERNAL_SECRETS, externalSecret("in/db", clusterRef));
  it.put(EXTERNAL_SECRETS, externalSecret("out/db", clusterRef));
  await it.ready("in/db", "True");
  await it.ready(
    "out/db",
    "False",
    /using cluster store "shared" is not allowed from namespace "out": denied by spec\.condition; permit/,
  );
  assert.equal(it.secret("out/db"), undefined);
  const at = it.clock.now();
  it.put(NAMESPACES, namespace("out", { team: "x" }));
  await it.ready("out/db", "True");
  assert.ok(it.clock.now() - at < 2_000, "at once");
});

test("with cluster stores switched off, what names one is left alone", async (context) => {
  const it = await startTestController(context, { options: { clusterStores: false } });
  it.put(CLUSTER_STORES, fakeStore("shared", { "app/db": "v" }));
  it.put(EXTERNAL_SECRETS, externalSecret("a/db", clusterRef));
  await it.pass(5_000);
  assert.deepEqual(it.writes(), []);
});

test("a ClusterSecretStore with credentials of each namespace is Unknown by itself, and opens one client for each", async (context) => {
  const { backend, it } = await scripted(context);
  backend.onOpen = async (store, signal) => {
    await store.readSecretKey({ name: "login", key: "token" }, "spec.provider.vault.auth.tokenSecretRef", signal);
  };
  it.put(CLUSTER_STORES, fakeStore("shared", {}));
  it.put(SECRETS, login("a", "1"));
  for (const key of ["a/db", "a/more", "b/db"]) it.put(EXTERNAL_SECRETS, externalSecret(key, clusterRef));
  await it.ready("shared", "True", /namespace of an ExternalSecret/);
  assert.equal(it.store("shared")?.status?.conditions?.[0]?.reason, "ValidationUnknown");
  await it.ready("a/db", "True");
  await it.ready("a/more", "True");
  await it.ready("b/db", "False", /Secret "b\/login" does not exist/);
  assert.deepEqual(backend.opened, ["a"]);
  it.put(SECRETS, login("b", "2"));
  await it.ready("b/db", "True");
  assert.deepEqual(backend.opened, ["a", "b"]);
});

test("a changed credential Secret opens a new client at once and closes the old one", async (context) => {
  const { backend, it } = await scripted(context);
  const tokens: string[] = [];
  backend.onOpen = async (store, signal) => {
    const token = await store.readSecretKey({ name: "login", key: "token" }, "spec.x", signal);
    tokens.push(Buffer.from(token).toString());
  };
  it.put(SECRETS, login("a", "1"));
  it.put(STORES, fakeStore("a/store", {}));
  await it.ready("a/store", "True");
  const at = it.clock.now();
  it.put(SECRETS, login("a", "2"));
  await it.soon("the new client", () => tokens.at(-1) === "2" && backend.closed === 1);
  assert.ok(it.clock.now() - at < 2_000);
  const opened = tokens.length;
  it.edit(SECRETS, "a/login", (secret) => secret);
  await it.pass(1_000);
  assert.equal(tokens.length, opened);
});

test("a good store is validated by its interval, without a write or an event", async (context) => {
  const { backend, it } = await scripted(context);
  it.put(STORES, fakeStore("a/store", {}, { refreshInterval: 60 }));
  await it.ready("a/store", "True");
  await it.soon("the event", () => it.events().length === 1);
  const writes = it.writes().length;
  await it.pass(600_000);
  assert.ok(backend.validations >= 5, String(backend.validations));
  assert.equal(it.writes().length, writes);
  assert.equal(it.events().length, 1);
  assert.equal(backend.opened.length, 1);
});

test("a store that fails is tried again within 10 s, and its events do not repeat", async (context) => {
  const { backend, it } = await scripted(context);
  backend.validateFailure = new Transient("no answer");
  it.put(STORES, fakeStore("a/store", {}));
  const message = await it.ready("a/store", "False");
  assert.equal(message, "unable to validate store: no answer");
  await it.pass(120_000);
  assert.ok(backend.validations >= 12, String(backend.validations));
  assert.equal(it.events().length, 1);
  backend.validateFailure = undefined;
  const at = it.clock.now();
  await it.ready("a/store", "True");
  assert.ok(it.clock.now() - at <= 10_000);
});

test("Retry-After of a backend is obeyed", async (context) => {
  const { backend, it } = await scripted(context);
  backend.failures.set("app/db", new Transient("throttled", { retryAfterMs: 60_000 }));
  it.put(STORES, fakeStore("a/store", {}));
  it.put(EXTERNAL_SECRETS, externalSecret("a/db"));
  await it.ready("a/db", "False", /throttled/);
  const reads = backend.reads;
  await it.pass(50_000);
  assert.equal(backend.reads, reads);
  await it.soon("the next attempt", () => backend.reads > reads, 1_000);
});

test("a refused read has the store validated, but not each time", async (context) => {
  const { backend, it } = await scripted(context);
  it.put(STORES, fakeStore("a/store", {}));
  it.put(EXTERNAL_SECRETS, externalSecret("a/db"));
  await it.ready("a/db", "True");
  await it.pass(40_000);
  const validations = backend.validations;
  backend.failures.set("app/db", new AccessDenied("denied"));
  it.edit(EXTERNAL_SECRETS, "a/db", (object) => ({ ...object, metadata: { ...object.metadata, labels: { a: "1" } } }));
  await it.ready("a/db", "False", /denied/);
  await it.pass(60_000);
  const more = backend.validations - validations;
  assert.ok(more >= 1 && more <= 3, String(more));
});

test("a deleted store closes its client", async (context) => {
  const { backend, it } = await scripted(context);
  it.put(STORES, fakeStore("a/store", {}));
  await it.ready("a/store", "True");
  it.server.store.remove(STORES, "a/store");
  await it.soon("the end of the client", () => backend.closed === 1);
  assert.doesNotMatch(await it.metrics(), /secretstore_status_condition\{name="store"/);
});

test("sourceRef takes single entries from other stores", async (context) => {
  const it = await startTestController(context);
  it.put(STORES, fakeStore("a/store", { "app/db": "one" }));
  it.put(STORES, fakeStore("a/second", { "app/other": "two" }));
  const other = { secretKey: "other", remoteRef: { key: "app/other" }, sourceRef: { storeRef: { name: "second" } } };
  const data = [{ secretKey: "password", remoteRef: { key: "app/db" } }, other];
  it.put(EXTERNAL_SECRETS, externalSecret("a/db", { data }));
  await it.ready("a/db", "True");
  assert.deepEqual(it.dataOf("a/db"), { password: "one", other: "two" });
});

test("a backend that finds out late that it needs the namespace gets a client for each", async (context) => {
  const { backend, it } = await scripted(context);
  backend.needsNamespace = true;
  it.put(CLUSTER_STORES, fakeStore("shared", {}));
  it.put(EXTERNAL_SECRETS, externalSecret("a/db", clusterRef));
  it.put(EXTERNAL_SECRETS, externalSecret("b/db", clusterRef));
  await it.ready("a/db", "True");
  await it.ready("b/db", "True");
  assert.equal(it.store("shared")?.status?.conditions?.[0]?.reason, "ValidationUnknown");
  assert.deepEqual([...backend.opened].sort(), ["a", "b", undefined]);
});

test("a changed ConfigMap of a store is seen when the store is tried again", async (context) => {
  const { backend, it } = await scripted(context);
  let authority = "";
  backend.onOpen = async (store, signal) => {
    const pem = await store.readConfigMapKey({ name: "ca", key: "ca.crt" }, "spec.provider.vault.caProvider", signal);
    authority = Buffer.from(pem).toString();
    backend.validateFailure = authority === "right" ? undefined : new Transient("the certificate is not trusted");
  };
  const configMap = (pem: string) => ({ metadata: { namespace: "a", name: "ca" }, data: { "ca.crt": pem } });
  it.put("/api/v1/configmaps", configMap("wrong"));
  it.put(STORES, fakeStore("a/store", {}));
  await it.ready("a/store", "False", /not trusted/);
  it.put("/api/v1/configmaps", configMap("right"));
  await it.ready("a/store", "True");
});

test("a namespace's client that nobody uses any longer is closed", async (context) => {
  const { backend, it } = await scripted(context);
  backend.needsNamespace = true;
  it.put(CLUSTER_STORES, fakeStore("shared", {}));
  it.put(EXTERNAL_SECRETS, externalSecret("a/db", clusterRef));
  await it.ready("a/db", "True");
  it.server.store.remove(EXTERNAL_SECRETS, "a/db");
  await it.pass(20 * 60_000);
  assert.equal(backend.closed, 1, "the shared one is used by its validation");
});
