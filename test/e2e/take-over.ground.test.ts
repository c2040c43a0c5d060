import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { after, before, test } from "node:test";
import { EXTERNAL_SECRET } from "../../api/resource-types.ts";
import type { KubeClient, KubeObject } from "../../controller/kube/contracts.ts";
import { countWrites } from "../bench/api-writes.ts";
import { type ControlPlane, startControlPlane, waitUntil } from "../ground/index.ts";
import { installCrds } from "./cluster-objects.ts";
import { type ControllerProcess, startControllerProcess } from "./controller-process.ts";
import { adminClient, createMany, remoteValue } from "./many-external-secrets.ts";

const COUNT = 30;
const NAMESPACE = "esos";
const FINALIZER = "externalsecrets.external-secrets.io/externalsecret-cleanup";

let controlPlane: ControlPlane;
let kube: KubeClient;
let controller: ControllerProcess | undefined;
before(async () => {
  controlPlane = await startControlPlane({ controllerManager: false });
  await installCrds(controlPlane);
  kube = await adminClient(controlPlane);
});
after(async () => {
  await controller?.kill();
  kube?.close();
  await controlPlane?.stop();
});

const sha3 = (text: string) => createHash("sha3-224").update(text).digest("hex");

/** The Secret as ESO 2.9 writes it: by an update under its field manager, with its labels, its hash and its owner. */
async function writeAsEso({ metadata }: KubeObject, index: number): Promise<void> {
  const value = remoteValue(index);
  const secret = {
    apiVersion: "v1",
    kind: "Secret",
    metadata: {
      name: metadata.name,
      namespace: NAMESPACE,
      labels: {
        "reconcile.external-secrets.io/managed": "true",
        "reconcile.external-secrets.io/created-by": sha3(`${NAMESPACE}/${metadata.name}`),
      },
      annotations: { "reconcile.external-secrets.io/data-hash": sha3(`map[value:[${Buffer.from(value).join(" ")}]]`) },
      ownerReferences: [
        {
          apiVersion: "external-secrets.io/v1",
          kind: "ExternalSecret",
          name: metadata.name,
          uid: metadata.uid,
          controller: true,
          blockOwnerDeletion: true,
        },
      ],
    },
    type: "Opaque",
    data: { value: Buffer.from(value).toString("base64") },
  };
  const fieldManager = `externalsecrets.external-secrets.io/${metadata.name}`;
  const path = `/api/v1/namespaces/${NAMESPACE}/secrets?fieldManager=${fieldManager}`;
  const { status } = await controlPlane.request({ method: "POST", path, body: secret });
  assert.equal(status, 201);
}

/** ESO's finalizer and status; half of the objects are due for a refresh, half are not. */
async function finishAsEso({ metadata }: KubeObject, index: number): Promise<void> {
  const signal = AbortSignal.timeout(10_000);
  const name = { namespace: NAMESPACE, name: metadata.name };
  await kube.mergePatch(EXTERNAL_SECRET, name, { metadata: { finalizers: [FINALIZER] } }, {}, signal);
  const refreshed = new Date(Date.now() - (index % 2 === 0 ? 2 * 3_600_000 : 60_000))
    .toISOString()
    .replace(/\.\d+/, "");
  const condition = { type: "Ready", status: "True", reason: "SecretSynced", message: "secret synced" };
  const status = {
    refreshTime: refreshed,
    syncedResourceVersion: `${metadata.generation}-${sha3("{annotations:map[] labels:map[]}")}`,
    binding: { name: metadata.name },
    conditions: [{ ...condition, lastTransitionTime: refreshed }],
  };
  await kube.mergePatch(EXTERNAL_SECRET, name, { status }, { subresource: "status" }, signal);
}

async function versionsOf(plural: "secrets"): Promise<Readonly<Record<string, string>>> {
  const { body } = await controlPlane.request({ path: `/api/v1/namespaces/${NAMESPACE}/${plural}` });
  const { items } = body as { items: readonly { metadata: { name: string; resourceVersion: string } }[] };
  return Object.fromEntries(items.map(({ metadata }) => [metadata.name, metadata.resourceVersion]));
}

test("a cluster whose Secrets ESO made is adopted without the write of one Secret, or of one status", async () => {
  const signal = AbortSignal.timeout(60_000);
  await createMany(kube, NAMESPACE, COUNT, signal);
  const { items } = await kube.list(EXTERNAL_SECRET, { namespace: NAMESPACE }, signal);
  for (const item of items) {
    const index = Number(item.metadata.name.replace("es-", ""));
    await writeAsEso(item, index);
    await finishAsEso(item, index);
  }
  const before = await versionsOf("secrets");
  assert.equal(Object.keys(before).length, COUNT);
  const writesBefore = await countWrites(controlPlane, ["secrets", "externalsecrets"]);

  controller = await startControllerProcess({ kubeconfigPath: controlPlane.kubeconfigPath });
  const refreshedAll = async () => {
    const { body } = (await controller?.get("/metrics")) ?? { body: "" };
    return (body.match(/^externalsecret_sync_calls_total\{/gm) ?? []).length >= COUNT / 2;
  };
  await waitUntil("the refresh of those that are due", refreshedAll, { timeoutMs: 30_000 });
  assert.deepEqual(await versionsOf("secrets"), before);
  assert.equal(await countWrites(controlPlane, ["secrets", "externalsecrets"]), writesBefore);
});

test("an ExternalSecret with ESO's finalizer can be deleted", async () => {
  await kube.delete(EXTERNAL_SECRET, { namespace: NAMESPACE, name: "es-0" }, {}, AbortSignal.timeout(10_000));
  const path = `/apis/external-secrets.io/v1/namespaces/${NAMESPACE}/externalsecrets/es-0`;
  await waitUntil("its end", async () => (await controlPlane.request({ path })).status === 404);
});
