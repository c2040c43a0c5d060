import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { systemClock } from "../../api/clock.ts";
import { CREATED_BY_LABEL, fieldManagerOf, MANAGED_LABEL } from "../../api/labels.ts";
import { createKubeClient } from "../../controller/kube/client.ts";
import type { KubeClient, ObjectMeta } from "../../controller/kube/contracts.ts";
import { loadKubeConfig } from "../../controller/kube/kube-config.ts";
import { DEFAULT_OPTIONS } from "../../controller/options.ts";
import { runController } from "../../controller/run.ts";
import { eventually } from "../eventually.ts";
import { type ControlPlane, startControlPlane, startVault, type Vault } from "../ground/index.ts";
import { externalSecret } from "./controller-fixture.ts";
import { keepingLogger } from "./kube/test-parts.ts";

const CANARY = "canary-7f3a-value";
let plane: ControlPlane;
let vault: Vault;
let kube: KubeClient;
let running: Promise<void>;
let ports: { readonly metrics?: number; readonly live?: number };
const logger = keepingLogger();
const stop = new AbortController();

before(async () => {
  [plane, vault] = await Promise.all([startControlPlane(), startVault()]);
  const crds = ["externalsecrets", "secretstores", "clustersecretstores"].flatMap((plural) => [
    "-f",
    join(import.meta.dirname, `../../crds/external-secrets.io_${plural}.yaml`),
  ]);
  // Started before its CRDs are there: they are waited for.
  const config = await loadKubeConfig({ environment: { KUBECONFIG: plane.kubeconfigPath } });
  kube = createKubeClient(config, { clock: systemClock });
  const listening = Promise.withResolvers<typeof ports>();
  running = runController(
    { ...DEFAULT_OPTIONS, metricsAddress: "127.0.0.1:0", liveAddress: "127.0.0.1:0" },
    {
      ...{ kube, clock: systemClock, logger, random: Math.random, environment: {}, signal: stop.signal },
      onListening: listening.resolve,
    },
  );
  ports = await listening.promise;
  await plane.kubectl(["apply", "--server-side", ...crds]);
});

after(async () => {
  stop.abort(new Error("the tests are over"));
  await running;
  kube?.close();
  await Promise.all([plane?.stop(), vault?.stop()]);
});

const GROUP = "/apis/external-secrets.io/v1";

/** The parts of any object that these tests look at. */
interface Found {
  readonly metadata: ObjectMeta;
  readonly data: Readonly<Record<string, string>>;
  readonly status?: { readonly conditions?: readonly { readonly status: string; readonly message: string }[] };
  /** Of an event. */
  readonly reason: string;
  readonly items: readonly Found[];
}

async function find(path: string): Promise<Found | undefined> {
  const { status, body } = await plane.request({ path });
  return status === 200 ? (body as Found) : undefined;
}

async function read(path: string): Promise<Found> {
  const found = await find(path);
  assert.ok(found, `${path} is there`);
  return found;
}

async function apply(object: object): Promise<void> {
  await plane.kubectl(["apply", "--server-side", "--field-manager=a-user", "-f", "-"], {
    input: JSON.stringify(object),
  });
}

async function readyMessage(path: string, status: "True" | "False", message = /.*/): Promise<string> {
  let last: unknown;
  const look = async () => {
    const found = await find(path);
    last = found?.status;
    const condition = found?.status?.conditions?.[0];
    return condition?.status === status && message.test(condition.message) ? condition.message : undefined;
  };
  return eventually(`${path} Ready=${status}`, look, { limitMs: 20_000 }).catch((cause) => {
    throw new Error(`the status is ${JSON.stringify(last)}`, { cause });
  });
}

