import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { homedir } from "node:os";
import { after, before, test } from "node:test";
import { systemClock } from "../../../api/clock.ts";
import { createKubeClient } from "../../../controller/kube/client.ts";
import type { KubeClient, KubeObject } from "../../../controller/kube/contracts.ts";
import { fixedCredentials } from "../../../controller/kube/credentials.ts";
import {
  isAlreadyExists,
  isConflict,
  isForbidden,
  isNotFound,
  KubeApiError,
} from "../../../controller/kube/kube-api-error.ts";
import { loadKubeConfig } from "../../../controller/kube/kube-config.ts";
import { createReflector } from "../../../controller/kube/reflector.ts";
import { eventually } from "../../eventually.ts";
import { type ControlPlane, startControlPlane } from "../../ground/index.ts";
import { configMapType, keepingLogger, type Secret, secretType, storeType } from "./test-parts.ts";

interface ConfigMap extends KubeObject {
  readonly data?: Readonly<Record<string, string>>;
}

let plane: ControlPlane;
let client: KubeClient;
const abort = new AbortController();
const { signal } = abort;
const namespace = "default";

before(async () => {
  plane = await startControlPlane();
  const environment = { KUBECONFIG: plane.kubeconfigPath };
  const config = await loadKubeConfig({ environment, homeFolder: homedir() });
  client = createKubeClient(config, { clock: systemClock });
});

after(async () => {
  abort.abort();
  client?.close();
  await plane?.stop();
});

test("a Secret is created, read, applied, patched and deleted", async () => {
  const name = { namespace, name: "one" };
  const made = await client.create<Secret>(secretType, { metadata: name, data: { a: "MQ==" } }, signal);
  await assert.rejects(client.create(secretType, { metadata: name }, signal), isAlreadyExists);
  const applied: Secret = { metadata: { ...name, labels: { l: "1" } }, data: { b: "Mg==" } };
  const result = await client.apply<Secret>(secretType, applied, { fieldManager: "first" }, signal);
  assert.deepEqual(result.data, { a: "MQ==", b: "Mg==" });
  const other: Secret = { metadata: name, data: { b: "Mw==" } };
  await assert.rejects(client.apply(secretType, other, { fieldManager: "second" }, signal), (error) => {
    assert.ok(isConflict(error) && error instanceof KubeApiError);
    assert.match(error.message, /\.data\.b conflict with "first"/);
    return true;
  });
  await client.apply(secretType, other, { fieldManager: "second", force: true }, signal);
  const stale = { metadata: { resourceVersion: made.metadata.resourceVersion }, data: { a: null } };
  await assert.rejects(client.mergePatch(secretType, name, stale, {}, signal), isConflict);
  const patched = await client.mergePatch<Secret>(
    secretType,
    name,
    { data: { a: null } },
    { fieldManager: "m" },
    signal,
  );
  assert.deepEqual(patched.data, { b: "Mw==" });
  const wrong = { preconditions: { uid: "00000000-0000-0000-0000-000000000000" } };
  await assert.rejects(client.delete(secretType, name, wrong, signal), isConflict);
  await client.delete(secretType, name, { preconditions: { uid: made.metadata.uid ?? "" } }, signal);
  await assert.rejects(client.get(secretType, name, signal), isNotFound);
});

test("an error about a Secret does not hold its value", async () => {
  const applied: Secret = { metadata: { namespace, name: "bad" }, data: { k: "canary value!" } };
  await assert.rejects(client.apply(secretType, applied, { fieldManager: "m" }, signal), (error: Error) => {
    assert.doesNotMatch(error.message, /canary/);
    return true;
  });
});

test("text goes through apply unchanged, also where YAML would read it otherwise than JSON", async () => {
  const value =
    'quote " slash \\ tab \t lines \r\n \n nel \u0085 del \u007f c1 \u0090 ls \u2028 ps \u2029 bom \ufeff 🔑 ü: - # {a} yes';
  const applied: ConfigMap = { metadata: { namespace, name: "text", annotations: { a: value } }, data: { k: value } };
  const result = await client.apply<ConfigMap>(configMapType, applied, { fieldManager: "m" }, signal);
  assert.equal(result.data?.k, value);
  assert.equal(result.metadata.annotations?.a, value);
});

