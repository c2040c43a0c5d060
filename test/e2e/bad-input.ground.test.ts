import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { type ControlPlane, freePort, startControlPlane, startVault, type Vault, waitUntil } from "../ground/index.ts";
import {
  apply,
  eventsText,
  installCrds,
  objectAt,
  ownPath,
  readyCondition,
  secretPath,
  secretWith,
} from "./cluster-objects.ts";
import { type ControllerProcess, startControllerProcess } from "./controller-process.ts";

/** Stands in every value that is stored anywhere in these tests; it may be in Secrets, and nowhere else. */
const CANARY = "canary-3f8a61";
/** "Within seconds", with room for a busy machine. */
const RECOVERS_WITHIN_MS = 20_000;

let controlPlane: ControlPlane;
let vault: Vault;
let controller: ControllerProcess;

before(async () => {
  [controlPlane, vault] = await Promise.all([startControlPlane(), startVault()]);
  await installCrds(controlPlane);
  controller = await startControllerProcess({ kubeconfigPath: controlPlane.kubeconfigPath });
  await vault.write("secret/data/good", { data: { password: `${CANARY}-good` } });
  await vault.write("secret/data/text", { data: { password: `${CANARY}-text` } });
  await createToken("vault-token", vault.token);
  await apply(controlPlane, storeManifest("vault", vault.address, "vault-token"));
});

after(async () => {
  await controller?.stop();
  await Promise.all([controlPlane?.stop(), vault?.stop()]);
});

async function createToken(name: string, token: string): Promise<void> {
  const { stdout } = await controlPlane.kubectl([
    ...["create", "secret", "generic", name, `--from-literal=token=${token}`],
    ...["--dry-run=client", "-o", "yaml"],
  ]);
  await apply(controlPlane, stdout);
}

function storeManifest(name: string, server: string, tokenSecret: string): string {
  const vaultSpec = { server, path: "secret", auth: { tokenSecretRef: { name: tokenSecret, key: "token" } } };
  const metadata = { name, namespace: "default" };
  return JSON.stringify({
    apiVersion: "external-secrets.io/v1",
    kind: "SecretStore",
    metadata,
    spec: { provider: { vault: vaultSpec } },
  });
}

interface Wish {
  readonly name: string;
  readonly store?: string;
  readonly key?: string;
  readonly property?: string;
  readonly refreshInterval?: string;
}

async function applyWish({ name, store = "vault", key = "good", property = "password", refreshInterval = "1h" }: Wish) {
  const spec = {
    refreshInterval,
    secretStoreRef: { name: store, kind: "SecretStore" },
    data: [{ secretKey: "password", remoteRef: { key, property } }],
  };
  const metadata = { name, namespace: "default" };
  const apiVersion = "external-secrets.io/v1";
  await apply(controlPlane, JSON.stringify({ apiVersion, kind: "ExternalSecret", metadata, spec }));
}

/** The ExternalSecret's own words, in its condition and in an event, hold all of these. */
async function says(name: string, words: readonly RegExp[]): Promise<string> {
  const path = ownPath("externalsecrets", name);
  const isTold = ({ status, message = "" }: { status: string; message?: string }) =>
    status === "False" && words.every((word) => word.test(message));
  const { reason, message = "" } = await readyCondition(controlPlane, path, isTold);
  assert.equal(reason, "SecretSyncedError");
  const hasEvent = async () => (await eventsText(controlPlane)).includes(JSON.stringify(message).slice(1, -1));
  await waitUntil(`an event of ${name} with the condition's message`, hasEvent);
  return message;
}

/** A Secret that is there and good, before something goes wrong. */
async function syncedWish(name: string): Promise<string> {
  await applyWish({ name });
  return (await secretWith(controlPlane, name, { password: `${CANARY}-good` })).metadata.uid;
}

async function recovers(name: string, uid: string, value = `${CANARY}-good`): Promise<void> {
  const secret = await secretWith(controlPlane, name, { password: value }, RECOVERS_WITHIN_MS);
  assert.equal(secret.metadata.uid, uid, "the Secret was kept, not made anew");
  await readyCondition(
    controlPlane,
    ownPath("externalsecrets", name),
    ({ status }) => status === "True",
    RECOVERS_WITHIN_MS,
  );
}

async function isKept(name: string, uid: string): Promise<void> {
  const secret = await objectAt(controlPlane, secretPath(name));
  assert.equal(secret?.metadata.uid, uid);
  assert.equal(Buffer.from(secret?.data?.password ?? "", "base64").toString(), `${CANARY}-good`);
}

test("an unknown store is named, the Secret stays, and the store is used as soon as it is there", async () => {
  const uid = await syncedWish("unknown-store");
  await applyWish({ name: "unknown-store", store: "later" });
  await says("unknown-store", [/SecretStore/, /later/, /secretStoreRef|create/i]);
  await isKept("unknown-store", uid);
  await apply(controlPlane, storeManifest("later", vault.address, "vault-token"));
  await recovers("unknown-store", uid);
});

