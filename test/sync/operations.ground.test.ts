/** The operations of a SyncedSecret on a real API server: policies, ownership, adoption, immutable Secrets. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { SyncedSecretInputs } from "../../sync/resource/inputs.ts";
import type { SyncSession } from "../../sync/session/session.ts";
import { installCrds } from "../e2e/cluster-objects.ts";
import { type ControlPlane, startControlPlane } from "../ground/index.ts";
import { kubeconfigWithoutRights } from "./kubeconfig-without-rights.ts";
import { dataOf, fakeStore, openSession, Resource } from "./session-fixture.ts";

interface LiveSecret {
  readonly metadata: { readonly uid: string; readonly labels?: Readonly<Record<string, string>> };
  readonly type: string;
  readonly immutable?: boolean;
  readonly data?: Readonly<Record<string, string>>;
}

describe("SyncedSecret on an API server", () => {
  let cluster: ControlPlane;
  let session: SyncSession;
  const store = fakeStore({ user: "app", password: "first" });
  const secrets = "/api/v1/namespaces/default/secrets";

  before(async () => {
    cluster = await startControlPlane({ controllerManager: false });
    session = openSession({ environment: { KUBECONFIG: cluster.kubeconfigPath } });
    await installCrds(cluster);
  });
  after(async () => {
    await session?.close();
    await cluster?.stop();
  });

  const live = async (name: string): Promise<LiveSecret | undefined> => {
    const { status, body } = await cluster.request({ path: `${secrets}/${name}` });
    return status === 404 ? undefined : (body as LiveSecret);
  };
  const valuesOf = async (name: string) =>
    Object.fromEntries(
      Object.entries((await live(name))?.data ?? {}).map(([key, value]) => [
        key,
        Buffer.from(value, "base64").toString(),
      ]),
    );
  const make = (name: string, data: Readonly<Record<string, string>>, more: object = {}) =>
    cluster.request({ method: "POST", path: secrets, body: { metadata: { name }, stringData: data, ...more } });
  const patch = (name: string, body: object) =>
    cluster.request({ method: "PATCH", path: `${secrets}/${name}`, body, contentType: "application/merge-patch+json" });
  const specOf = (target: NonNullable<SyncedSecretInputs["spec"]["target"]> = {}, keys = ["user", "password"]) => ({
    data: dataOf(keys),
    target,
  });

  test("a changed value is written in place, and a key that is no longer asked for goes", async () => {
    const resource = new Resource(session, "in-place", { store, spec: specOf() });
    await resource.create();
    const uid = (await live("in-place"))?.metadata.uid;
    const { keys } = await resource.up({
      store: fakeStore({ user: "app", password: "second" }),
      spec: specOf({}, ["password"]),
    });
    assert.deepEqual(keys, { added: [], changed: ["password"], removed: ["user"] });
    assert.deepEqual(await valuesOf("in-place"), { password: "second" });
    assert.equal((await live("in-place"))?.metadata.uid, uid);
  });

  test("creationPolicy Owner deletes its Secret, and leaves one that was made anew by somebody else", async () => {
    const resource = new Resource(session, "owned", { store, spec: specOf() });
    await resource.create();
    await cluster.request({ method: "DELETE", path: `${secrets}/owned` });
    await make("owned", { other: "x" });
    assert.equal(await resource.refresh(), undefined, "the Secret of the state is gone");
    const again = new Resource(session, "owned-2", { store, spec: specOf() });
    await again.create();
    assert.equal(await again.delete(), "deleted");
    assert.equal(await live("owned-2"), undefined);
    assert.deepEqual(await valuesOf("owned"), { other: "x" });
  });

  test("creationPolicy Orphan leaves the Secret without our label", async () => {
    const resource = new Resource(session, "orphan", { store, spec: specOf({ creationPolicy: "Orphan" }) });
    await resource.create();
    assert.equal(await resource.delete(), "left");
    assert.deepEqual((await live("orphan"))?.metadata.labels ?? {}, {});
    assert.deepEqual(await valuesOf("orphan"), { user: "app", password: "first" });
  });

  test("creationPolicy Merge adds keys to a Secret of others, and takes out only those", async () => {
    const inputs = { store, spec: specOf({ creationPolicy: "Merge" }, ["password"]) };
    const resource = new Resource(session, "merged", inputs);
    await assert.rejects(
      resource.create(),
      /there is no Secret "default\/merged" to merge into.*CreateOrMerge|to merge into/,
    );
    await make("merged", { theirs: "x" });
    await resource.create();
    assert.deepEqual(await valuesOf("merged"), { theirs: "x", password: "first" });
    await patch("merged", { stringData: { theirs: "y" } });
    assert.deepEqual((await resource.refresh())?.clusterDrift, []);
    assert.equal(await resource.delete(), "left");
    assert.deepEqual(await valuesOf("merged"), { theirs: "y" });
  });

  test("creationPolicy None writes nothing and tells the drift of the backend", async () => {
    const resource = new Resource(session, "nothing", { store, spec: specOf({ creationPolicy: "None" }) });
    await resource.create();
    assert.equal(await live("nothing"), undefined);
    resource.inputs = { ...resource.inputs, store: fakeStore({ user: "app", password: "second" }) };
    assert.deepEqual((await resource.refresh())?.backendDrift, ["password"]);
  });

  test("a Secret that is not ours is refused, and taken over with adopt: what it held beside goes", async () => {
    await make("foreign", { password: "theirs", more: "x" });
    const resource = new Resource(session, "foreign", { store, spec: specOf() });
    await assert.rejects(resource.create(), (error: Error) => {
      assert.match(error.message, /Secret "default\/foreign" is there already and is not ours/);
      return true;
    });
    assert.deepEqual(await valuesOf("foreign"), { password: "theirs", more: "x" });
    const uid = (await live("foreign"))?.metadata.uid;
    resource.inputs = { ...resource.inputs, adopt: true };
    await resource.create();
    assert.deepEqual(await valuesOf("foreign"), { user: "app", password: "first" });
    assert.equal((await live("foreign"))?.metadata.uid, uid);
  });

  test("what a resource of the same names wrote is refused without its state, and taken over with adopt", async () => {
    const first = new Resource(session, "twice", { store, spec: specOf() });
    await first.create();
    const next = new Resource(session, "twice", { store, spec: specOf() });
    await assert.rejects(next.create(), /Secret "default\/twice" belongs to another SyncedSecret/);
    next.inputs = { ...next.inputs, adopt: true };
    await next.create();
    assert.equal(next.state?.uid, first.state?.uid);
    assert.equal(await first.delete(), "left");
    assert.deepEqual(await valuesOf("twice"), { user: "app", password: "first" });
  });

  test("a Secret that may not be read is told of the kubeconfig's user", async () => {
    const kubeconfig = await kubeconfigWithoutRights(cluster);
    const powerless = openSession({ configuration: { kubeconfig } });
    const auth = { tokenSecretRef: { name: "vault", key: "token" } };
    const provider = { vault: { server: "http://127.0.0.1:1", path: "secret", version: "v2" as const, auth } };
    const resource = new Resource(powerless, "powerless", { store: { provider }, spec: specOf() });
    await assert.rejects(resource.create(), /the user of the kubeconfig may not get Secret "default\/vault"/);
    await powerless.close();
  });

  test("a type, and the data of an immutable Secret, are changed by making the Secret anew", async () => {
    const resource = new Resource(session, "sealed", { store, spec: specOf({ immutable: true }) });
    await resource.create();
    assert.equal((await live("sealed"))?.immutable, true);
    const { replaces, deletesBefore } = await resource.diff({
      ...resource.inputs,
      store: fakeStore({ user: "app", password: "second" }),
    });
    assert.deepEqual([replaces, deletesBefore], [["spec.target.immutable"], true]);
    const typed = new Resource(session, "typed", { store, spec: specOf() });
    await typed.create();
    const spec = specOf({ template: { type: "example.com/login" } });
    assert.deepEqual((await typed.diff({ ...typed.inputs, spec })).replaces, ["spec.target.template.type"]);
  });

  test("deletionPolicy Delete deletes the Secret when all is gone from the backend, and makes it anew when it is back", async () => {
    const resource = new Resource(session, "vanishing", { store, spec: specOf({ deletionPolicy: "Delete" }) });
    await resource.create();
    const plan = await resource.up({ store: fakeStore({ unrelated: "x" }) });
    assert.equal(plan.isDeleted, true);
    assert.equal(await live("vanishing"), undefined);
    assert.deepEqual((await resource.refresh())?.clusterDrift, []);
    await resource.up({ store });
    assert.deepEqual(await valuesOf("vanishing"), { user: "app", password: "first" });
  });

  test("deletionPolicy Retain fails and leaves the Secret as it is", async () => {
    const resource = new Resource(session, "retained", { store, spec: specOf() });
    await resource.create();
    await assert.rejects(resource.up({ store: fakeStore({ user: "app" }) }), /spec\.data\[1\]\.remoteRef/);
    resource.inputs = { ...resource.inputs, store: fakeStore({ user: "app" }) };
    assert.deepEqual((await resource.refresh())?.backendDrift, ["password", "user"]);
    assert.deepEqual(await valuesOf("retained"), { user: "app", password: "first" });
  });

  test("a cancel leaves either the old or the new Secret", async () => {
    const short = openSession({ environment: { KUBECONFIG: cluster.kubeconfigPath } });
    const resource = new Resource(short, "cancelled", { store, spec: specOf() });
    await resource.create();
    const running = resource.up({ store: fakeStore({ user: "second", password: "second" }) });
    short.cancel();
    await running.catch(() => {});
    const { user, password } = await valuesOf("cancelled");
    assert.ok(
      [["app", "first"].join(), ["second", "second"].join()].includes([user, password].join()),
      `${user} ${password}`,
    );
    await assert.rejects(resource.diff(), /cancelled/);
    await short.close();
  });

  test("a store of the cluster is read by reference, from another namespace too, and its conditions are obeyed", async () => {
    const api = "/apis/external-secrets.io/v1";
    const make = (path: string, kind: string, spec: object) =>
      cluster.request({
        method: "POST",
        path: `${api}/${path}`,
        body: { apiVersion: "external-secrets.io/v1", kind, metadata: { name: "shared" }, spec },
      });
    await make("namespaces/kube-public/secretstores", "SecretStore", fakeStore({ user: "app" }));
    await make("clustersecretstores", "ClusterSecretStore", {
      ...fakeStore({ user: "cluster" }),
      conditions: [{ namespaces: ["elsewhere"] }],
    });
    const spec = specOf({}, ["user"]);
    const referred = { store: { storeRef: { name: "shared", namespace: "kube-public" } }, spec };
    await new Resource(session, "referred", referred).create();
    assert.deepEqual(await valuesOf("referred"), { user: "app" });
    const clusterWide = { secretStoreRef: { name: "shared", kind: "ClusterSecretStore" as const }, ...spec };
    const denied = new Resource(session, "denied", { spec: clusterWide });
    await assert.rejects(denied.create(), /ClusterSecretStore "shared" does not permit the namespace "default"/);
    const absent = new Resource(session, "absent", { store: { storeRef: { name: "nowhere" } }, spec });
    await assert.rejects(absent.create(), /SecretStore "default\/nowhere" does not exist/);
  });

  test("a credential of the program takes the place of the Secret that a store refers to", async () => {
    const provider = {
      kubernetes: {
        server: { url: cluster.server, caBundle: Buffer.from(cluster.caPem).toString("base64") },
        remoteNamespace: "default",
        auth: {
          cert: {
            clientCert: { name: "admin", key: "cert" },
            clientKey: { name: "admin", key: "key" },
          },
        },
      },
    };
    await make("source", { password: "of-the-cluster" });
    const data = [{ secretKey: "password", remoteRef: { key: "source", property: "password" } }];
    const without = new Resource(session, "credential", { store: { provider }, spec: { data } });
    await assert.rejects(without.create(), /Secret "default\/admin" does not exist/);
    const cert = cluster.adminCertificatePem;
    const credentials = { admin: { cert, key: cluster.adminPrivateKeyPem } };
    await new Resource(session, "credential", { store: { provider }, credentials, spec: { data } }).create();
    assert.deepEqual(await valuesOf("credential"), { password: "of-the-cluster" });
  });
});
