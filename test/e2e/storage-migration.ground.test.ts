import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { parse } from "yaml";
import { systemClock } from "../../api/clock.ts";
import { EXTERNAL_SECRET, SECRET_STORE } from "../../api/resource-types.ts";
import { storageMigrationRules } from "../../components/crd-storage-migration.ts";
import { CUSTOM_RESOURCE_DEFINITION } from "../../controller/core-resources.ts";
import { createKubeClient } from "../../controller/kube/client.ts";
import type { KubeClient, ResourceType } from "../../controller/kube/contracts.ts";
import { isForbidden } from "../../controller/kube/kube-api-error.ts";
import { loadKubeConfig } from "../../controller/kube/kube-config.ts";
import { migrateStorage } from "../../controller/storage-migration/migrate-storage.ts";
import { mapBounded } from "../../providers/bounded-parallel.ts";
import { type ControlPlane, createTempFolder, kubeconfigText, startControlPlane, waitUntil } from "../ground/index.ts";
import { crdsFolder, installCrds } from "./cluster-objects.ts";
import { type InProcessController, startInProcessController } from "./in-process-controller.ts";
import { adminClient } from "./many-external-secrets.ts";
import { runCli } from "./run-cli.ts";

/** More than one page of a list. */
const COUNT = 620;
const CRD_PATH = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";

interface Crd {
  readonly metadata: { readonly name: string };
  readonly spec: { readonly versions: readonly { readonly name: string }[] };
  readonly status?: { readonly storedVersions: readonly string[] };
}

let plane: ControlPlane;
let kube: KubeClient;
let controller: InProcessController | undefined;
before(async () => {
  plane = await startControlPlane();
  kube = await adminClient(plane);
  await installWithStorage("v1beta1");
  await fill();
  // As when the operator adopts them: v1 is stored from now on.
  await installCrds(plane);
  await waitUntil("both versions", async () => (await storedVersions("externalsecrets")).length === 2);
});
after(async () => {
  await controller?.stop();
  kube?.close();
  await plane?.stop();
});

async function installWithStorage(version: string): Promise<void> {
  for (const plural of ["externalsecrets", "secretstores", "clustersecretstores"]) {
    const crd = parse(readFileSync(join(crdsFolder, `external-secrets.io_${plural}.yaml`), "utf8"));
    for (const one of crd.spec.versions) one.storage = one.name === version;
    await plane.kubectl(["apply", "--server-side", "-f", "-"], { input: JSON.stringify(crd) });
  }
  await plane.kubectl(["wait", "--for=condition=Established", "--timeout=30s", "crd", "--all"]);
}

/** No controller of the tests writes these: there is no store, and the stores are of another class. */
async function fill(): Promise<void> {
  const signal = AbortSignal.timeout(60_000);
  const data = [{ secretKey: "k", remoteRef: { key: "k" } }];
  await mapBounded(
    Array.from({ length: COUNT }, (_, index) => index),
    16,
    async (index) => {
      const metadata = { name: `es-${index}`, namespace: "default" };
      await kube.create(
        EXTERNAL_SECRET,
        { metadata, spec: { secretStoreRef: { name: "none" }, data } } as object as never,
        signal,
      );
    },
  );
  const spec = { controller: "another", provider: { fake: { data: [] } } };
  const metadata = { name: "store", namespace: "default" };
  await kube.create(SECRET_STORE, { metadata, spec } as object as never, signal);
}

async function crdOf(plural: string): Promise<Crd> {
  const { body } = await plane.request({ path: `${CRD_PATH}/${plural}.external-secrets.io` });
  return body as Crd;
}

const storedVersions = async (plural: string) => (await crdOf(plural)).status?.storedVersions ?? [];

/** By name; the version moves with each write. */
async function versionsOf(type: ResourceType): Promise<ReadonlyMap<string, string>> {
  const { items } = await kube.list(type, { namespace: "default", metadataOnly: true }, AbortSignal.timeout(30_000));
  return new Map(items.map(({ metadata }) => [metadata.name, metadata.resourceVersion ?? ""]));
}

/** Whether the API server lets go of the version. */
async function dropVersion(plural: string, version: string): Promise<boolean> {
  const versions = (await crdOf(plural)).spec.versions.filter(({ name }) => name !== version);
  const patch = JSON.stringify({ spec: { versions } });
  return plane.kubectl(["patch", "crd", `${plural}.external-secrets.io`, "--type=merge", "-p", patch]).then(
    () => true,
    () => false,
  );
}

async function setStoredVersions(plural: string, stored: readonly string[]): Promise<void> {
  const patch = JSON.stringify({ status: { storedVersions: stored } });
  const crd = `${plural}.external-secrets.io`;
  await plane.kubectl(["patch", "crd", crd, "--subresource=status", "--type=merge", "-p", patch]);
}

