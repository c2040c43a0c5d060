import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { type ControlPlane, startControlPlane, waitUntil, waitUntilGone } from "../ground/index.ts";
import { crdsFolder, installCrds, objectAt, ownPath } from "./cluster-objects.ts";
import { type InProcessController, startInProcessController } from "./in-process-controller.ts";
import { adminClient, createMany } from "./many-external-secrets.ts";
import { runCli } from "./run-cli.ts";

const COUNT = 40;
const NAMESPACE = "app";
const CRDS = ["externalsecrets", "secretstores", "clustersecretstores"].map((name) => `${name}.external-secrets.io`);
/** The garbage collector looks for new kinds every 30 seconds. */
const GARBAGE_COLLECTOR_MS = 90_000;
const FOREIGN_FINALIZER = "externalsecrets.external-secrets.io/externalsecret-cleanup";

let plane: ControlPlane;
let controller: InProcessController | undefined;
before(async () => {
  plane = await startControlPlane();
  await installCrds(plane);
  await plane.kubectl(["apply", "--server-side", "-f", join(crdsFolder, "protection.yaml")]);
  controller = await startInProcessController(plane, { genericTargets: true });
  const kube = await adminClient(plane);
  await createMany(kube, NAMESPACE, COUNT, AbortSignal.timeout(30_000));
  kube.close();
  await createConfigMapTarget();
  await waitUntil("the ConfigMap", async () => (await objectAt(plane, CONFIG_MAP)) !== undefined);
  await waitUntil("all Secrets", async () => (await ownedNames()).length === COUNT, { timeoutMs: 60_000 });
});
after(async () => {
  await controller?.stop();
  await plane?.stop();
});

const CONFIG_MAP = `/api/v1/namespaces/${NAMESPACE}/configmaps/target`;

/** An ExternalSecret whose target is a ConfigMap. */
async function createConfigMapTarget(): Promise<void> {
  const data = [{ secretKey: "value", remoteRef: { key: "key-0" } }];
  const target = { manifest: { apiVersion: "v1", kind: "ConfigMap" } };
  const spec = { secretStoreRef: { name: "fake" }, target, data };
  const metadata = { name: "target", namespace: NAMESPACE };
  const input = JSON.stringify({ apiVersion: "external-secrets.io/v1", kind: "ExternalSecret", metadata, spec });
  await plane.kubectl(["create", "-f", "-"], { input });
}

interface Listed {
  readonly items: readonly {
    readonly metadata: { readonly name: string; readonly uid: string; readonly ownerReferences?: readonly object[] };
  }[];
}

async function secrets(): Promise<Listed["items"]> {
  const { body } = await plane.request({ path: `/api/v1/namespaces/${NAMESPACE}/secrets` });
  return (body as Listed).items;
}

async function ownedNames(): Promise<readonly string[]> {
  return (await secrets())
    .filter(({ metadata }) => metadata.ownerReferences?.length)
    .map(({ metadata }) => metadata.name);
}

/** A ConfigMap that an ExternalSecret owns: the garbage collector takes it when its owner is gone. */
async function ownedConfigMap(name: string, externalSecret: string): Promise<string> {
  const owner = await objectAt(plane, ownPath("externalsecrets", externalSecret, NAMESPACE));
  const reference = { kind: "ExternalSecret", name: externalSecret, uid: owner?.metadata.uid };
  const ownerReferences = [{ apiVersion: "external-secrets.io/v1", ...reference }];
  const configMap = { apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace: NAMESPACE, ownerReferences } };
  await plane.kubectl(["create", "-f", "-"], { input: JSON.stringify(configMap) });
  return `/api/v1/namespaces/${NAMESPACE}/configmaps/${name}`;
}

/** What kubectl says when it is refused. */
async function refusalOf(...args: string[]): Promise<string> {
  let refusal = "";
  await assert.rejects(plane.kubectl(args), (error: Error) => {
    refusal = error.message;
    return true;
  });
  return refusal;
}

test("deleting the CRDs is refused with the remedy, and no Secret goes", async () => {
  await waitUntil("the policy", async () => {
    const { body } = await plane.request({
      path: `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${CRDS[0]}?dryRun=All`,
      method: "DELETE",
    });
    return JSON.stringify(body).includes("external-secrets release");
  });
  for (const crd of CRDS) {
    const refusal = await refusalOf("delete", "crd", crd);
    assert.match(refusal, /deletes every object of its kind, and with ExternalSecrets the Secrets that they own/);
    assert.match(refusal, /run "external-secrets release" first/);
  }
  await refusalOf("delete", "crds", "--all");
  assert.equal((await ownedNames()).length, COUNT);
  for (const crd of CRDS)
    assert.ok(await objectAt(plane, `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${crd}`));
});

