import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { type ControlPlane, startControlPlane, waitUntil, waitUntilGone } from "../ground/index.ts";
import { installCrds, ownPath, readyCondition } from "./cluster-objects.ts";
import { type ControllerProcess, startControllerProcess } from "./controller-process.ts";
import { adminClient, createMany } from "./many-external-secrets.ts";

const COUNT = 5;
const GONE_WITHIN_MS = 15_000;

let controlPlane: ControlPlane;
let controller: ControllerProcess;
before(async () => {
  controlPlane = await startControlPlane();
  await installCrds(controlPlane);
  controller = await startControllerProcess({ kubeconfigPath: controlPlane.kubeconfigPath });
});
after(async () => {
  await controller?.kill();
  await controlPlane?.stop();
});

async function filledNamespace(namespace: string): Promise<void> {
  const kube = await adminClient(controlPlane);
  try {
    await createMany(kube, namespace, COUNT, AbortSignal.timeout(30_000));
  } finally {
    kube.close();
  }
  for (let index = 0; index < COUNT; index++) {
    await readyCondition(
      controlPlane,
      ownPath("externalsecrets", `es-${index}`, namespace),
      ({ status }) => status === "True",
    );
  }
}

async function isGoneInTime(namespace: string): Promise<void> {
  const path = `/api/v1/namespaces/${namespace}`;
  const { status } = await controlPlane.request({ method: "DELETE", path });
  assert.equal(status, 200);
  const startedAt = performance.now();
  await waitUntilGone(controlPlane, path);
  const tookMs = performance.now() - startedAt;
  assert.ok(tookMs < GONE_WITHIN_MS, `gone after ${Math.round(tookMs)} ms`);
}

test("a namespace full of ExternalSecrets goes away while the controller runs", async () => {
  await filledNamespace("with-controller");
  await isGoneInTime("with-controller");
});

test("it goes away without the controller, too: nothing waits for it", async () => {
  await filledNamespace("without-controller");
  await controller.stop();
  await isGoneInTime("without-controller");
});

test("deleting the CRDs leaves no object hanging", async () => {
  const crds = ["externalsecrets", "secretstores", "clustersecretstores"].map(
    (name) => `crd/${name}.external-secrets.io`,
  );
  await controlPlane.kubectl(["delete", "--timeout=15s", ...crds]);
  const { stdout } = await controlPlane.kubectl(["get", "crds", "-o", "name"]);
  await waitUntil("no CRD of ours", () => !stdout.includes("external-secrets.io"));
});