test("a dry run says what would be written, and writes nothing", async () => {
  const before = await versionsOf(EXTERNAL_SECRET);
  const { code, output } = await runCli(plane, "migrate-storage", "--dry-run");
  assert.equal(code, 0);
  assert.match(
    output,
    new RegExp(
      `^externalsecrets\\.external-secrets\\.io: stored as v1beta1, v1; ${COUNT} objects would be written$`,
      "m",
    ),
  );
  assert.deepEqual(await versionsOf(EXTERNAL_SECRET), before);
  assert.equal(await dropVersion("externalsecrets", "v1beta1"), false);
});

test("the controller has its CRDs migrated once it leads, and says so in log and metric", async () => {
  const store = await versionsOf(SECRET_STORE);
  controller = await startInProcessController(plane, { migrateStorage: true, concurrent: 1 });
  const stored = async () => (await Promise.all(["externalsecrets", "secretstores"].map(storedVersions))).flat();
  await waitUntil("the migration", async () => (await stored()).join() === "v1,v1", { timeoutMs: 60_000 });
  assert.notDeepEqual(await versionsOf(SECRET_STORE), store);
  const told = () =>
    controller?.lines.some(({ message }) => message === "all objects are stored in the present version now");
  await waitUntil("the log line", told);
  const shown = /^external_secrets_storage_migration_pending\{crd="secretstores\.external-secrets\.io"\} 0$/m;
  assert.match((await controller.metrics()) ?? "", shown);
  await controller.stop();
  controller = undefined;
});

test("what is stored right already is not written again, however often it is run", async () => {
  await setStoredVersions("externalsecrets", ["v1beta1", "v1"]);
  const before = await versionsOf(EXTERNAL_SECRET);
  const { code, output } = await runCli(plane, "migrate-storage");
  assert.equal(code, 0);
  assert.match(
    output,
    new RegExp(`^externalsecrets\\.external-secrets\\.io: stored as v1; ${COUNT} objects written$`, "m"),
  );
  assert.match(output, /^secretstores\.external-secrets\.io: stored as v1; nothing to do$/m);
  assert.deepEqual(await versionsOf(EXTERNAL_SECRET), before);
});

test("the rules that the operator grants are enough, and name our CRDs only", async (context) => {
  const rules = storageMigrationRules();
  const role = {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "ClusterRole",
    metadata: { name: "migration" },
    rules,
  };
  await plane.kubectl(["create", "-f", "-"], { input: JSON.stringify(role) });
  await plane.kubectl(["create", "serviceaccount", "migration", "-n", "default"]);
  const account = "--serviceaccount=default:migration";
  await plane.kubectl(["create", "clusterrolebinding", "migration", "--clusterrole=migration", account]);
  const token = (await plane.kubectl(["create", "token", "migration", "-n", "default"])).stdout.trim();
  const folder = await createTempFolder("migration");
  context.after(() => folder.remove());
  const kubeconfigPath = join(folder.path, "kubeconfig");
  const { server, caPem } = plane;
  await writeFile(kubeconfigPath, kubeconfigText({ server, caPem, user: "migration", client: { token } }));
  const limited = createKubeClient(await loadKubeConfig({ kubeconfigPath, environment: {} }), { clock: systemClock });
  context.after(() => limited.close());
  const signal = AbortSignal.timeout(60_000);
  for (const plural of ["secretstores", "clustersecretstores", "externalsecrets"]) {
    await setStoredVersions(plural, ["v1beta1", "v1"]);
    await migrateStorage(
      { kube: limited, clock: systemClock },
      `${plural}.external-secrets.io`,
      { dryRun: false },
      signal,
    );
    assert.deepEqual(await storedVersions(plural), ["v1"]);
  }
  await assert.rejects(limited.get(CUSTOM_RESOURCE_DEFINITION, { name: "others.example.test" }, signal), isForbidden);
});

test("the command writes every object that is stored in an older version; the version can be dropped then", async () => {
  await installForced("v1beta1");
  await plane.kubectl(["annotate", "externalsecrets", "--all", "stored=older", "--overwrite"]);
  await installForced("v1");
  const before = await versionsOf(EXTERNAL_SECRET);
  const { code, errors } = await runCli(plane, "migrate-storage");
  assert.equal(code, 0, errors);
  const written = await versionsOf(EXTERNAL_SECRET);
  assert.equal(written.size, COUNT);
  for (const [name, version] of written) assert.notEqual(version, before.get(name), name);
  assert.deepEqual(await storedVersions("externalsecrets"), ["v1"]);
  assert.equal(await dropVersion("externalsecrets", "v1beta1"), true);
  assert.equal((await versionsOf(EXTERNAL_SECRET)).size, COUNT);
});

/** Makes that version the stored one of ExternalSecrets, and waits until it is. */
async function installForced(version: string): Promise<void> {
  const crd = parse(readFileSync(join(crdsFolder, "external-secrets.io_externalsecrets.yaml"), "utf8"));
  for (const one of crd.spec.versions) one.storage = one.name === version;
  await plane.kubectl(["apply", "--server-side", "--force-conflicts", "-f", "-"], { input: JSON.stringify(crd) });
  await waitUntil("the stored version", async () => (await storedVersions("externalsecrets")).includes(version));
}