/** A namespace with a Vault store that logs in by a token of the Secret `vault-token`. */
async function namespaceWithStore(namespace: string, token = "root"): Promise<void> {
  await plane.kubectl(["create", "namespace", namespace]);
  const metadata = { namespace, name: "vault-token" };
  await apply({ apiVersion: "v1", kind: "Secret", metadata, stringData: { token } });
  await apply({
    apiVersion: "external-secrets.io/v1",
    kind: "SecretStore",
    metadata: { namespace, name: "store" },
    spec: {
      provider: {
        vault: {
          server: vault.address,
          path: "secret",
          version: "v2",
          auth: { tokenSecretRef: { name: "vault-token", key: "token" } },
        },
      },
    },
  });
}

const password = (namespace: string) => async () => {
  const secret = await find(`/api/v1/namespaces/${namespace}/secrets/db`);
  return secret === undefined ? undefined : Buffer.from(secret.data.password ?? "", "base64").toString();
};
const spec = { data: [{ secretKey: "password", remoteRef: { key: "app/db", property: "password" } }] };

test("a secret travels from Vault into a Secret, follows changes, and is repaired", async () => {
  await vault.write("secret/data/app/db", { data: { password: CANARY } });
  await namespaceWithStore("spine");
  await apply(externalSecret("spine/db", { ...spec, refreshInterval: "1s" }));
  assert.equal(await readyMessage(`${GROUP}/namespaces/spine/externalsecrets/db`, "True"), "secret synced");
  assert.equal(await password("spine")(), CANARY);

  await vault.write("secret/data/app/db", { data: { password: "changed" } });
  await eventually("the change", async () => (await password("spine")()) === "changed", { limitMs: 10_000 });

  await plane.kubectl([
    "-n",
    "spine",
    "patch",
    "secret",
    "db",
    "--type=merge",
    "-p",
    '{"data":{"password":"eA==","more":"eA=="}}',
  ]);
  await eventually("the repair", async () => {
    const { data } = await read("/api/v1/namespaces/spine/secrets/db");
    return Object.keys(data).length === 1 && (await password("spine")()) === "changed";
  });
});

test("an idle ExternalSecret with a short interval is not written", async () => {
  await vault.write("secret/data/app/db", { data: { password: CANARY } });
  await namespaceWithStore("idle");
  await apply(externalSecret("idle/db", { ...spec, refreshInterval: "200ms" }));
  await readyMessage(`${GROUP}/namespaces/idle/externalsecrets/db`, "True");
  const versions = async () => [
    (await read(`${GROUP}/namespaces/idle/externalsecrets/db`)).metadata.resourceVersion,
    (await read("/api/v1/namespaces/idle/secrets/db")).metadata.resourceVersion,
    (await read(`${GROUP}/namespaces/idle/secretstores/store`)).metadata.resourceVersion,
  ];
  const before = await versions();
  const syncs = async () => Number(/sync_calls_total\{name="db",namespace="idle"\} (\d+)/.exec(await metrics())?.[1]);
  const start = await syncs();
  await eventually("five refreshes", async () => (await syncs()) >= start + 5);
  assert.deepEqual(await versions(), before);
});

test("a wrong token makes the store say so, and the right one in its Secret recovers all at once", async () => {
  await vault.write("secret/data/app/db", { data: { password: CANARY } });
  await namespaceWithStore("wrong", "no-such-token");
  await apply(externalSecret("wrong/db", spec));
  const message = await readyMessage(`${GROUP}/namespaces/wrong/secretstores/store`, "False");
  assert.match(message, /^unable to (validate store|create client): /);
  await readyMessage(`${GROUP}/namespaces/wrong/externalsecrets/db`, "False", /SecretStore "store" is not ready/);
  const at = performance.now();
  await apply({
    apiVersion: "v1",
    kind: "Secret",
    metadata: { namespace: "wrong", name: "vault-token" },
    stringData: { token: "root" },
  });
  await readyMessage(`${GROUP}/namespaces/wrong/externalsecrets/db`, "True");
  assert.ok(performance.now() - at < 5_000);
});

