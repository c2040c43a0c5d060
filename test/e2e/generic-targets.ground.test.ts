import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { isDeepStrictEqual } from "node:util";
import { type ControlPlane, startControlPlane, waitUntil } from "../ground/index.ts";
import { apply, exampleManifest, installCrds, objectAt, ownPath, readyCondition } from "./cluster-objects.ts";
import { type ControllerProcess, startControllerProcess } from "./controller-process.ts";

const CANARY = "canary-71c0de";
const WIDGET = { apiVersion: "example.test/v1", kind: "Widget" };

let controlPlane: ControlPlane;
let controller: ControllerProcess;

before(async () => {
  controlPlane = await startControlPlane();
  await installCrds(controlPlane);
  controller = await startControllerProcess({
    kubeconfigPath: controlPlane.kubeconfigPath,
    flags: ["--unsafe-allow-generic-targets"],
  });
  const data = [{ key: "app/db", value: CANARY }];
  await applyOwn("SecretStore", "values", { provider: { fake: { data } } });
});

after(async () => {
  await controller?.stop();
  await controlPlane?.stop();
});

async function applyOwn(kind: string, name: string, spec: object): Promise<void> {
  const metadata = { name, namespace: "default" };
  await apply(controlPlane, JSON.stringify({ apiVersion: "external-secrets.io/v1", kind, metadata, spec }));
}

async function applyWish(name: string, target: object, refreshInterval = "1h"): Promise<void> {
  const data = [{ secretKey: "password", remoteRef: { key: "app/db" } }];
  await applyOwn("ExternalSecret", name, { refreshInterval, secretStoreRef: { name: "values" }, target, data });
}

const pathOf = (plural: string, name: string) =>
  plural === "configmaps"
    ? `/api/v1/namespaces/default/configmaps/${name}`
    : `/apis/example.test/v1/namespaces/default/${plural}/${name}`;

const configMap = (name: string) => objectAt(controlPlane, pathOf("configmaps", name));

/** The spec of a Widget as it is now. */
async function widgetSpec(name: string): Promise<unknown> {
  return Object(await objectAt(controlPlane, pathOf("widgets", name))).spec;
}

async function isSynced(name: string): Promise<void> {
  await readyCondition(controlPlane, ownPath("externalsecrets", name), ({ reason }) => reason === "ResourceSynced");
}

/** A kind with a schema: a default that the API server adds, an array, and a status. */
function widgetCrd(): string {
  const text = { type: "string" };
  const step = { type: "object", properties: { name: text, token: text } };
  const spec = {
    type: "object",
    properties: {
      size: { type: "integer", default: 3_000_000 },
      limit: { type: "integer" },
      steps: { type: "array", items: step },
      note: text,
    },
  };
  const openAPIV3Schema = { type: "object", properties: { spec } };
  return JSON.stringify({
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: "widgets.example.test" },
    spec: {
      group: "example.test",
      scope: "Namespaced",
      names: { kind: "Widget", plural: "widgets", singular: "widget" },
      versions: [{ name: "v1", served: true, storage: true, schema: { openAPIV3Schema } }],
    },
  });
}

test("the documented ConfigMap is written, repaired after an edit and after a deletion", async () => {
  await apply(controlPlane, exampleManifest("fake/secret-store.yaml"));
  await apply(controlPlane, exampleManifest("generic-targets/external-secret.yaml"));
  await isSynced("app-settings");
  const made = await configMap("app-settings");
  const data = made?.data ?? {};
  assert.match(data.greeting ?? "", /, world$/);
  assert.equal(made?.metadata.ownerReferences?.[0]?.kind, "ExternalSecret");
  const patch = ["patch", "configmap", "app-settings", "--type=merge", "-p"];
  await controlPlane.kubectl([...patch, JSON.stringify({ data: { greeting: "edited", more: "x" } })]);
  const isRight = async () => JSON.stringify((await configMap("app-settings"))?.data) === JSON.stringify(data);
  await waitUntil("the repair", isRight);
  await controlPlane.kubectl(["delete", "configmap", "app-settings"]);
  await waitUntil("the ConfigMap", isRight);
});

test("a custom kind is told to be missing, written when its CRD comes, and repaired; defaults of its schema stay", async () => {
  const literal = "- {name: first, token: '{{ .password }}'}";
  const template = { templateFrom: [{ target: "spec.steps", literal }] };
  await applyWish("widget", { manifest: WIDGET, template });
  const path = ownPath("externalsecrets", "widget");
  const { message = "" } = await readyCondition(controlPlane, path, ({ status }) => status === "False");
  assert.match(message, /no kind "Widget" in "example\.test\/v1"/);
  await apply(controlPlane, widgetCrd());
  await isSynced("widget");
  const right = { size: 3_000_000, steps: [{ name: "first", token: CANARY }] };
  assert.deepEqual(await widgetSpec("widget"), right);
  const isRight = async () => isDeepStrictEqual(await widgetSpec("widget"), right);
  const patch = ["patch", "widget", "widget", "--type=merge", "-p"];
  await controlPlane.kubectl([...patch, JSON.stringify({ spec: { steps: [] } })]);
  await waitUntil("the repair", isRight);
  await controlPlane.kubectl([...patch, JSON.stringify({ spec: { limit: 4 } })]);
  await controlPlane.kubectl(["delete", "widget", "widget"]);
  await waitUntil("the Widget", isRight);
});

test("a template that writes what the schema does not have is told with the fields, and corrected", async () => {
  await applyWish("unfit", { manifest: WIDGET, template: { data: { note: "by {{ .password }}" } } });
  const path = ownPath("externalsecrets", "unfit");
  const { message = "" } = await readyCondition(controlPlane, path, ({ status }) => status === "False");
  assert.match(
    message,
    /cannot apply the rendered Widget \(\w+\); see that the schema of Widget has all .* under data/,
  );
  assert.ok(!message.includes(CANARY));
  await applyWish("unfit", {
    manifest: WIDGET,
    template: { templateFrom: [{ target: "spec.note", literal: "fine" }] },
  });
  await isSynced("unfit");
  assert.deepEqual(await widgetSpec("unfit"), { size: 3_000_000, note: "fine" });
});

test("a refresh that finds all as it is writes nothing", async () => {
  await applyWish("still", { manifest: { apiVersion: "v1", kind: "ConfigMap" } }, "1s");
  await isSynced("still");
  const before = await configMap("still");
  const calls = async () => {
    const { body } = await controller.get("/metrics");
    return Number(/^externalsecret_sync_calls_total\{[^}]*name="still"[^}]*\} (\d+)/m.exec(body)?.[1] ?? 0);
  };
  const first = await calls();
  await waitUntil("three more refreshes", async () => (await calls()) >= first + 3);
  assert.equal((await configMap("still"))?.metadata.resourceVersion, before?.metadata.resourceVersion);
});

test("no log line holds a value", async () => {
  const log = await controller.output();
  assert.ok(log.includes("watching targets"));
  assert.ok(!log.includes(CANARY));
});
