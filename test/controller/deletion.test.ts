import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import type { ExternalSecretSpec } from "../../api/external-secret.ts";
import { AccessDenied, Transient } from "../../providers/errors.ts";
import { FakeClock } from "../fake-clock.ts";
import {
  type ControllerFixture,
  type ControllerFixtureOptions,
  EXTERNAL_SECRETS,
  externalSecret,
  fakeStore,
  SECRETS,
  STORES,
  startTestController,
} from "./controller-fixture.ts";
import { startFakeApiServer } from "./kube/fake-api-server.ts";
import { ScriptedBackend } from "./scripted-backend.ts";

const FIND: Partial<ExternalSecretSpec> = { data: [], dataFrom: [{ find: {} }] };

interface Scene {
  readonly it: ControllerFixture;
  readonly backend: ScriptedBackend;
}

/** An ExternalSecret with deletionPolicy Delete that is read each minute, synced; its Secret has the key `password`. */
async function start(
  context: TestContext,
  spec: Partial<ExternalSecretSpec> = {},
  given: ControllerFixtureOptions = {},
): Promise<Scene> {
  const backend = new ScriptedBackend();
  backend.values.set("app/db", "s3cret");
  backend.values.set("app/user", "me");
  const it = await startTestController(context, { surroundings: { bindBackend: backend.bindBackend }, ...given });
  it.put(STORES, fakeStore("a/store", {}));
  const target = { deletionPolicy: "Delete" } as const;
  it.put(EXTERNAL_SECRETS, externalSecret("a/db", { refreshInterval: "1m", target, ...spec }));
  await it.ready("a/db", "True", /^secret synced$/);
  return { it, backend };
}

const BOTH: Partial<ExternalSecretSpec> = {
  data: ["db", "user"].map((name) => ({ secretKey: name, remoteRef: { key: `app/${name}` } })),
};

/** Lets the next refresh happen. */
const untilRead = async ({ it, backend }: Scene) => {
  const { reads } = backend;
  await it.soon("a read", () => backend.reads > reads, 1_000);
};

test("a Secret is deleted when the backend has said twice, seconds apart, that the secret is gone", async (context) => {
  const scene = await start(context);
  const { it, backend } = scene;
  backend.values.delete("app/db");
  await untilRead(scene);
  await it.pass(4_000);
  assert.ok(it.secret("a/db"), "once is not enough");
  await it.pass(2_000);
  assert.equal(it.secret("a/db"), undefined);
  const message = await it.condition("a/db", "Ready", "True", "SecretDeleted");
  assert.equal(message, "secret deleted due to DeletionPolicy=Delete");
  await it.condition("a/db", "Synced", "True", "SecretDeleted");
  await it.soon("no binding", () => it.externalSecret("a/db")?.status?.binding === undefined);
  await it.soon("the event", () => it.events().some(({ reason }) => reason === "Deleted"));
  const entries = it.externalSecret("a/db")?.status?.entries;
  assert.deepEqual(
    entries?.map(({ field, key, reason }) => [field, key, reason]),
    [["spec.data[0].remoteRef", "app/db", "SecretNotFound"]],
  );
  await it.pass(200_000);
  assert.equal(it.events().filter(({ reason }) => reason === "Deleted").length, 1);
  backend.values.set("app/db", "again");
  await it.soon("the Secret", () => it.dataOf("a/db")?.password === "again", 5_000);
  await it.soon("no entries", () => it.externalSecret("a/db")?.status?.entries === undefined);
});

test("an error between two sightings makes proof begin anew, and a refusal deletes nothing", async (context) => {
  const scene = await start(context);
  const { it, backend } = scene;
  for (const error of [new AccessDenied("the backend answered 403"), new Transient("gone")]) {
    backend.values.delete("app/db");
    await untilRead(scene);
    backend.failures.set("app/db", error);
    await it.ready("a/db", "False");
    await it.pass(30_000);
    assert.ok(it.secret("a/db"));
    backend.failures.clear();
    await untilRead(scene);
    assert.ok(it.secret("a/db"), "the first sighting after the error");
    backend.values.set("app/db", "s3cret");
    await it.ready("a/db", "True");
  }
});

test("a restart makes proof begin anew", async (context) => {
  const clock = new FakeClock();
  const server = await startFakeApiServer({ clock, protocol: "http" });
  context.after(() => server.close());
  const scene = await start(context, {}, { server, clock });
  scene.backend.values.delete("app/db");
  await untilRead(scene);
  await scene.it.stop();
  const surroundings = { bindBackend: scene.backend.bindBackend };
  const second = await startTestController(context, { server, clock, surroundings });
  await second.soon("a read", () => second.lines.some(({ message }) => /it is asked again/.test(message)));
  await second.pass(4_000);
  assert.ok(second.secret("a/db"));
  await second.soon("the deletion", () => second.secret("a/db") === undefined);
});