test("lists come in pages and as metadata, and watches resume from them", async () => {
  for (let index = 0; index < 7; index++) {
    const metadata = { namespace, name: `page-${index}`, labels: { page: "yes" } };
    await client.create<Secret>(secretType, { metadata, data: { k: "MQ==" } }, signal);
  }
  const options = { namespace, labelSelector: "page=yes", metadataOnly: true };
  const names: string[] = [];
  let page = await client.list<Secret>(secretType, { ...options, limit: 3 }, signal);
  for (;;) {
    assert.ok(page.items.every((item) => item.data === undefined));
    names.push(...page.items.map(({ metadata }) => metadata.name));
    if (page.continue === undefined) break;
    page = await client.list<Secret>(secretType, { ...options, limit: 3, continue: page.continue }, signal);
  }
  assert.equal(names.length, 7);
  const { resourceVersion } = page;
  await client.delete(secretType, { namespace, name: "page-3" }, {}, signal);
  const types: string[] = [];
  for await (const event of client.watch<Secret>(
    secretType,
    { ...options, resourceVersion, timeoutSeconds: 1 },
    signal,
  )) {
    types.push(event.type);
    if (event.type === "DELETED")
      assert.deepEqual([event.object.metadata.name, event.object.data], ["page-3", undefined]);
  }
  assert.equal(types[0], "DELETED");
});

test("an unknown resource is a 404, and a token without rights a 403 and a wrong one a 401", async () => {
  await assert.rejects(client.list(storeType, {}, signal), isNotFound);
  await client.create(
    { ...secretType, kind: "ServiceAccount", plural: "serviceaccounts" },
    { metadata: { namespace, name: "sa" } },
    signal,
  );
  const granted = await client.createToken(
    { namespace, name: "sa" },
    { audiences: [], expirationSeconds: 600 },
    signal,
  );
  assert.ok(Math.abs(granted.expiresAtMs - Date.now() - 600_000) < 60_000);
  const base = {
    server: new URL(plane.server),
    source: "a test",
    namespace,
    tls: { authorities: async () => Buffer.from(plane.caPem) },
  };
  for (const [token, status] of [
    [granted.token, 403],
    ["wrong", 401],
  ] as const) {
    const credentials = fixedCredentials({ headers: { authorization: `Bearer ${token}` } });
    const other = createKubeClient({ ...base, credentials }, { clock: systemClock });
    await assert.rejects(other.list(secretType, {}, signal), (error) => {
      assert.ok(error instanceof KubeApiError);
      assert.equal(error.status, status);
      assert.equal(isForbidden(error), status === 403);
      return true;
    });
    other.close();
  }
});

test("200 calls at once are answered, beyond the streams of one connection", async () => {
  const names = Array.from({ length: 200 }, (_, index) => ({ namespace, name: `many-${index}` }));
  const data = { k: randomBytes(20_000).toString("base64") };
  const fast = createKubeClient(await loadKubeConfig({ environment: {}, kubeconfigPath: plane.kubeconfigPath }), {
    clock: systemClock,
    qps: 0,
  });
  await Promise.all(
    names.map((metadata) => fast.apply<Secret>(secretType, { metadata, data }, { fieldManager: "m" }, signal)),
  );
  const read = await Promise.all(names.map((name) => fast.get<Secret>(secretType, name, signal)));
  assert.ok(read.every((each) => each.data?.k === data.k));
  fast.close();
});

test("a reflector lives through a pause, a kill and a restart of the API server", async () => {
  const logger = keepingLogger();
  const reflector = createReflector<Secret, string>({
    client,
    type: secretType,
    namespaces: [namespace],
    metadataOnly: true,
    transform: ({ metadata }) => metadata.uid ?? "",
    clock: systemClock,
    random: Math.random,
    logger,
  });
  const changes: string[] = [];
  reflector.onChange(({ type, key }) => changes.push(`${type} ${key}`));
  const running = reflector.run(signal);
  await reflector.synced;
  const seen = (change: string) => eventually(change, () => changes.includes(change), { limitMs: 60_000 });
  const make = (name: string) => client.create<Secret>(secretType, { metadata: { namespace, name } }, signal);
  await make("before");
  await seen("added default/before");
  await plane.killApiServer();
  await eventually("a failure", () => logger.lines.some(({ level }) => level === "warn"), { limitMs: 10_000 });
  await plane.restartApiServer();
  await make("after-restart");
  await seen("added default/after-restart");
  assert.equal(changes.filter((change) => change.startsWith("deleted")).length, 0);
  plane.pauseApiServer();
  await assert.rejects(client.list(secretType, { limit: 1 }, AbortSignal.timeout(1_000)));
  plane.resumeApiServer();
  await make("after-pause");
  await seen("added default/after-pause");
  abort.abort();
  await running;
});
