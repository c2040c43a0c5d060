import assert from "node:assert/strict";
import { test } from "node:test";
import type { ExternalSecretSpec } from "../../api/external-secret.ts";
import { AccessDenied, Transient } from "../../providers/errors.ts";
import {
  type ControllerFixture,
  EXTERNAL_SECRETS,
  externalSecret,
  fakeStore,
  SECRETS,
  STORES,
  startTestController,
} from "./controller-fixture.ts";
import { ScriptedBackend } from "./scripted-backend.ts";

const good = { "app/db": '{"user":"u","password":"p"}', "app/text": "no json" };
const dataOf = (remoteRef: { key: string; property?: string }): Partial<ExternalSecretSpec> => ({
  data: [{ secretKey: "password", remoteRef }],
});

/** Brings up an ExternalSecret with its Secret, breaks it, expects the message, repairs it. */
async function breaksAndRecovers(
  it: ControllerFixture,
  parts: {
    readonly breakIt: () => void;
    readonly message: RegExp;
    readonly repair: () => void;
    readonly subject?: string;
    readonly reason?: string;
  },
): Promise<void> {
  await it.ready("a/db", "True");
  const before = it.secret("a/db");
  parts.breakIt();
  const message = await it.ready("a/db", "False", parts.message);
  assert.doesNotMatch(message, /undefined|\[object/);
  assert.equal(it.externalSecret("a/db")?.status?.conditions?.[0]?.reason, parts.reason ?? "SecretSyncedError");
  assert.deepEqual(it.secret("a/db"), before, "the Secret is kept");
  const event = await it.soon("the event", () => it.events().find(({ reason }) => reason === "UpdateFailed"));
  assert.deepEqual([event.about, event.type, event.message], ["ExternalSecret/db", "Warning", message]);
  const brokenAt = it.clock.now();
  parts.repair();
  await it.ready("a/db", "True");
  assert.ok(it.clock.now() - brokenAt <= 15_000, "within seconds");
}

test("an unknown store is told with its field, and its creation recovers", async (context) => {
  const it = await startTestController(context);
  it.put(EXTERNAL_SECRETS, externalSecret("a/db"));
  const message = await it.ready("a/db", "False");
  assert.equal(
    message,
    'could not get secret data from provider: spec.secretStoreRef: SecretStore "store" does not exist in namespace "a"; ' +
      "create it, or correct spec.secretStoreRef.name or spec.secretStoreRef.kind",
  );
  assert.equal(it.secret("a/db"), undefined);
  const at = it.clock.now();
  it.put(STORES, fakeStore("a/store", good));
  await it.ready("a/db", "True");
  assert.ok(it.clock.now() - at < 5_000, "at once");
});

test("a missing key is told with its field, keeps the Secret, and recovers when it comes", async (context) => {
  const backend = new ScriptedBackend();
  backend.values.set("app/db", "one");
  const it = await startTestController(context, { surroundings: { bindBackend: backend.bindBackend } });
  it.put(STORES, fakeStore("a/store", {}));
  it.put(EXTERNAL_SECRETS, externalSecret("a/db", { refreshInterval: "1m" }));
  await breaksAndRecovers(it, {
    breakIt: () => backend.values.delete("app/db"),
    message:
      /^could not get secret data from provider: spec\.data\[0\]\.remoteRef: secret "app\/db" does not exist; create it$/,
    repair: () => backend.values.set("app/db", "two"),
  });
  assert.equal(it.dataOf("a/db")?.password, "two");
});

test("a missing property is told with its field and key", async (context) => {
  const it = await startTestController(context);
  it.put(STORES, fakeStore("a/store", good));
  it.put(EXTERNAL_SECRETS, externalSecret("a/db", dataOf({ key: "app/db", property: "password" })));
  await breaksAndRecovers(it, {
    breakIt: () => it.put(EXTERNAL_SECRETS, externalSecret("a/db", dataOf({ key: "app/db", property: "passwort" }))),
    message: /spec\.data\[0\]\.remoteRef\.property: secret "app\/db" has no property "passwort";/,
    repair: () => it.put(EXTERNAL_SECRETS, externalSecret("a/db", dataOf({ key: "app/db", property: "password" }))),
  });
});

test("a property of a value that is no JSON is told with its field and key, without the value", async (context) => {
  const it = await startTestController(context);
  it.put(STORES, fakeStore("a/store", good));
  it.put(EXTERNAL_SECRETS, externalSecret("a/db", dataOf({ key: "app/db", property: "password" })));
  await breaksAndRecovers(it, {
    breakIt: () => it.put(EXTERNAL_SECRETS, externalSecret("a/db", dataOf({ key: "app/text", property: "password" }))),
    message:
      /^could not get secret data from provider: spec\.data\[0\]\.remoteRef\.property(?!.*no json).*app\/text.*;/,
    repair: () => it.put(EXTERNAL_SECRETS, externalSecret("a/db", dataOf({ key: "app/db", property: "password" }))),
  });
});

test("a refreshInterval that is no duration is told with its field, and an edit recovers", async (context) => {
  const it = await startTestController(context);
  it.put(STORES, fakeStore("a/store", good));
  it.put(EXTERNAL_SECRETS, externalSecret("a/db"));
  await breaksAndRecovers(it, {
    breakIt: () => it.put(EXTERNAL_SECRETS, externalSecret("a/db", { refreshInterval: "hourly" })),
    message: /^invalid ExternalSecret: spec\.refreshInterval: "hourly" is no duration; write one such as 1h30m or 15s$/,
    repair: () => it.put(EXTERNAL_SECRETS, externalSecret("a/db", { refreshInterval: "1h" })),
  });
});

test("a target of another kind is refused with the flag that permits it", async (context) => {
  const it = await startTestController(context);
  it.put(STORES, fakeStore("a/store", good));
  it.put(EXTERNAL_SECRETS, externalSecret("a/db"));
  await breaksAndRecovers(it, {
    breakIt: () =>
      it.put(
        EXTERNAL_SECRETS,
        externalSecret("a/db", { target: { manifest: { apiVersion: "v1", kind: "ConfigMap" } } }),
      ),
    message: /spec\.target\.manifest: .*have its operator start it with --unsafe-allow-generic-targets/,
    reason: "ResourceSyncedError",
    repair: () => it.put(EXTERNAL_SECRETS, externalSecret("a/db")),
  });
});

test("a backend that refuses the credentials makes the store and its ExternalSecrets say so, and both recover", async (context) => {
  const backend = new ScriptedBackend();
  backend.values.set("app/db", "one");
  const it = await startTestController(context, { surroundings: { bindBackend: backend.bindBackend } });
  it.put(STORES, fakeStore("a/store", {}));
  // Refreshed later than half a minute from now: so long a store that was validated is not validated again on request.
  it.put(EXTERNAL_SECRETS, externalSecret("a/db", { refreshInterval: "3m" }));
  const denied = new AccessDenied("the backend answered 403", { remedy: "grant the store's role read on it" });
  await breaksAndRecovers(it, {
    breakIt() {
      backend.failures.set("app/db", denied);
      backend.validateFailure = denied;
    },
    message:
      /(the backend answered 403; grant|SecretStore "store" is not ready: unable to validate store: the backend answered 403)/,
    repair() {
      backend.failures.clear();
      backend.validateFailure = undefined;
    },
  });
  await it.soon("the store's event", () =>
    it.events().some(({ about, reason }) => about === "SecretStore/store" && reason === "ValidationFailed"),
  );
});

test("an unreachable backend keeps the Secret, and recovers when it comes back", async (context) => {
  const backend = new ScriptedBackend();
  backend.values.set("app/db", "one");
  const it = await startTestController(context, { surroundings: { bindBackend: backend.bindBackend } });
  it.put(STORES, fakeStore("a/store", {}));
  it.put(EXTERNAL_SECRETS, externalSecret("a/db", { refreshInterval: "1m" }));
  await breaksAndRecovers(it, {
    breakIt: () => backend.failures.set("app/db", new Transient("https://vault:8200 refused the connection")),
    message: /spec\.data\[0\]\.remoteRef \(key "app\/db"\): https:\/\/vault:8200 refused the connection/,
    repair: () => backend.failures.clear(),
  });
});

test("a store with a credential Secret that is missing names it, and its creation recovers at once", async (context) => {
  const backend = new ScriptedBackend();
  backend.values.set("app/db", "one");
  backend.onOpen = async (store, signal) => {
    await store.readSecretKey({ name: "login", key: "token" }, "spec.provider.vault.auth.tokenSecretRef", signal);
  };
  const it = await startTestController(context, { surroundings: { bindBackend: backend.bindBackend } });
  it.put(STORES, fakeStore("a/store", {}));
  it.put(EXTERNAL_SECRETS, externalSecret("a/db"));
  await it.ready(
    "a/store",
    "False",
    /unable to create client: spec\.provider\.vault\.auth\.tokenSecretRef: Secret "a\/login" does not exist; create it/,
  );
  await it.ready(
    "a/db",
    "False",
    /spec\.secretStoreRef: SecretStore "store" is not ready: unable to create client: .*a\/login/,
  );
  assert.equal(it.store("a/store")?.status?.conditions?.[0]?.reason, "InvalidProviderConfig");
  const at = it.clock.now();
  it.put(SECRETS, {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { namespace: "a", name: "login" },
    data: { token: "eA==" },
  });
  await it.ready("a/db", "True");
  assert.ok(it.clock.now() - at < 1_500, "at once");
});

test("a store that is wrong in itself waits for its edit", async (context) => {
  const it = await startTestController(context);
  it.put(STORES, { ...fakeStore("a/store", good), spec: { provider: {} } });
  const message = await it.ready("a/store", "False");
  assert.match(message, /exactly one backend/);
  assert.equal(it.store("a/store")?.status?.conditions?.[0]?.reason, "InvalidStoreConfiguration");
  const writes = it.writes().length;
  await it.pass(600_000);
  assert.equal(it.writes().length, writes);
  it.edit(STORES, "a/store", (store) => ({ ...fakeStore("a/store", good), status: store.status }));
  await it.ready("a/store", "True");
});

test("a Secret that another ExternalSecret owns is left to it, until it is given up", async (context) => {
  const it = await startTestController(context);
  it.put(STORES, fakeStore("a/store", good));
  it.put(EXTERNAL_SECRETS, externalSecret("a/first", { target: { name: "shared" } }));
  await it.ready("a/first", "True");
  it.put(EXTERNAL_SECRETS, externalSecret("a/second", { target: { name: "shared" } }));
  await it.ready(
    "a/second",
    "False",
    /^target is owned by another ExternalSecret: Secret "a\/shared" is controlled by ExternalSecret "first";/,
  );
  const secret = it.secret("a/shared");
  await it.pass(600_000);
  assert.deepEqual(it.secret("a/shared"), secret);
  it.server.store.remove(EXTERNAL_SECRETS, "a/first");
  it.server.store.remove(SECRETS, "a/shared");
  await it.ready("a/second", "True");
});