test("a release is refused while a controller runs in the cluster, and found out where one runs elsewhere", async () => {
  const container = { name: "controller", image: "example.test/image:1" };
  const labels = { "app.kubernetes.io/name": "external-secrets" };
  const spec = {
    selector: { matchLabels: labels },
    template: { metadata: { labels }, spec: { containers: [container] } },
  };
  const metadata = { name: "external-secrets", namespace: "default", labels };
  const deployment = JSON.stringify({ apiVersion: "apps/v1", kind: "Deployment", metadata, spec });
  await plane.kubectl(["create", "-f", "-"], { input: deployment });
  const refused = await runCli(plane, "release");
  assert.equal(refused.code, 1);
  assert.match(
    refused.errors,
    /Deployment default\/external-secrets\) and would own the Secrets again: uninstall the operator/,
  );
  assert.equal((await ownedNames()).length, COUNT);
  const dryRun = await runCli(plane, "release", "--dry-run");
  assert.match(dryRun.output, /Deployment default\/external-secrets runs: a release refuses/);
  await plane.kubectl(["delete", "deployment", "external-secrets", "--wait"]);

  const undone = await runCli(plane, "release");
  assert.equal(undone.code, 1);
  assert.match(undone.errors, /owned again: a controller runs somewhere\. Stop it, then run release again/);
  assert.match(await refusalOf("delete", "crd", ...CRDS), /external-secrets release/);
});

test("a namespace with ExternalSecrets goes away under the policy, and its Secrets with it", async () => {
  const kube = await adminClient(plane);
  await createMany(kube, "short-lived", 3, AbortSignal.timeout(30_000));
  kube.close();
  await plane.request({ method: "DELETE", path: "/api/v1/namespaces/short-lived" });
  await waitUntilGone(plane, "/api/v1/namespaces/short-lived");
});

test("after the operator is gone and its Secrets are released, the CRDs go and every Secret stays", async () => {
  await waitUntil("all Secrets owned", async () => (await ownedNames()).length === COUNT);
  await controller?.stop();
  controller = undefined;
  const before = (await secrets()).map(({ metadata }) => `${metadata.name} ${metadata.uid}`).sort();
  const finalizers = JSON.stringify({ metadata: { finalizers: [FOREIGN_FINALIZER] } });
  await plane.kubectl(["patch", "externalsecret", "es-1", "-n", NAMESPACE, "--type=merge", "-p", finalizers]);
  await untilGarbageCollectorKnowsExternalSecrets();

  const dryRun = await runCli(plane, "release", "--dry-run");
  assert.match(dryRun.output, new RegExp(`^Secret: ${COUNT} would be let go of$`, "m"));
  assert.equal((await ownedNames()).length, COUNT);

  const { code, output, errors } = await runCli(plane, "release");
  assert.equal(code, 0, errors);
  assert.match(
    output,
    new RegExp(`^Secret: ${COUNT} let go of\nConfigMap: 1 let go of\n1 object freed of finalizers$`, "m"),
  );
  for (const crd of CRDS) assert.ok(output.includes(`${crd}: deletion permitted`));
  assert.deepEqual(await ownedNames(), []);

  const stillOwned = await ownedConfigMap("still-owned", "es-2");
  await plane.kubectl(["delete", "crd", ...CRDS, "--timeout=30s"]);
  // What is owned goes: the collector has looked at what the CRDs took along.
  await waitUntilGone(plane, stillOwned);
  assert.deepEqual((await secrets()).map(({ metadata }) => `${metadata.name} ${metadata.uid}`).sort(), before);
  assert.ok(await objectAt(plane, CONFIG_MAP));
});

async function untilGarbageCollectorKnowsExternalSecrets(): Promise<void> {
  const metadata = { name: "probe", namespace: NAMESPACE };
  const spec = { secretStoreRef: { name: "fake" }, data: [{ secretKey: "k", remoteRef: { key: "key-0" } }] };
  const probe = { apiVersion: "external-secrets.io/v1", kind: "ExternalSecret", metadata, spec };
  await plane.kubectl(["create", "-f", "-"], { input: JSON.stringify(probe) });
  const dependent = await ownedConfigMap("probe", "probe");
  await plane.kubectl(["delete", "externalsecret", "probe", "-n", NAMESPACE]);
  const isGone = async () => (await objectAt(plane, dependent)) === undefined;
  await waitUntil("the garbage collector", isGone, { timeoutMs: GARBAGE_COLLECTOR_MS });
}

test("a second release finds nothing left to do", async () => {
  const { code, output } = await runCli(plane, "release");
  assert.equal(code, 0);
  assert.equal(output, "Secret: 0 let go of\n");
});
