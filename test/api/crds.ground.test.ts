/** The CRDs on a real API server: it takes them, refuses what ESO's webhook refuses, and gives the defaults of ESO's v1. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { CLUSTER_SECRET_STORE, EXTERNAL_SECRET, SECRET_STORE } from "../../api/resource-types.ts";
import { conformanceCases, isRecord } from "../conformance/conformance-file.ts";
import { completedSpec, expectedRefusals } from "../conformance/validation-manifest.ts";
import { type ControlPlane, type KubeResponse, startControlPlane, waitUntil } from "../ground/index.ts";
import { ADMISSION_CASES, type AdmissionCase } from "./admission-cases.ts";

const CRDS = join(import.meta.dirname, "../../crds");
const RESOURCES = [SECRET_STORE, CLUSTER_SECRET_STORE, EXTERNAL_SECRET];
const CRD_PATH = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";

let controlPlane: ControlPlane;

before(async () => {
  controlPlane = await startControlPlane({ controllerManager: false });
  // `<group>_<plural>.yaml`; what protects them stands beside them.
  for (const file of readdirSync(CRDS).filter((name) => /_.*\.yaml$/.test(name))) {
    const name = file.replace(/^(.*)_(.*)\.yaml$/, "$2.$1");
    const { status, body } = await controlPlane.request({
      method: "PATCH",
      path: `${CRD_PATH}/${name}?fieldManager=test`,
      contentType: "application/apply-patch+yaml",
      body: readFileSync(join(CRDS, file), "utf8"),
    });
    assert.equal(status, 201, JSON.stringify(body));
  }
  for (const resource of RESOURCES)
    await waitUntil(`${resource.kind} served`, () => isServed(resource), { timeoutMs: 20_000 });
});
after(() => controlPlane?.stop());

async function isServed({ plural }: (typeof RESOURCES)[number]): Promise<boolean> {
  return (await controlPlane.request({ path: `/apis/external-secrets.io/v1/${plural}` })).status === 200;
}

/** Creates an object, by default without storing it. */
function create(
  kind: AdmissionCase["kind"],
  spec: object | undefined,
  options: { version?: string; name?: string } = {},
) {
  const { version = "v1", name } = options;
  const resource = RESOURCES.find((each) => each.kind === kind);
  assert.ok(resource);
  const namespace = resource.namespaced ? "namespaces/default/" : "";
  return controlPlane.request({
    method: "POST",
    path: `/apis/external-secrets.io/${version}/${namespace}${resource.plural}${name === undefined ? "?dryRun=All" : ""}`,
    body: { apiVersion: `external-secrets.io/${version}`, kind, metadata: { name: name ?? "a" }, spec },
  });
}

async function assertAdmission({ kind, spec, refusals }: AdmissionCase): Promise<void> {
  const { status, body } = await create(kind, spec);
  const message = isRecord(body) ? String(body.message) : "";
  assert.equal(status, refusals.length > 0 ? 422 : 201, message);
  for (const refusal of refusals) assert.ok(message.includes(refusal), `expected "${refusal}" in "${message}"`);
}

function specOf({ status, body }: KubeResponse): unknown {
  assert.ok(status < 300 && isRecord(body), JSON.stringify(body));
  return body.spec;
}

for (const { plural, group, kind } of RESOURCES) {
  test(`the CRD of ${kind} is established and structural, serves both versions and stores v1`, async () => {
    const { body } = await controlPlane.request({ path: `${CRD_PATH}/${plural}.${group}` });
    assert.ok(isRecord(body) && isRecord(body.status) && Array.isArray(body.status.conditions));
    const conditions = new Map(body.status.conditions.map(({ type, status }) => [type, status]));
    assert.equal(conditions.get("Established"), "True");
    assert.equal(conditions.has("NonStructuralSchema"), false);
    assert.deepEqual(body.status.storedVersions, ["v1"]);
    for (const version of ["v1", "v1beta1"]) {
      assert.equal((await controlPlane.request({ path: `/apis/${group}/${version}/${plural}` })).status, 200);
    }
  });
}

for (const each of ADMISSION_CASES) {
  test(`${each.kind} with ${each.name} is ${each.refusals.length > 0 ? "refused" : "taken"}`, () =>
    assertAdmission(each));
}

for (const { name, kind, object, expectErr } of await conformanceCases("validation")) {
  test(`conformance of admission: ${kind}, ${name}`, () =>
    assertAdmission({
      name,
      kind: kind as AdmissionCase["kind"],
      spec: completedSpec(object),
      refusals: expectedRefusals(expectErr),
    }));
}