test("a missing key is named, the Secret stays, and the key is read when it is written", async () => {
  const uid = await syncedWish("missing-key");
  await applyWish({ name: "missing-key", key: "nothing-here" });
  await says("missing-key", [/spec\.data\[0\]\.remoteRef/, /nothing-here/]);
  await isKept("missing-key", uid);
  await vault.write("secret/data/nothing-here", { data: { password: `${CANARY}-new` } });
  await recovers("missing-key", uid, `${CANARY}-new`);
});

test("a missing property is named, the Secret stays, and the property is read when it is written", async () => {
  const uid = await syncedWish("missing-property");
  await applyWish({ name: "missing-property", property: "pass-phrase" });
  await says("missing-property", [/spec\.data\[0\]\.remoteRef\.property/, /pass-phrase/, /good/]);
  await isKept("missing-property", uid);
  await vault.write("secret/data/good", { data: { password: `${CANARY}-good`, "pass-phrase": `${CANARY}-phrase` } });
  await recovers("missing-property", uid, `${CANARY}-phrase`);
});

test("a property of something that is no JSON is told as that", async () => {
  const uid = await syncedWish("no-json");
  await apply(
    controlPlane,
    JSON.stringify({
      apiVersion: "external-secrets.io/v1",
      kind: "SecretStore",
      metadata: { name: "plain-text", namespace: "default" },
      spec: { provider: { fake: { data: [{ key: "good", value: `${CANARY}-plain` }] } } },
    }),
  );
  await applyWish({ name: "no-json", store: "plain-text" });
  await says("no-json", [/spec\.data\[0\]\.remoteRef\.property/, /JSON/]);
  await isKept("no-json", uid);
  await applyWish({ name: "no-json" });
  await recovers("no-json", uid);
});

test("a wrong credential is told by the store and by its ExternalSecret, which both recover when it is right", async () => {
  const uid = await syncedWish("wrong-credential");
  await createToken("other-token", `${CANARY}-wrong-token`);
  await apply(controlPlane, storeManifest("guarded", vault.address, "other-token"));
  await applyWish({ name: "wrong-credential", store: "guarded" });
  const path = ownPath("secretstores", "guarded");
  const condition = await readyCondition(controlPlane, path, ({ status }) => status === "False");
  assert.match(condition.message ?? "", /tokenSecretRef|permission|denied|token/i);
  await says("wrong-credential", [/guarded/]);
  await isKept("wrong-credential", uid);
  await createToken("other-token", vault.token);
  await recovers("wrong-credential", uid);
});

test("an unreachable backend is told, the Secret stays, and it is read when the backend is there", async () => {
  const uid = await syncedWish("unreachable");
  const port = await freePort();
  await apply(controlPlane, storeManifest("away", `http://127.0.0.1:${port}`, "vault-token"));
  await applyWish({ name: "unreachable", store: "away" });
  const isDown = ({ status }: { status: string }) => status === "False";
  await readyCondition(controlPlane, ownPath("secretstores", "away"), isDown);
  await says("unreachable", [/away/]);
  await isKept("unreachable", uid);
  const late = await startVault({ port });
  try {
    await late.write("secret/data/good", { data: { password: `${CANARY}-good` } });
    await recovers("unreachable", uid);
  } finally {
    await late.stop();
  }
});

test("a refreshInterval that is no duration is quoted with an example of one", async () => {
  const uid = await syncedWish("interval");
  await applyWish({ name: "interval", refreshInterval: "every hour" });
  await says("interval", [/spec\.refreshInterval/, /every hour/, /1h30m|15s/]);
  await isKept("interval", uid);
  await applyWish({ name: "interval", refreshInterval: "2h" });
  await recovers("interval", uid);
});

test("no log line, event, condition or metric holds a value, plain or in base64", async () => {
  const paths = ["externalsecrets", "secretstores"].map((plural) => ownPath(plural, "").replace(/\/$/, ""));
  // The fake store's own spec holds its value: it is the user's, and not looked at here.
  const statuses = await Promise.all(
    paths.map(async (path) => {
      const { body } = await controlPlane.request({ path });
      return JSON.stringify((body as { items: readonly { status?: unknown }[] }).items.map(({ status }) => status));
    }),
  );
  const { body: metrics } = await controller.get("/metrics");
  const texts = {
    log: await controller.output(),
    events: await eventsText(controlPlane),
    metrics,
    statuses: statuses.join(),
  };
  const base64 = Buffer.from(CANARY).toString("base64").replace(/=*$/, "").slice(0, -1);
  for (const [where, text] of Object.entries(texts)) {
    assert.ok(text.length > 100, `${where} were looked at`);
    assert.ok(!text.includes(CANARY) && !text.includes(base64), `a value is in ${where}`);
  }
});

test("it is healthy and ready, and ends in order when it is asked to", async () => {
  assert.equal((await controller.get("/healthz")).status, 200);
  assert.equal((await controller.get("/readyz")).status, 200);
  assert.equal(await controller.stop(), 0);
});
