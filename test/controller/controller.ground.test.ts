import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { CREATED_BY_LABEL, fieldManagerOf, MANAGED_LABEL } from "../../api/labels.ts";
import { eventually } from "../eventually.ts";
import { externalSecret } from "./controller-fixture.ts";
import { GROUP, type GroundController, startGroundController } from "./ground-controller.ts";

const CANARY = "canary-7f3a-value";
let ground: GroundController;

before(async () => {
  ground = await startGroundController();
});

after(() => ground?.stop());

const password = (namespace: string) => async () => {
  const secret = await ground.find(`/api/v1/namespaces/${namespace}/secrets/db`);
  return secret === undefined ? undefined : Buffer.from(secret.data.password ?? "", "base64").toString();
};
const spec = { data: [{ secretKey: "password", remoteRef: { key: "app/db", property: "password" } }] };

test("a secret travels from Vault into a Secret, follows changes, and is repaired", async () => {
  await ground.vault.write("secret/data/app/db", { data: { password: CANARY } });
  await ground.namespaceWithStore("spine");
  await ground.apply(externalSecret("spine/db", { ...spec, refreshInterval: "1s" }));
  assert.equal(await ground.readyMessage(`${GROUP}/namespaces/spine/externalsecrets/db`, "True"), "secret synced");
  assert.equal(await password("spine")(), CANARY);

  await ground.vault.write("secret/data/app/db", { data: { password: "changed" } });
  await eventually("the change", async () => (await password("spine")()) === "changed", { limitMs: 10_000 });

  await ground.plane.kubectl([
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
    const { data } = await ground.read("/api/v1/namespaces/spine/secrets/db");
    return Object.keys(data).length === 1 && (await password("spine")()) === "changed";
  });
});

test("an idle ExternalSecret with a short interval is not written", async () => {
  await ground.vault.write("secret/data/app/db", { data: { password: CANARY } });
  await ground.namespaceWithStore("idle");
  await ground.apply(externalSecret("idle/db", { ...spec, refreshInterval: "200ms" }));
  await ground.readyMessage(`${GROUP}/namespaces/idle/externalsecrets/db`, "True");
  const versions = async () => [
    (await ground.read(`${GROUP}/namespaces/idle/externalsecrets/db`)).metadata.resourceVersion,
    (await ground.read("/api/v1/namespaces/idle/secrets/db")).metadata.resourceVersion,
    (await ground.read(`${GROUP}/namespaces/idle/secretstores/store`)).metadata.resourceVersion,
  ];
  const before = await versions();
  const syncs = async () =>
    Number(/sync_calls_total\{name="db",namespace="idle"\} (\d+)/.exec(await ground.metrics())?.[1]);
  const start = await syncs();
  await eventually("five refreshes", async () => (await syncs()) >= start + 5);
  assert.deepEqual(await versions(), before);
});

test("a wrong token makes the store say so, and the right one in its Secret recovers all at once", async () => {
  await ground.vault.write("secret/data/app/db", { data: { password: CANARY } });
  await ground.namespaceWithStore("wrong", "no-such-token");
  await ground.apply(externalSecret("wrong/db", spec));
  const message = await ground.readyMessage(`${GROUP}/namespaces/wrong/secretstores/store`, "False");
  assert.match(message, /^unable to (validate store|create client): /);
  await ground.readyMessage(
    `${GROUP}/namespaces/wrong/externalsecrets/db`,
    "False",
    /SecretStore "store" is not ready/,
  );
  const at = performance.now();
  await ground.apply({
    apiVersion: "v1",
    kind: "Secret",
    metadata: { namespace: "wrong", name: "vault-token" },
    stringData: { token: "root" },
  });
  await ground.readyMessage(`${GROUP}/namespaces/wrong/externalsecrets/db`, "True");
  assert.ok(performance.now() - at < 5_000);
});

