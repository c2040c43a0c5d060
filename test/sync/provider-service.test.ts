/** The calls of the engine, as messages, without an engine: what is not known yet, secrets, and what is refused. */
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import messages from "@pulumi/pulumi/proto/provider_pb.js";
import { systemClock } from "../../api/clock.ts";
import { isProperties, type Properties, secret, UNKNOWN } from "../../sync/property-values.ts";
import { fromStruct, toStruct } from "../../sync/provider/messages.ts";
import { createProviderService } from "../../sync/provider/provider-service.ts";
import { fakeStore } from "./session-fixture.ts";

const URN = "urn:pulumi:dev::project::external-secrets:index:SyncedSecret::app";
const SPEC = { data: [{ secretKey: "password", remoteRef: { key: "a" } }], target: { creationPolicy: "None" } };

type Answer<T> = Promise<T> | T;

/** A configured provider; its calls take and give properties. */
async function openProvider(configuration: Properties = {}) {
  const silent = () => {};
  const { handlers } = createProviderService({
    version: "1.2.3",
    ...{ clock: systemClock, environment: {}, homeFolder: undefined },
    randomBytes: (length) => randomBytes(length),
    logger: { debug: silent, info: silent, warn: silent, error: silent },
  });
  const call = async <T>(name: string, request: unknown): Promise<T> => {
    const handler = handlers[name];
    if (handler === undefined) throw new Error(`no ${name}`);
    return (await (handler as (given: unknown) => Answer<T>)(request)) as T;
  };
  await call(
    "configure",
    new messages.ConfigureRequest().setArgs(toStruct({ namespace: "default", ...configuration })),
  );
  return { call };
}

type Provider = Awaited<ReturnType<typeof openProvider>>;

function check({ call }: Provider, news: Properties, urn = URN) {
  const request = new messages.CheckRequest().setUrn(urn).setNews(toStruct(news));
  return call<InstanceType<typeof messages.CheckResponse>>("check", request);
}

async function create({ call }: Provider, properties: Properties, preview: boolean): Promise<Properties> {
  const request = new messages.CreateRequest().setUrn(URN).setProperties(toStruct(properties)).setPreview(preview);
  const response = await call<InstanceType<typeof messages.CreateResponse>>("create", request);
  return fromStruct(response.getProperties());
}

test("an unknown namespace passes check, and a preview tells nothing of the outputs", async () => {
  const provider = await openProvider();
  const news = { metadata: { name: "app", namespace: UNKNOWN }, store: fakeStore({ a: "1" }), spec: SPEC };
  const checked = fromStruct((await check(provider, news)).getInputs());
  assert.deepEqual(checked.metadata, { name: "app", namespace: UNKNOWN });
  const outputs = await create(provider, checked, true);
  assert.deepEqual([outputs.secretName, outputs.keys], [UNKNOWN, UNKNOWN]);
});

test("check fills in name and namespace and keeps the marks of secrets", async () => {
  const provider = await openProvider();
  const credentials = secret({ vault: { token: "canary" } });
  const response = await check(provider, { credentials, store: fakeStore({ a: "1" }), spec: SPEC });
  assert.deepEqual(response.getFailuresList(), []);
  const inputs = fromStruct(response.getInputs());
  assert.deepEqual(inputs.metadata, { name: "app", namespace: "default" });
  assert.deepEqual(inputs.credentials, credentials);
});

test("a preview names the keys, and the state holds hashes under a key that is a secret", async () => {
  const provider = await openProvider({ store: JSON.stringify(fakeStore({ a: "canary-value" })) });
  const inputs = fromStruct((await check(provider, { spec: SPEC })).getInputs());
  assert.deepEqual((await create(provider, inputs, true)).keys, { password: UNKNOWN });
  const outputs = await create(provider, inputs, false);
  assert.ok(isProperties(outputs.keys) && /^[\w-]{12}$/.test(String(outputs.keys.password)));
  assert.deepEqual(Object.keys(isProperties(outputs.hashKey) ? outputs.hashKey : {}).length, 2);
  assert.ok(!JSON.stringify(outputs).includes("canary-value"));
});

test("resources and functions of others are refused by name", async () => {
  const provider = await openProvider();
  await assert.rejects(
    async () => check(provider, {}, "urn:pulumi:dev::project::external-secrets:index:Other::app"),
    /external-secrets:index:Other is no resource of this provider/,
  );
  await assert.rejects(
    provider.call("invoke", new messages.InvokeRequest().setTok("external-secrets:index:other")),
    /external-secrets:index:other is no function of this provider/,
  );
});

test("another API server makes all resources anew, another token for the same one does not", async () => {
  const { call } = await openProvider();
  const kubeconfig = (server: string, token: string) =>
    JSON.stringify({
      "current-context": "c",
      contexts: [{ name: "c", context: { cluster: "c", user: "u" } }],
      clusters: [{ name: "c", cluster: { server } }],
      users: [{ name: "u", user: { token } }],
    });
  const replaces = async (before: string, after: string) => {
    const request = new messages.DiffRequest()
      .setOldInputs(toStruct({ kubeconfig: before }))
      .setNews(toStruct({ kubeconfig: after }));
    const response = await call<InstanceType<typeof messages.DiffResponse>>("diffConfig", request);
    return response.getReplacesList();
  };
  assert.deepEqual(await replaces(kubeconfig("https://a", "1"), kubeconfig("https://a", "2")), []);
  assert.deepEqual(await replaces(kubeconfig("https://a", "1"), kubeconfig("https://b", "1")), ["kubeconfig"]);
});

test("a wrong configuration is told by field, without its value", async () => {
  const { call } = await openProvider();
  const news = toStruct({ store: "canary", requestTimeout: "canary", colour: "canary" });
  const request = new messages.CheckRequest().setNews(news);
  const response = await call<InstanceType<typeof messages.CheckResponse>>("checkConfig", request);
  const failures = response.getFailuresList().map((failure) => `${failure.getProperty()} ${failure.getReason()}`);
  assert.deepEqual(failures.map((line) => line.split(" ")[0]).sort(), ["colour", "requestTimeout", "store"]);
  assert.ok(!failures.join().includes("canary"));
});
