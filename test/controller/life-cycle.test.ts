import assert from "node:assert/strict";
import { test } from "node:test";
import { DEFAULT_OPTIONS } from "../../controller/options.ts";
import { runController } from "../../controller/run.ts";
import { EXTERNAL_SECRETS, externalSecret, fakeStore, STORES, startTestController } from "./controller-fixture.ts";
import { keepingLogger, startClient } from "./kube/test-parts.ts";
import { ScriptedBackend } from "./scripted-backend.ts";

const CANARY = "canary-93b1-value";

const status = async (port: number | undefined, path: string) =>
  (await fetch(`http://127.0.0.1:${port}${path}`)).status;

test("it is ready when its caches are full, and CRDs that come late are waited for", async (context) => {
  let show: () => void = () => undefined;
  const it = await startTestController(context, {
    before: (server) => {
      show = server.hide(EXTERNAL_SECRETS);
    },
  });
  await it.soon("the other caches", () => it.server.watches("secretstores").length === 1);
  assert.equal(await status(it.ports.live, "/readyz"), 500);
  assert.equal(await status(it.ports.live, "/healthz"), 200);
  show();
  await it.soon("full caches", () => it.lines.some(({ message }) => message === "caches are full"));
  assert.equal(await status(it.ports.live, "/readyz"), 200);
  it.put(STORES, fakeStore("a/store", { "app/db": "v" }));
  it.put(EXTERNAL_SECRETS, externalSecret("a/db"));
  await it.ready("a/db", "True");
});

test("it does not live when its watches have heard nothing for long", async (context) => {
  const it = await startTestController(context);
  await it.soon("full caches", () => it.lines.some(({ message }) => message === "caches are full"));
  it.server.fail({ answer: "hang", times: Number.POSITIVE_INFINITY });
  it.server.network.reset();
  await it.pass(30 * 60_000);
  const answer = await fetch(`http://127.0.0.1:${it.ports.live}/healthz`);
  assert.equal(answer.status, 500);
  assert.match(await answer.text(), /no news from the API server: externalSecrets/);
});

test("a stop lets running work end, closes clients and ends all requests", async (context) => {
  const backend = new ScriptedBackend();
  backend.values.set("app/db", "v");
  const gate = Promise.withResolvers<void>();
  backend.beforeRead = () => gate.promise;
  const it = await startTestController(context, { surroundings: { bindBackend: backend.bindBackend } });
  it.put(STORES, fakeStore("a/store", {}));
  it.put(EXTERNAL_SECRETS, externalSecret("a/db"));
  await it.soon("the read", () => backend.reads === 1);
  const stopped = it.stop();
  gate.resolve();
  await stopped;
  assert.equal(it.externalSecret("a/db")?.status?.conditions?.[0]?.status, "True");
  assert.equal(backend.closed, 1);
  assert.equal(it.lines.at(-1)?.message, "stopped");
});

test("an address that is taken is told as that", async (context) => {
  const { client, clock, signal } = await startClient(context, { protocol: "http" });
  const it = await startTestController(context);
  const options = { ...DEFAULT_OPTIONS, metricsAddress: "0", liveAddress: `127.0.0.1:${it.ports.live}` };
  const surroundings = { kube: client, clock, random: () => 0, logger: keepingLogger(), environment: {}, signal };
  await assert.rejects(runController(options, surroundings), /cannot listen on 127\.0\.0\.1:\d+: EADDRINUSE/);
});

test("no value is in logs, events, statuses or metrics, also when all goes wrong", async (context) => {
  const backend = new ScriptedBackend();
  backend.values.set("app/db", `{"password":"${CANARY}"}`);
  backend.values.set("app/text", CANARY);
  const it = await startTestController(context, { surroundings: { bindBackend: backend.bindBackend } });
  it.put(STORES, fakeStore("a/store", {}));
  const read = (name: string, remoteRef: { key: string; property?: string; decodingStrategy?: "Base64" }) =>
    it.put(EXTERNAL_SECRETS, externalSecret(`a/${name}`, { data: [{ secretKey: "p", remoteRef }] }));
  read("good", { key: "app/db", property: "password" });
  read("no-property", { key: "app/db", property: "other" });
  read("no-json", { key: "app/text", property: "other" });
  read("no-base64", { key: "app/text", decodingStrategy: "Base64" });
  it.put(EXTERNAL_SECRETS, externalSecret("a/no-map", { data: [], dataFrom: [{ extract: { key: "app/text" } }] }));
  await it.ready("a/good", "True");
  for (const name of ["no-property", "no-json", "no-base64", "no-map"]) await it.ready(`a/${name}`, "False");
  it.server.fail({
    match: ({ verb, plural }) => verb === "patch" && plural === "secrets",
    answer: { status: 422, reason: "Invalid", message: `invalid value ${CANARY}` },
    times: 3,
  });
  read("refused", { key: "app/db", property: "password" });
  await it.ready("a/refused", "False", /^could not update secret: patch secrets "a\/refused": Invalid \(422\)/);
  await it.ready("a/refused", "True");
  await it.soon("the events", () => it.events().length >= 6);
  const statuses = it.server.store.all(EXTERNAL_SECRETS).map((object) => object.status);
  const texts = [it.lines, it.events(), statuses, await it.metrics()].map((part) => JSON.stringify(part));
  const encoded = Buffer.from(CANARY).toString("base64").slice(0, 16);
  for (const text of texts) assert.ok(!text.includes(CANARY) && !text.includes(encoded));
});

test("a status that cannot be written is written later", async (context) => {
  const it = await startTestController(context);
  it.server.fail({
    match: ({ plural, subresource }) => plural === "externalsecrets" && subresource === "status",
    answer: { status: 403, reason: "Forbidden", message: "no" },
    times: 2,
  });
  it.put(STORES, fakeStore("a/store", { "app/db": "v" }));
  it.put(EXTERNAL_SECRETS, externalSecret("a/db"));
  await it.ready("a/db", "True");
  assert.ok(it.lines.some(({ message, fields }) => message === "a pass failed" && fields?.externalSecret === "a/db"));
});