test("a Secret of ESO is taken over: stale labels of its field manager go, others' stay", async () => {
  await ground.vault.write("secret/data/app/db", { data: { password: CANARY } });
  await ground.namespaceWithStore("takeover");
  const labels = { [MANAGED_LABEL]: "true", "left-by-eso": "1" };
  const made = { metadata: { name: "db", labels }, data: { password: "eA==", stale: "eA==" } };
  const path = "/api/v1/namespaces/takeover/secrets";
  await ground.plane.request({
    method: "POST",
    path: `${path}?fieldManager=${encodeURIComponent(fieldManagerOf("db"))}`,
    body: made,
  });
  await ground.plane.kubectl(["-n", "takeover", "label", "secret", "db", "of-another=1"]);
  await ground.apply(externalSecret("takeover/db", spec, { labels: { mine: "1" } }));
  await ground.readyMessage(`${GROUP}/namespaces/takeover/externalsecrets/db`, "True");
  const { metadata, data } = await ground.read(`${path}/db`);
  const { [CREATED_BY_LABEL]: createdBy, ...rest } = metadata.labels ?? {};
  assert.match(createdBy ?? "", /^[0-9a-f]{56}$/);
  assert.deepEqual(rest, { [MANAGED_LABEL]: "true", "of-another": "1", mine: "1" });
  assert.deepEqual(Object.keys(data), ["password"]);
  assert.equal(metadata.ownerReferences?.[0]?.kind, "ExternalSecret");
});

test("a Secret that names an earlier ExternalSecret of that name as its owner is taken over", async () => {
  await ground.vault.write("secret/data/app/db", { data: { password: CANARY } });
  await ground.namespaceWithStore("anew");
  await ground.apply(externalSecret("anew/db", spec));
  await ground.readyMessage(`${GROUP}/namespaces/anew/externalsecrets/db`, "True");
  const { metadata } = await ground.read("/api/v1/namespaces/anew/secrets/db");
  // As a restored backup shows it.
  const ownerReferences = [{ ...metadata.ownerReferences?.[0], uid: "11111111-2222-3333-4444-555555555555" }];
  await ground.plane.request({
    method: "PATCH",
    path: "/api/v1/namespaces/anew/secrets/db",
    contentType: "application/merge-patch+json",
    body: { metadata: { ownerReferences }, data: { password: "eA==" } },
  });
  const mine = (await ground.read(`${GROUP}/namespaces/anew/externalsecrets/db`)).metadata.uid;
  await eventually("the right owner", async () => {
    const owners = (await ground.find("/api/v1/namespaces/anew/secrets/db"))?.metadata.ownerReferences ?? [];
    return owners.length === 1 && owners[0]?.uid === mine;
  });
});

test("events tell what happened, and no value is in them, in logs, statuses or metrics", async () => {
  const { items } = await ground.read("/api/v1/events");
  const reasons = new Set(items.map(({ reason }) => reason));
  for (const reason of ["Created", "Updated", "Valid", "UpdateFailed"]) assert.ok(reasons.has(reason), reason);
  const statuses = await ground.read(`${GROUP}/externalsecrets`);
  const encoded = Buffer.from(CANARY).toString("base64");
  for (const text of [
    JSON.stringify(items),
    JSON.stringify(statuses),
    JSON.stringify(ground.lines),
    await ground.metrics(),
  ]) {
    assert.ok(!text.includes(CANARY) && !text.includes(encoded));
  }
});

test("it says that it lives and is ready", async () => {
  for (const path of ["healthz", "readyz"]) {
    assert.equal((await fetch(`http://127.0.0.1:${ground.livePort}/${path}`)).status, 200);
  }
});

test("a Secret goes with its ExternalSecret", async () => {
  await ground.plane.kubectl(["-n", "spine", "delete", "externalsecret", "db"]);
  // The garbage collector looks for new kinds every 30 s only.
  const isGone = async () => (await ground.find("/api/v1/namespaces/spine/secrets/db")) === undefined;
  await eventually("the Secret to go", isGone, { limitMs: 90_000 });
});