test("an empty list deletes after two answers where the backend has listed something before", async (context) => {
  const { it, backend } = await start(context, FIND);
  backend.values.clear();
  await it.soon("the deletion", () => it.secret("a/db") === undefined, 1_000);
  await it.condition("a/db", "Ready", "True", "SecretDeleted");
});

test("an empty list after an error deletes nothing, however often it comes, until something was listed", async (context) => {
  const { it, backend } = await start(context, FIND);
  backend.failures.set("*", new Transient("gone"));
  await it.soon("the failure", () => it.externalSecret("a/db")?.status?.conditions?.[0]?.status === "False", 1_000);
  backend.failures.clear();
  const values = [...backend.values];
  backend.values.clear();
  assert.match(
    await it.condition("a/db", "Synced", "False", "AbsenceUnproven"),
    /nothing is deleted: it has answered with nothing ever since a start or an error/,
  );
  await it.condition("a/db", "Ready", "True", "SecretSynced");
  await it.pass(600_000);
  assert.ok(it.secret("a/db"));
  for (const [key, value] of values) backend.values.set(key, value);
  await it.soon("the sync", () => it.externalSecret("a/db")?.status?.conditions?.[1]?.status === "True", 1_000);
  backend.values.clear();
  await it.soon("the deletion", () => it.secret("a/db") === undefined, 1_000);
});

test("one secret of several that is gone takes its key along, once proven, and is told", async (context) => {
  const scene = await start(context, BOTH);
  const { it, backend } = scene;
  backend.values.delete("app/user");
  backend.values.set("app/db", "new");
  await untilRead(scene);
  assert.deepEqual(it.dataOf("a/db"), { db: "s3cret", user: "me" });
  await it.soon("the write", () => it.dataOf("a/db")?.user === undefined);
  assert.deepEqual(it.dataOf("a/db"), { db: "new" });
  const event = await it.soon("the event", () => it.events().find(({ reason }) => reason === "MissingProviderSecret"));
  assert.match(event.message, /^spec\.data\[1\]\.remoteRef: secret "app\/user" does not exist/);
  const message = await it.condition("a/db", "Synced", "True", "SecretSynced");
  assert.equal(message, "secret synced; not in the backend: spec.data[1].remoteRef");
});

test("with deletionPolicy Merge only the keys of the ExternalSecret go", async (context) => {
  const target = { creationPolicy: "Merge", deletionPolicy: "Merge" } as const;
  const before = { metadata: { namespace: "a", name: "db" }, type: "Opaque", data: { other: "eA==" } };
  const { it, backend } = await start(context, { target }, { before: (server) => server.store.put(SECRETS, before) });
  assert.deepEqual(it.dataOf("a/db"), { other: "x", password: "s3cret" });
  backend.values.delete("app/db");
  await it.soon("the key to go", () => it.dataOf("a/db")?.password === undefined, 1_000);
  assert.deepEqual(it.dataOf("a/db"), { other: "x" });
});

test("with deletionPolicy Retain an absent secret is an error that lists the entries", async (context) => {
  const { it, backend } = await start(context, { ...BOTH, target: { deletionPolicy: "Retain" } });
  backend.values.clear();
  await it.soon("the failure", () => it.externalSecret("a/db")?.status?.conditions?.[0]?.status === "False", 1_000);
  await it.condition("a/db", "Synced", "False", "SecretSyncedError");
  const { entries } = it.externalSecret("a/db")?.status ?? {};
  assert.deepEqual(
    entries?.map(({ field, reason }) => `${field} ${reason}`),
    ["spec.data[0].remoteRef SecretNotFound", "spec.data[1].remoteRef SecretNotFound"],
  );
  assert.deepEqual(it.dataOf("a/db"), { db: "s3cret", user: "me" });
});

test("a retained Secret is Ready as in ESO and not Synced, and neither is one that is not there", async (context) => {
  const { it, backend } = await start(context, { ...FIND, target: { deletionPolicy: "Retain" } });
  backend.values.clear();
  await it.soon("the answer", () => it.externalSecret("a/db")?.status?.conditions?.[1]?.status === "False", 1_000);
  await it.condition("a/db", "Synced", "False", "SecretRetained");
  const message = await it.condition("a/db", "Ready", "True", "SecretSynced");
  assert.equal(message, "secret retained due to DeletionPolicy=Retain");
  it.server.store.remove(SECRETS, "a/db");
  await it.condition("a/db", "Synced", "False", "SecretMissing");
  await it.condition("a/db", "Ready", "True", "SecretSynced");
});

test("a Secret that is not owned is never deleted", async (context) => {
  const target = { creationPolicy: "Orphan", deletionPolicy: "Delete" } as const;
  const { it, backend } = await start(context, { target });
  backend.values.clear();
  await it.soon("the failure", () => it.externalSecret("a/db")?.status?.conditions?.[0]?.status === "False", 1_000);
  await it.ready("a/db", "False", /^could not delete secret: .*creationPolicy Orphan is never deleted; use Retain/);
  assert.ok(it.secret("a/db"));
});
