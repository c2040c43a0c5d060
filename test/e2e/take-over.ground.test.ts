import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { EXTERNAL_SECRET } from "../../api/resource-types.ts";
import type { KubeClient } from "../../controller/kube/contracts.ts";
import { countWrites } from "../bench/api-writes.ts";
import { type ControlPlane, startControlPlane, waitUntil } from "../ground/index.ts";
import { installCrds } from "./cluster-objects.ts";
import { type ControllerProcess, startControllerProcess } from "./controller-process.ts";
import { finishAsEso, writeSecretAsEso } from "./made-by-eso.ts";
import { adminClient, createMany, remoteValue } from "./many-external-secrets.ts";

const COUNT = 30;
const NAMESPACE = "esos";

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
    await writeSecretAsEso(controlPlane, item, { value: remoteValue(index) });
    // Half of them are due for a refresh, half are not.
    await finishAsEso(controlPlane, item, index % 2 === 0 ? 2 * 3_600_000 : 60_000);
  }
  const before = await versionsOf("secrets");
  assert.equal(Object.keys(before).length, COUNT);
  const writesBefore = await countWrites(controlPlane, ["secrets", "externalsecrets"]);

  controller = await startControllerProcess({ kubeconfigPath: controlPlane.kubeconfigPath });
  const refreshedAll = async () => {
    const { body } = (await controller?.get("/metrics")) ?? { body: "" };
    return (body.match(/^externalsecret_sync_calls_total\{/gm) ?? []).length >= COUNT / 2;
  };
  // What was due before a start is spread over half a minute.
  await waitUntil("the refresh of those that are due", refreshedAll, { timeoutMs: 60_000 });
  assert.deepEqual(await versionsOf("secrets"), before);
  assert.equal(await countWrites(controlPlane, ["secrets", "externalsecrets"]), writesBefore);
});

test("an ExternalSecret with ESO's finalizer can be deleted", async () => {
  await kube.delete(EXTERNAL_SECRET, { namespace: NAMESPACE, name: "es-0" }, {}, AbortSignal.timeout(10_000));
  const path = `/apis/external-secrets.io/v1/namespaces/${NAMESPACE}/externalsecrets/es-0`;
  await waitUntil("its end", async () => (await controlPlane.request({ path })).status === 404);
});