test("an ExternalSecret gets the defaults of ESO's v1 and no more, in both versions", async () => {
  const spec = {
    data: [{ secretKey: "a", remoteRef: { key: "a" } }],
    dataFrom: [{ sourceRef: { generatorRef: { kind: "Fake", name: "g" } }, rewrite: [{ merge: {} }] }, { find: {} }],
    target: { template: { templateFrom: [{ configMap: { name: "c", items: [{ key: "k" }] } }] } },
  };
  const generatorRef = { apiVersion: "generators.external-secrets.io/v1alpha1", kind: "Fake", name: "g" };
  const merge = { conflictPolicy: "Error", into: "", priorityPolicy: "Strict", strategy: "Extract" };
  const items = [{ key: "k", templateAs: "Values" }];
  const expected = {
    data: spec.data,
    dataFrom: [{ sourceRef: { generatorRef }, rewrite: [{ merge }] }, { find: {} }],
    refreshInterval: "1h0m0s",
    target: {
      creationPolicy: "Owner",
      deletionPolicy: "Retain",
      template: {
        engineVersion: "v2",
        mergePolicy: "Replace",
        templateFrom: [{ configMap: { name: "c", items }, target: "Data" }],
      },
    },
  };
  for (const version of ["v1", "v1beta1"]) {
    assert.deepEqual(specOf(await create("ExternalSecret", spec, { version })), expected);
  }
  assert.deepEqual(specOf(await create("ExternalSecret", { data: spec.data })), {
    data: spec.data,
    refreshInterval: "1h0m0s",
    target: { creationPolicy: "Owner", deletionPolicy: "Retain" },
  });
});

const SECRET = { name: "s", key: "k" };
const STORE_DEFAULTS: Readonly<Record<string, readonly [written: object, defaults: object]>> = {
  aws: [{ service: "SecretsManager", region: "r" }, { sessionTagsPolicy: "None" }],
  azurekv: [
    { vaultUrl: "https://v" },
    { authType: "ServicePrincipal", environmentType: "PublicCloud", useAzureSDK: false },
  ],
  fake: [{ data: [{ key: "a", value: "b" }] }, {}],
  gcpsm: [{ auth: {} }, { secretVersionSelectionPolicy: "LatestOrFail" }],
  kubernetes: [{ server: {} }, { remoteNamespace: "default", server: { url: "kubernetes.default" } }],
  vault: [
    { server: "https://v", auth: { appRole: { secretRef: SECRET }, cert: {}, jwt: {}, kubernetes: { role: "r" } } },
    {
      version: "v2",
      auth: {
        appRole: { path: "approle", secretRef: SECRET },
        cert: { path: "cert" },
        jwt: { path: "jwt" },
        kubernetes: { mountPath: "kubernetes", role: "r" },
      },
    },
  ],
  webhook: [{ url: "https://w", result: {} }, {}],
};

for (const [name, [written, defaults]] of Object.entries(STORE_DEFAULTS)) {
  test(`a store of ${name} gets the defaults of ESO's v1 and no more`, async () => {
    const expected = { provider: { [name]: { ...written, ...defaults } } };
    for (const kind of ["SecretStore", "ClusterSecretStore"] as const) {
      assert.deepEqual(specOf(await create(kind, { provider: { [name]: written } })), expected);
    }
  });
}

test("unknown fields are dropped with a warning each", async () => {
  const aws = { service: "SecretsManager", region: "r", auth: { jwt: { serviceAccountToken: "" } } };
  const store = {
    apiVersion: "external-secrets.io/v1beta1",
    kind: "SecretStore",
    metadata: { name: "w" },
    spec: { provider: { aws } },
  };
  const { stderr, stdout } = await controlPlane.kubectl(["create", "--validate=warn", "-o", "json", "-f", "-"], {
    input: JSON.stringify(store),
  });
  assert.match(stderr, /Warning: unknown field "spec\.provider\.aws\.auth\.jwt\.serviceAccountToken"/);
  assert.deepEqual(JSON.parse(stdout).spec.provider.aws.auth, { jwt: {} });
});

test("an ExternalSecret written as v1beta1 is read as v1, found by its fields, and takes a status", async () => {
  const spec = {
    data: [{ secretKey: "a", remoteRef: { key: "a" } }],
    target: { name: "t" },
    secretStoreRef: { name: "s" },
  };
  specOf(await create("ExternalSecret", spec, { version: "v1beta1", name: "stored" }));
  const path = "/apis/external-secrets.io/v1/namespaces/default/externalsecrets";
  const found = await controlPlane.request({
    path: `${path}?fieldSelector=spec.target.name=t,spec.secretStoreRef.name=s`,
  });
  assert.ok(isRecord(found.body) && Array.isArray(found.body.items));
  assert.deepEqual(
    found.body.items.map(({ apiVersion, metadata }) => [apiVersion, metadata.name]),
    [["external-secrets.io/v1", "stored"]],
  );
  const patchStatus = (type: string) =>
    controlPlane.request({
      method: "PATCH",
      path: `${path}/stored/status`,
      contentType: "application/merge-patch+json",
      body: { status: { refreshTime: null, conditions: [{ type, status: "True" }] } },
    });
  for (const type of ["Ready", "Deleted", "Synced"]) assert.equal((await patchStatus(type)).status, 200, type);
  assert.equal((await patchStatus("Happy")).status, 422);
});
