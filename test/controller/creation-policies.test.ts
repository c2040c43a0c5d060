import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import type { ExternalSecretSpec } from "../../api/external-secret.ts";
import { CREATED_BY_LABEL, DATA_HASH_ANNOTATION, MANAGED_LABEL } from "../../api/labels.ts";
import { dataHash } from "../../engine/hashes.ts";
import {
  type ControllerFixture,
  EXTERNAL_SECRETS,
  externalSecret,
  fakeStore,
  SECRETS,
  STORES,
  startTestController,
} from "./controller-fixture.ts";
import { updatedBy } from "./kube/fake-managed-fields.ts";
import { ScriptedBackend } from "./scripted-backend.ts";

const OTHER = "fake.manager";
const bytes = (text: string) => Buffer.from(text).toString("base64");
const hashOf = (data: Record<string, string>) =>
  dataHash(new Map(Object.entries(data).map(([key, value]) => [key, Buffer.from(value)])));

type Target = NonNullable<ExternalSecretSpec["target"]>;

function foreignSecret(data: Record<string, string>, more: object = {}): object {
  const encoded = Object.fromEntries(Object.entries(data).map(([key, value]) => [key, bytes(value)]));
  const managedFields = [updatedBy(OTHER, ["type"], ...Object.keys(data).map((key) => ["data", key]))];
  return { metadata: { namespace: "a", name: "db", managedFields, ...more }, type: "Opaque", data: encoded };
}

interface Scene {
  readonly it: ControllerFixture;
  readonly backend: ScriptedBackend;
  put(target: Target, more?: Partial<ExternalSecretSpec>, metadata?: object): void;
}

async function start(context: TestContext): Promise<Scene> {
  const backend = new ScriptedBackend();
  backend.values.set("app/db", "s3cret");
  const it = await startTestController(context, { surroundings: { bindBackend: backend.bindBackend } });
  it.put(STORES, fakeStore("a/store", {}));
  return {
    it,
    backend,
    put: (target, more = {}, metadata = {}) =>
      it.put(EXTERNAL_SECRETS, externalSecret("a/db", { refreshInterval: "1m", target, ...more }, metadata)),
  };
}

test("Merge adds to a Secret and leaves what others wrote, its type and its owner", async (context) => {
  const { it, put } = await start(context);
  const labels = { theirs: "1" };
  it.put(SECRETS, { ...foreignSecret({ other: "keep" }, { labels }), type: "kubernetes.io/basic-auth" });
  put({ creationPolicy: "Merge" }, {}, { labels: { mine: "1" } });
  await it.ready("a/db", "True", /^secret synced$/);
  assert.deepEqual(it.dataOf("a/db"), { other: "keep", password: "s3cret" });
  const metadata = it.secret("a/db")?.metadata;
  assert.equal(it.secret("a/db")?.type, "kubernetes.io/basic-auth");
  assert.deepEqual(metadata?.labels, { theirs: "1", mine: "1", [MANAGED_LABEL]: "true" });
  assert.equal(
    metadata?.annotations?.[DATA_HASH_ANNOTATION],
    hashOf({ other: "keep", password: "s3cret" }),
    "the hash is of the whole data",
  );
  assert.equal(metadata?.ownerReferences, undefined);
  const writes = it.writes().length;
  await it.pass(300_000);
  assert.equal(it.writes().length, writes, "nothing is written while nothing changes");
});

test("a Merge target follows a change of others, and puts its own key back", async (context) => {
  const { it, put } = await start(context);
  it.put(SECRETS, foreignSecret({ other: "one" }));
  put({ creationPolicy: "Merge" });
  await it.ready("a/db", "True");
  it.put(SECRETS, foreignSecret({ other: "two" }));
  await it.soon("the repair", () => it.dataOf("a/db")?.password === "s3cret");
  assert.deepEqual(it.dataOf("a/db"), { other: "two", password: "s3cret" });
});

