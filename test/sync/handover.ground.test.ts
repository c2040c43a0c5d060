/** Handover of a Secret between a SyncedSecret and a controller's ExternalSecret: it keeps its uid, and is never missing. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { SyncSession } from "../../sync/session/session.ts";
import { type ClusterObject, installCrds, objectAt, ownPath, secretPath } from "../e2e/cluster-objects.ts";
import { type InProcessController, startInProcessController } from "../e2e/in-process-controller.ts";
import { type ControlPlane, startControlPlane, waitUntil } from "../ground/index.ts";
import { dataOf, fakeStore, openSession, Resource } from "./session-fixture.ts";

const VALUES = { user: "app", password: "first" };

describe("handover", () => {
  let cluster: ControlPlane;
  let controller: InProcessController;
  let session: SyncSession;
  const spec = { data: dataOf(["user", "password"]) };

  before(async () => {
    cluster = await startControlPlane();
    await installCrds(cluster);
    controller = await startInProcessController(cluster);
    session = openSession({ environment: { KUBECONFIG: cluster.kubeconfigPath } });
    await post("secretstores", { kind: "SecretStore", metadata: { name: "fake" }, spec: fakeStore(VALUES) });
  });
  after(async () => {
    await session?.close();
    await controller?.stop();
    await cluster?.stop();
  });

  const post = async (plural: string, object: object) => {
    const path = `/apis/external-secrets.io/v1/namespaces/default/${plural}`;
    const body = { apiVersion: "external-secrets.io/v1", ...object };
    const { status } = await cluster.request({ method: "POST", path, body });
    assert.equal(status, 201);
  };
  const externalSecret = (name: string) =>
    post("externalsecrets", {
      kind: "ExternalSecret",
      metadata: { name },
      spec: { ...spec, secretStoreRef: { name: "fake" } },
    });
  const secretOf = async (name: string) => {
    const secret = await objectAt(cluster, secretPath(name));
    assert.ok(secret, `Secret ${name} is missing`);
    return secret;
  };
  const isControlled = (secret: ClusterObject | undefined) =>
    secret?.metadata.ownerReferences?.some(({ controller: controls }) => controls === true) ?? false;
  /** Fails where the Secret is missing: it must be there at each look. */
  const isOwned = async (name: string) => isControlled(await secretOf(name));

  test("an ExternalSecret gives its Secret to a SyncedSecret by creationPolicy Orphan and adopt", async () => {
    await externalSecret("given");
    await waitUntil("the Secret is made", async () => isControlled(await objectAt(cluster, secretPath("given"))));
    const { uid } = (await secretOf("given")).metadata;
    const inputs = { store: fakeStore(VALUES), spec, adopt: true };
    const resource = new Resource(session, "given", inputs);
    await assert.rejects(resource.create(), /is controlled by ExternalSecret "given", which would delete it/);
    const path = ownPath("externalsecrets", "given");
    const body = { spec: { target: { creationPolicy: "Orphan" } } };
    await cluster.request({ method: "PATCH", path, body, contentType: "application/merge-patch+json" });
    await waitUntil("the controller lets go", async () => !(await isOwned("given")));
    await resource.create();
    await cluster.request({ method: "DELETE", path });
    await waitUntil("the ExternalSecret is gone", async () => (await objectAt(cluster, path)) === undefined);
    assert.equal((await secretOf("given")).metadata.uid, uid);
    await resource.up();
    assert.deepEqual((await resource.refresh())?.clusterDrift, []);
    assert.equal((await secretOf("given")).metadata.uid, uid);
  });

  test("a SyncedSecret gives its Secret to an ExternalSecret of the same target", async () => {
    const resource = new Resource(session, "taken", { store: fakeStore(VALUES), spec });
    await resource.create();
    const { uid } = (await secretOf("taken")).metadata;
    await externalSecret("taken");
    await waitUntil("the controller takes the Secret over", () => isOwned("taken"));
    assert.equal(await resource.delete(), "left");
    const secret = await secretOf("taken");
    assert.equal(secret.metadata.uid, uid);
    assert.deepEqual(Object.keys(secret.data ?? {}).sort(), ["password", "user"]);
  });
});