test("a Secret of ESO is taken over: stale labels of its field manager go, others' stay", async () => {
  await vault.write("secret/data/app/db", { data: { password: CANARY } });
  await namespaceWithStore("takeover");
  const labels = { [MANAGED_LABEL]: "true", "left-by-eso": "1" };
  const made = { metadata: { name: "db", labels }, data: { password: "eA==", stale: "eA==" } };
  const path = "/api/v1/namespaces/takeover/secrets";
  await plane.request({
    method: "POST",
    path: `${path}?fieldManager=${encodeURIComponent(fieldManagerOf("db"))}`,
    body: made,
  });
  await plane.kubectl(["-n", "takeover", "label", "secret", "db", "of-another=1"]);
  await apply(externalSecret("takeover/db", spec, { labels: { mine: "1" } }));
  await readyMessage(`${GROUP}/namespaces/takeover/externalsecrets/db`, "True");
  const { metadata, data } = await read(`${path}/db`);
  const { [CREATED_BY_LABEL]: createdBy, ...rest } = metadata.labels ?? {};
  assert.match(createdBy ?? "", /^[0-9a-f]{56}$/);
  assert.deepEqual(rest, { [MANAGED_LABEL]: "true", "of-another": "1", mine: "1" });
  assert.deepEqual(Object.keys(data), ["password"]);
  assert.equal(metadata.ownerReferences?.[0]?.kind, "ExternalSecret");
});

test("an ExternalSecret that is made anew takes its earlier self's Secret over", async () => {
  await vault.write("secret/data/app/db", { data: { password: CANARY } });
  await namespaceWithStore("anew");
  await apply(externalSecret("anew/db", spec));
  await readyMessage(`${GROUP}/namespaces/anew/externalsecrets/db`, "True");
  const before = await read("/api/v1/namespaces/anew/secrets/db");
  await plane.kubectl(["-n", "anew", "delete", "externalsecret", "db", "--cascade=orphan"]);
  // As a restored backup shows it: the reference to the earlier self is still there.
  const ownerReferences = [{ ...before.metadata.ownerReferences?.[0], uid: "11111111-2222-3333-4444-555555555555" }];
  await apply(externalSecret("anew/db", spec));
  await readyMessage(`${GROUP}/namespaces/anew/externalsecrets/db`, "True");
  await plane.request({
    method: "PATCH",
    path: "/api/v1/namespaces/anew/secrets/db",
    contentType: "application/merge-patch+json",
    body: { metadata: { ownerReferences }, data: { password: "eA==" } },
  });
  const mine = (await read(`${GROUP}/namespaces/anew/externalsecrets/db`)).metadata.uid;
  await eventually("the right owner", async () => {
    const owners = (await find("/api/v1/namespaces/anew/secrets/db"))?.metadata.ownerReferences ?? [];
    return owners.length === 1 && owners[0]?.uid === mine;
  });
});

test("events tell what happened, and no value is in them, in logs, statuses or metrics", async () => {
  const { items } = await read("/api/v1/events");
  const reasons = new Set(items.map(({ reason }) => reason));
  for (const reason of ["Created", "Updated", "Valid", "UpdateFailed"]) assert.ok(reasons.has(reason), reason);
  const statuses = await read(`${GROUP}/externalsecrets`);
  const encoded = Buffer.from(CANARY).toString("base64");
  for (const text of [JSON.stringify(items), JSON.stringify(statuses), JSON.stringify(logger.lines), await metrics()]) {
    assert.ok(!text.includes(CANARY) && !text.includes(encoded));
  }
});

test("it says that it lives and is ready", async () => {
  for (const path of ["healthz", "readyz"]) {
    assert.equal((await fetch(`http://127.0.0.1:${ports.live}/${path}`)).status, 200);
  }
});

test("a Secret goes with its ExternalSecret", async () => {
  await plane.kubectl(["-n", "spine", "delete", "externalsecret", "db"]);
  // The garbage collector looks for new kinds every 30 s only.
  const isGone = async () => (await find("/api/v1/namespaces/spine/secrets/db")) === undefined;
  await eventually("the Secret to go", isGone, { limitMs: 90_000 });
});

async function metrics(): Promise<string> {
  return (await fetch(`http://127.0.0.1:${ports.metrics}/metrics`)).text();
}