test("a key that the ExternalSecret loses goes from a Merge target, and others' keys stay", async (context) => {
  const { it, put, backend } = await start(context);
  backend.values.set("app/user", "me");
  it.put(SECRETS, foreignSecret({ other: "keep" }));
  const both = ["db", "user"].map((name) => ({ secretKey: name, remoteRef: { key: `app/${name}` } }));
  put({ creationPolicy: "Merge" }, { data: both });
  await it.ready("a/db", "True");
  put({ creationPolicy: "Merge" }, { data: both.slice(0, 1) });
  await it.soon("the key to go", () => it.dataOf("a/db")?.user === undefined);
  assert.deepEqual(it.dataOf("a/db"), { other: "keep", db: "s3cret" });
  const hash = it.secret("a/db")?.metadata.annotations?.[DATA_HASH_ANNOTATION];
  assert.equal(hash, hashOf({ other: "keep", db: "s3cret" }), "one write, with the right hash");
});

test("a value of another field manager is taken over in a Merge target, as in ESO, and that is told", async (context) => {
  const { it, put } = await start(context);
  it.put(SECRETS, foreignSecret({ password: "theirs" }));
  put({ creationPolicy: "Merge" });
  await it.ready("a/db", "True", /^secret synced$/);
  assert.equal(it.dataOf("a/db")?.password, "s3cret");
  const told = await it.condition("a/db", "Synced", "True", "FieldConflict");
  assert.equal(told, `fields were taken over: data.password from field manager "${OTHER}"`);
  const event = await it.soon("the event", () => it.events().find(({ reason }) => reason === "FieldConflict"));
  assert.deepEqual([event.type, event.message], ["Warning", told]);
  await it.pass(130_000);
  await it.condition("a/db", "Synced", "True", "FieldConflict");
});

test("without a Secret to merge into Ready says what ESO says, Synced says the truth, and its creation is seen", async (context) => {
  const { it, put } = await start(context);
  put({ creationPolicy: "Merge" });
  const message = await it.condition("a/db", "Ready", "True", "SecretMissing");
  assert.equal(message, "secret will not be created due to CreationPolicy=Merge");
  await it.condition("a/db", "Synced", "False", "SecretMissing");
  assert.equal(it.secret("a/db"), undefined);
  assert.equal(it.externalSecret("a/db")?.status?.binding, undefined);
  const at = it.clock.now();
  it.put(SECRETS, foreignSecret({ other: "keep" }));
  await it.condition("a/db", "Synced", "True", "SecretSynced");
  assert.ok(it.clock.now() - at < 2_000, "at once");
  assert.deepEqual(it.dataOf("a/db"), { other: "keep", password: "s3cret" });
  await it.soon("the binding", () => it.externalSecret("a/db")?.status?.binding?.name === "db");
});

test("a Secret of another ExternalSecret is not merged into", async (context) => {
  const { it, put } = await start(context);
  it.put(EXTERNAL_SECRETS, externalSecret("a/first", { target: { name: "db" } }));
  await it.ready("a/first", "True");
  put({ creationPolicy: "Merge" });
  await it.ready("a/db", "False", /^target is owned by another ExternalSecret: .*"first"; choose/);
});

test("CreateOrMerge makes a Secret without an owner, and merges where there is one", async (context) => {
  const { it, put } = await start(context);
  put({ creationPolicy: "CreateOrMerge" });
  await it.ready("a/db", "True");
  assert.deepEqual(it.dataOf("a/db"), { password: "s3cret" });
  assert.equal(it.secret("a/db")?.metadata.ownerReferences, undefined);
  const merged = { ...externalSecret("a/other", { target: { name: "there", creationPolicy: "CreateOrMerge" } }) };
  it.put(SECRETS, foreignSecret({ other: "keep" }, { name: "there" }));
  it.put(EXTERNAL_SECRETS, merged);
  await it.ready("a/other", "True");
  assert.deepEqual(it.dataOf("a/there"), { other: "keep", password: "s3cret" });
  it.server.store.remove(SECRETS, "a/db");
  await it.soon("the Secret", () => it.dataOf("a/db")?.password === "s3cret");
});

