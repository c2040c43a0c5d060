import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { type ControlPlane, startControlPlane } from "../ground/index.ts";
import {
  apply,
  type ClusterObject,
  eventsText,
  exampleManifest,
  installCrds,
  objectAt,
  ownPath,
  readyCondition,
  secretPath,
  secretWith,
} from "./cluster-objects.ts";
import { type ControllerProcess, startControllerProcess } from "./controller-process.ts";

/** Stands in the values of the store; it may be in Secrets, and nowhere else. */
const CANARY = "canary-71c0de";

let controlPlane: ControlPlane;
let controller: ControllerProcess;

before(async () => {
  controlPlane = await startControlPlane();
  await installCrds(controlPlane);
  controller = await startControllerProcess({ kubeconfigPath: controlPlane.kubeconfigPath });
  for (const file of ["secret-store.yaml", "config-map.yaml", "external-secret.yaml"]) {
    await apply(controlPlane, exampleManifest(`templates/${file}`));
  }
  const values = { user: "app", password: `${CANARY}: # "<x>"` };
  const data = [{ key: "db", value: JSON.stringify(values) }];
  await applyObject("SecretStore", "canary", { provider: { fake: { data } } });
});

after(async () => {
  await controller?.stop();
  await controlPlane?.stop();
});

async function applyObject(kind: string, name: string, spec: object): Promise<void> {
  const metadata = { name, namespace: "default" };
  await apply(controlPlane, JSON.stringify({ apiVersion: "external-secrets.io/v1", kind, metadata, spec }));
}

const applyWish = (name: string, target: object, dataFrom: readonly object[] = [{ extract: { key: "db" } }]) =>
  applyObject("ExternalSecret", name, { secretStoreRef: { name: "canary", kind: "SecretStore" }, dataFrom, target });

type Labelled = ClusterObject & {
  readonly metadata: {
    readonly labels?: object;
    readonly annotations?: object;
    readonly finalizers?: readonly string[];
  };
};

test("templates, templateFrom, find and rewrite make the Secret of the example", async () => {
  const secret: Labelled = await secretWith(controlPlane, "my-app-config", {
    "application.ini": "[database]\nhost = db.example\nuser = app\n",
    feature_search: "on",
    feature_upload: "off",
    url: "postgres://app:p%40ss%2Fw0rd@db.example/app",
  });
  assert.equal(Reflect.get(secret.metadata.labels ?? {}, "app"), "my-app");
  assert.equal(Reflect.get(secret.metadata.annotations ?? {}, "database"), "db.example");
});

test("a changed template changes the Secret, and keys that it no longer makes go", async () => {
  await applyWish("changes", { template: { data: { a: "{{ .user }}", b: "1" } } });
  const { uid } = (await secretWith(controlPlane, "changes", { a: "app", b: "1" })).metadata;
  await applyWish("changes", { template: { data: { a: "{{ .user | upper }}" } } });
  const changed = await secretWith(controlPlane, "changes", { a: "APP" });
  assert.equal(changed.metadata.uid, uid);
});

test("with mergePolicy Merge the values of the backend stand beside the rendered ones", async () => {
  await applyWish("merged", { template: { mergePolicy: "Merge", data: { user: "{{ .user }}-2", more: "x" } } });
  await secretWith(controlPlane, "merged", { user: "app-2", more: "x", password: `${CANARY}: # "<x>"` });
});

test("values that are YAML's own characters pass through a literal when they are quoted", async () => {
  const literal = "{{ range $key, $value := . }}{{ $key }}: {{ $value | toJson }}\n{{ end }}";
  await applyWish("quoted", { template: { templateFrom: [{ literal }] } });
  await secretWith(controlPlane, "quoted", { user: "app", password: `${CANARY}: # "<x>"` });
});

test("type, labels, annotations and finalizers of a template stand on the Secret", async () => {
  const metadata = {
    labels: { user: "{{ .user }}" },
    annotations: { note: "{{ len .password }}" },
    finalizers: ["a.example/b"],
  };
  const data = { username: "{{ .user }}", password: "{{ .password }}" };
  await applyWish("typed", { template: { type: "kubernetes.io/basic-auth", metadata, data } });
  await secretWith(controlPlane, "typed", { username: "app", password: `${CANARY}: # "<x>"` });
  const secret = (await objectAt(controlPlane, secretPath("typed"))) as Labelled & { readonly type?: string };
  assert.equal(secret.type, "kubernetes.io/basic-auth");
  assert.equal(Reflect.get(secret.metadata.labels ?? {}, "user"), "app");
  assert.equal(Reflect.get(secret.metadata.annotations ?? {}, "note"), String(`${CANARY}: # "<x>"`.length));
  assert.deepEqual(secret.metadata.finalizers, ["a.example/b"]);
  const unlock = JSON.stringify({ metadata: { finalizers: null } });
  await controlPlane.kubectl(["patch", "secret", "typed", "--type=merge", "-p", unlock]);
});

test("a wrong template is told with its field, line, column and the nearest key, and the Secret stays", async () => {
  await applyWish("wrong", { template: { data: { a: "{{ .user }}" } } });
  const { uid } = (await secretWith(controlPlane, "wrong", { a: "app" })).metadata;
  await applyWish("wrong", { template: { data: { a: "x\n{{ .pasword }}" } } });
  const words = [/spec\.target\.template\.data/, /a:2:3/, /pasword/, /did you mean "password"/];
  await readyCondition(
    controlPlane,
    ownPath("externalsecrets", "wrong"),
    ({ status, message = "" }) => status === "False" && words.every((word) => word.test(message)),
  );
  assert.equal((await objectAt(controlPlane, secretPath("wrong")))?.metadata.uid, uid);
  await applyWish("wrong", { template: { data: { a: "{{ .user }}" } } });
  await readyCondition(controlPlane, ownPath("externalsecrets", "wrong"), ({ status }) => status === "True");
});

test("a ConfigMap and a key of it that are not there are named, and taken when they are", async () => {
  const templateFrom = [{ configMap: { name: "late", items: [{ key: "a" }] } }];
  await applyWish("late", { template: { templateFrom } });
  const says = (word: RegExp) =>
    readyCondition(
      controlPlane,
      ownPath("externalsecrets", "late"),
      ({ status, message = "" }) => status === "False" && word.test(message),
    );
  await says(/configmap late not found/);
  const configMap = (data: object) =>
    apply(controlPlane, JSON.stringify({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "late" }, data }));
  await configMap({ b: "" });
  await says(/error in configmap late: missing key a/);
  await configMap({ a: "{{ .user }}!" });
  await secretWith(controlPlane, "late", { a: "app!" });
});

test("text that is no YAML because of a value is told without the value", async () => {
  await applyWish("leaky", { template: { templateFrom: [{ literal: "a: {{ .password }}\nb: *{{ .user }}" }] } });
  await readyCondition(
    controlPlane,
    ownPath("externalsecrets", "leaky"),
    ({ status, message = "" }) => status === "False" && /templateFrom\[0\]\.literal.*quote/.test(message),
  );
});

test("no log line, event, condition or metric holds a value", async () => {
  const { body } = await controlPlane.request({ path: ownPath("externalsecrets", "").replace(/\/$/, "") });
  const { body: metrics } = await controller.get("/metrics");
  const texts = {
    log: await controller.output(),
    events: await eventsText(controlPlane),
    metrics,
    externalSecrets: JSON.stringify(body),
  };
  for (const [where, text] of Object.entries(texts)) {
    assert.ok(text.length > 100, `${where} were looked at`);
    assert.ok(!text.includes(CANARY), `a value is in ${where}`);
  }
});
