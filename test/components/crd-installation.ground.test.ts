/** CRDs that are in the cluster before the stack is, whoever made them. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { type ControlPlane, startControlPlane, waitUntil } from "../ground/index.ts";
import { openPulumi, type Pulumi, PulumiFailed } from "../ground/pulumi/index.ts";

const PROGRAM = fileURLToPath(new URL("./programs/crds", import.meta.url));
const CRDS = ["externalsecrets", "secretstores", "clustersecretstores"].map((name) => `${name}.external-secrets.io`);

let plane: ControlPlane;
const opened: Pulumi[] = [];
before(async () => {
  plane = await startControlPlane({ controllerManager: false });
});
after(async () => {
  for (const pulumi of opened) await pulumi.close();
  await plane?.stop();
});

/** Each has a state of its own, as of another project. */
async function newStack(crds: object = {}): Promise<Pulumi> {
  const pulumi = await openPulumi({ folder: PROGRAM, env: { KUBECONFIG: plane.kubeconfigPath } });
  opened.push(pulumi);
  await pulumi.stackInit();
  await pulumi.configSet("crds", JSON.stringify(crds));
  return pulumi;
}

interface Crd {
  readonly metadata: { readonly uid: string; readonly annotations?: Readonly<Record<string, string>> };
  readonly spec: { readonly versions: readonly { readonly name: string; readonly served: boolean }[] };
}

async function crd(name: string): Promise<Crd | undefined> {
  const path = `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${name}`;
  const { status, body } = await plane.request({ path });
  return status === 200 ? (body as Crd) : undefined;
}

async function uids(): Promise<readonly (string | undefined)[]> {
  return Promise.all(CRDS.map(async (name) => (await crd(name))?.metadata.uid));
}

/** As Helm makes ESO's: other annotations, v1beta1 no longer served, fields of another manager. */
async function installAsHelm(): Promise<void> {
  const schema = { openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true } };
  for (const [plural, kind, scope] of [
    ["externalsecrets", "ExternalSecret", "Namespaced"],
    ["secretstores", "SecretStore", "Namespaced"],
    ["clustersecretstores", "ClusterSecretStore", "Cluster"],
  ] as const) {
    const annotations = {
      "meta.helm.sh/release-name": "external-secrets",
      "controller-gen.kubebuilder.io/version": "v0.19.0",
    };
    const metadata = {
      name: `${plural}.external-secrets.io`,
      annotations,
      labels: { "app.kubernetes.io/managed-by": "Helm" },
    };
    const versions = [
      { name: "v1", served: true, storage: true, schema },
      { name: "v1beta1", served: false, storage: false, deprecated: true, schema },
    ];
    const names = {
      kind,
      plural,
      singular: kind.toLowerCase(),
      listKind: `${kind}List`,
      categories: ["external-secrets"],
    };
    const spec = { group: "external-secrets.io", names, scope, versions };
    const input = JSON.stringify({
      apiVersion: "apiextensions.k8s.io/v1",
      kind: "CustomResourceDefinition",
      metadata,
      spec,
    });
    await plane.kubectl(["create", "--field-manager=helm", "-f", "-"], { input });
  }
  await plane.kubectl(["wait", "--for=condition=Established", "--timeout=30s", "crd", ...CRDS]);
}

test("a plain up adopts CRDs that Helm made, and keeps their objects", async () => {
  await installAsHelm();
  const data = [{ secretKey: "k", remoteRef: { key: "k" } }];
  const wish = { apiVersion: "external-secrets.io/v1", kind: "ExternalSecret", metadata: { name: "kept" } };
  const input = JSON.stringify({ ...wish, spec: { secretStoreRef: { name: "none" }, data } });
  await plane.kubectl(["create", "-n", "default", "-f", "-"], { input });
  const before = await uids();
  const stack = await newStack();
  const { stdout } = await stack.preview();
  assert.doesNotMatch(stdout, /error/);
  await stack.up();
  assert.deepEqual(await uids(), before);
  const adopted = await crd(CRDS[0] ?? "");
  assert.deepEqual(
    adopted?.spec.versions.map(({ name, served }) => [name, served]),
    [
      ["v1", true],
      ["v1beta1", true],
    ],
  );
  assert.equal(adopted?.metadata.annotations?.["meta.helm.sh/release-name"], "external-secrets");
  await plane.kubectl(["get", "-n", "default", "externalsecrets.v1beta1.external-secrets.io", "kept"]);
});

test("afterwards nothing changes, by up or by refresh", async () => {
  const stack = opened[0];
  assert.ok(stack);
  await stack.up({ args: ["--expect-no-changes"] });
  await stack.refresh({ args: ["--expect-no-changes"] });
});

test("destroy leaves them, and a later stack adopts them again and takes a permit to delete back", async () => {
  const before = await uids();
  await opened[0]?.destroy();
  assert.deepEqual(await uids(), before);
  const permit = "external-secrets.io/deletion-allowed";
  await plane.kubectl(["annotate", "crd", ...CRDS, `${permit}=true`, "--overwrite"]);
  const stack = await newStack();
  await stack.up();
  assert.deepEqual(await uids(), before);
  for (const name of CRDS) assert.equal((await crd(name))?.metadata.annotations?.[permit], "false");
  await waitUntil("the refusal", () =>
    plane.kubectl(["delete", "crd", CRDS[0] ?? "", "--dry-run=server"]).then(
      () => false,
      (error: Error) => error.message.includes("external-secrets release"),
    ),
  );
  await stack.destroy();
});

test("CRDs that shall go with the stack must come with it", async () => {
  const stack = await newStack({ deleteOnDestroy: true });
  await assert.rejects(stack.up(), (error) => {
    assert.ok(error instanceof PulumiFailed);
    assert.match(`${error.result.stdout}${error.result.stderr}`, /already exists/);
    return true;
  });
  await plane.kubectl(["annotate", "crd", ...CRDS, "external-secrets.io/deletion-allowed=true", "--overwrite"]);
  await plane.kubectl(["delete", "crd", ...CRDS, "--timeout=30s"]);
  await stack.up();
  assert.ok((await uids()).every((uid) => uid !== undefined));
  await stack.destroy();
  assert.deepEqual(await uids(), [undefined, undefined, undefined]);
});