test("Orphan makes a Secret without an owner, clears keys of others, and does not watch over it", async (context) => {
  const { it, put } = await start(context);
  it.put(SECRETS, foreignSecret({ other: "gone" }));
  put({ creationPolicy: "Orphan" });
  await it.ready("a/db", "True");
  assert.deepEqual(it.dataOf("a/db"), { password: "s3cret" });
  assert.equal(it.secret("a/db")?.metadata.ownerReferences, undefined);
  assert.equal(it.secret("a/db")?.metadata.labels?.[CREATED_BY_LABEL], undefined);
  it.server.store.remove(SECRETS, "a/db");
  await it.pass(1_000);
  assert.equal(it.secret("a/db"), undefined);
  await it.pass(60_000);
  assert.deepEqual(it.dataOf("a/db"), { password: "s3cret" }, "the next refresh makes it anew");
});

test("an ExternalSecret that no longer asks to own its Secret lets it go", async (context) => {
  const { it, put } = await start(context);
  put({ creationPolicy: "Owner" });
  await it.ready("a/db", "True");
  assert.equal(it.secret("a/db")?.metadata.labels?.[CREATED_BY_LABEL]?.length, 56);
  put({ creationPolicy: "Orphan" });
  await it.soon("the label to go", () => it.secret("a/db")?.metadata.labels?.[CREATED_BY_LABEL] === undefined);
  assert.deepEqual(it.secret("a/db")?.metadata.ownerReferences ?? [], []);
  assert.deepEqual(it.dataOf("a/db"), { password: "s3cret" });
});

test("None reads the backend and writes no Secret", async (context) => {
  const { it, put } = await start(context);
  put({ creationPolicy: "None" });
  await it.ready("a/db", "True", /^secret synced$/);
  assert.equal(
    await it.condition("a/db", "Synced", "True", "SecretSynced"),
    "no Secret is written due to CreationPolicy=None",
  );
  assert.equal(it.secret("a/db"), undefined);
  assert.equal(it.externalSecret("a/db")?.status?.binding, undefined);
});

test("an immutable Secret is written once; a later value is told, and its metadata still follows", async (context) => {
  const { it, put, backend } = await start(context);
  it.put(SECRETS, foreignSecret({ other: "gone" }));
  put({ immutable: true });
  await it.ready("a/db", "True");
  assert.deepEqual([it.dataOf("a/db"), it.secret("a/db")?.immutable], [{ password: "s3cret" }, true]);
  backend.values.set("app/db", "later");
  put({ immutable: true }, {}, { labels: { mine: "1" } });
  await it.soon("the label", () => it.secret("a/db")?.metadata.labels?.mine === "1");
  assert.match(await it.condition("a/db", "Synced", "False", "SecretImmutable"), /delete it to have it made anew/);
  await it.condition("a/db", "Ready", "True", "SecretSynced");
  assert.deepEqual(it.dataOf("a/db"), { password: "s3cret" });
  it.server.store.remove(SECRETS, "a/db");
  await it.soon("the new Secret", () => it.dataOf("a/db")?.password === "later" && it.secret("a/db")?.immutable);
  await it.condition("a/db", "Synced", "True", "SecretSynced");
});

test("a Secret that someone made immutable is an error where it would have to change", async (context) => {
  const { it, put, backend } = await start(context);
  put({});
  await it.ready("a/db", "True");
  it.edit(SECRETS, "a/db", (secret) => ({ ...secret, immutable: true }));
  backend.values.set("app/db", "later");
  await it.pass(70_000);
  await it.ready("a/db", "False", /^could not update secret, target is immutable: .* holds other data; delete/);
});

test("a Secret that lost its owner is owned again at once, long before the next refresh", async (context) => {
  const { it, put } = await start(context);
  put({});
  await it.ready("a/db", "True");
  const owners = () => it.secret("a/db")?.metadata.ownerReferences as readonly { readonly name: string }[] | undefined;
  it.edit(SECRETS, "a/db", (secret) => ({ ...secret, metadata: { ...secret.metadata, ownerReferences: [] } }));
  await it.soon("the owner", () => owners()?.[0]?.name === "db");
  it.edit(SECRETS, "a/db", (secret) => ({ ...secret, metadata: { ...secret.metadata, ownerReferences: [] } }));
  await it.soon("the owner", () => owners()?.[0]?.name === "db");
});
