/** What SyncedSecrets of one process share, without a cluster: creationPolicy None writes nothing. */
import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import { after, before, describe, test } from "node:test";
import { systemClock } from "../../api/clock.ts";
import { readSecretValue } from "../../sync/resource/read-secret.ts";
import { type AwsEmulator, EXAMPLE_CREDENTIALS, startAwsEmulator } from "../ground/aws/index.ts";
import { openSession, Resource } from "./session-fixture.ts";

const NONE = { creationPolicy: "None" } as const;

describe("a session", () => {
  let aws: AwsEmulator;
  let environment: Readonly<Record<string, string>>;
  const store = { provider: { aws: { service: "SecretsManager", region: "us-east-1" } } } as const;

  before(async () => {
    aws = await startAwsEmulator();
    environment = {
      AWS_ACCESS_KEY_ID: EXAMPLE_CREDENTIALS.accessKeyId,
      AWS_SECRET_ACCESS_KEY: EXAMPLE_CREDENTIALS.secretAccessKey,
      AWS_SECRETSMANAGER_ENDPOINT: aws.endpoint,
    };
    for (let index = 0; index < 100; index++) aws.put(`app-${index}`, `value-${index}`);
  });
  after(() => aws?.stop());

  const resources = (session: ReturnType<typeof openSession>, count: number, keyOf: (index: number) => string) =>
    Array.from({ length: count }, (_, index) => {
      const data = [{ secretKey: "value", remoteRef: { key: keyOf(index) } }];
      return new Resource(session, `s-${index}`, { store, spec: { data, target: NONE } });
    });

  test("500 resources that read the same at the same time ask the backend once", async () => {
    const session = openSession({ environment });
    aws.resetCalls();
    await Promise.all(resources(session, 500, () => "app-0").map((each) => each.create()));
    assert.equal(aws.calls(), 1);
    await session.close();
  });

  test("different secrets of one store are read in batches", async () => {
    const session = openSession({ environment });
    aws.resetCalls();
    await Promise.all(resources(session, 100, (index) => `app-${index}`).map((each) => each.create()));
    assert.ok(aws.calls() <= 10, `${aws.calls()} calls for 100 secrets`);
    await session.close();
  });

  test("an update asks the backend once, for its diff and its write", async () => {
    const session = openSession({ environment });
    const [resource] = resources(session, 1, () => "app-1");
    assert.ok(resource);
    await resource.create();
    aws.put("app-1", "another");
    aws.resetCalls();
    const { keys } = await resource.up();
    assert.deepEqual([keys.changed, aws.calls()], [["value"], 1]);
    await session.close();
  });

  test("the version that was read is told of each remote secret, once for all its properties, and a bounded number of them", async () => {
    const session = openSession({ environment });
    aws.put("pair", JSON.stringify({ user: "app", password: "first" }));
    const data = ["user", "password"].map((property) => ({
      secretKey: property,
      remoteRef: { key: "pair", property },
    }));
    const resource = new Resource(session, "pair", { store, spec: { data, target: NONE } });
    await resource.create();
    assert.deepEqual(resource.state?.versions, { pair: aws.currentVersion("pair") });
    aws.put("pair", JSON.stringify({ user: "app", password: "second" }));
    await resource.up();
    assert.deepEqual(resource.state?.versions, { pair: aws.currentVersion("pair") });
    const many = Array.from({ length: 100 }, (_, index) => ({
      secretKey: `value-${index}`,
      remoteRef: { key: `app-${index}` },
    }));
    const large = new Resource(session, "large", { store, spec: { data: many, target: NONE } });
    await large.create();
    const told = JSON.stringify(large.state?.versions);
    assert.ok(told.length > 300 && told.length < 500, `${told.length} characters`);
    await session.close();
  });

  test("a template with random functions is rendered anew only when something that it reads changes", async () => {
    const session = openSession({ environment });
    const data = [{ secretKey: "value", remoteRef: { key: "app-2" } }];
    const target = { ...NONE, template: { data: { hash: "{{ randAlphaNum 12 }}-{{ .value }}" } } };
    const resource = new Resource(session, "random", { store, spec: { data, target } });
    await resource.create();
    assert.deepEqual((await resource.up()).keys.changed, []);
    assert.deepEqual((await resource.refresh())?.backendDrift, []);
    await session.close();
    aws.put("app-2", "another");
    const later = openSession({ environment });
    const again = new Resource(later, "random", resource.inputs);
    again.state = resource.state;
    assert.deepEqual((await again.up()).keys.changed, ["hash"]);
    await later.close();
  });

  test("readSecret gives a value, or a part of one, and needs no cluster", async () => {
    const session = openSession({ environment, configuration: { store } });
    aws.put("json", JSON.stringify({ user: "app" }));
    const read = (request: { key: string; property?: string }) =>
      session.run((signal) => readSecretValue(session, request, signal));
    assert.deepEqual([await read({ key: "app-3" }), await read({ key: "json", property: "user" })], ["value-3", "app"]);
    await assert.rejects(read({ key: "absent" }), /absent/);
    await session.close();
  });
});

describe("a session with a backend that asks for patience", () => {
  let server: Server;
  let refusals = 0;
  let url = "";

  before(async () => {
    server = createServer((_request, response) => {
      if (refusals > 0) {
        refusals -= 1;
        response.writeHead(429, { "retry-after": "17" }).end();
      } else response.end("patient");
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    assert.ok(address !== null && typeof address === "object");
    url = `http://127.0.0.1:${address.port}/{{ .remoteRef.key }}`;
  });
  after(() => server?.close());

  test("Retry-After is obeyed", async () => {
    const waits: number[] = [];
    const clock = { ...systemClock, sleep: async (ms: number) => void waits.push(ms) };
    const session = openSession({ clock });
    refusals = 2;
    const data = [{ secretKey: "value", remoteRef: { key: "a" } }];
    const inputs = { store: { provider: { webhook: { url } } }, spec: { data, target: NONE } };
    await new Resource(session, "patient", inputs).create();
    assert.deepEqual([...new Set(waits)], [17_000]);
    await session.close();
  });

  test("a credential that the environment lacks is told by name", async () => {
    const session = openSession();
    const secrets = [{ name: "login", secretRef: { name: "login", key: "token" } }];
    const provider = { webhook: { url, secrets, headers: { authorization: "{{ .login.token }}" } } };
    const data = [{ secretKey: "value", remoteRef: { key: "a" } }];
    const credentials = { login: { token: { env: "LOGIN_TOKEN" } } };
    const resource = new Resource(session, "lacking", {
      store: { provider },
      credentials,
      spec: { data, target: NONE },
    });
    await assert.rejects(resource.create(), /the environment variable LOGIN_TOKEN is not set/);
    await session.close();
  });

  test("without a cluster, what needs one says how to name it", async () => {
    const session = openSession({ configuration: { namespace: "" } });
    await assert.rejects(session.defaultNamespace(), /no cluster: no Kubernetes configuration found/);
    await session.close();
  });
});
