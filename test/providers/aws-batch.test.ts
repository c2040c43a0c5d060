import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, describe, test } from "node:test";
import { inspect } from "node:util";
import { systemClock } from "../../api/clock.ts";
import type { RemoteRef, SecretsClient } from "../../providers/contract.ts";
import { AccessDenied, InvalidConfiguration, SecretNotFound, Transient } from "../../providers/errors.ts";
import { eventually } from "../eventually.ts";
import { type AwsEmulator, EXAMPLE_CREDENTIALS, startAwsEmulator } from "../ground/aws/index.ts";
import { type AwsSurroundings, EXAMPLE_SECRETS, openAws, signal, text, WakingClock } from "./aws-surroundings.ts";

const SECRETS = 40;
const LIMITED = {
  accessKeyId: "AKIALIMITED",
  secretAccessKey: "limited-secret-key",
  policies: ["secretsmanager:BatchGetSecretValue *", "secretsmanager:GetSecretValue many/*"],
};
const NO_BATCH = {
  accessKeyId: "AKIANOBATCH",
  secretAccessKey: "no-batch-secret-key",
  policies: ["secretsmanager:GetSecretValue many/*"],
};

describe("reads of AWS Secrets Manager that are asked for at the same time", () => {
  let emulator: AwsEmulator;
  let client: SecretsClient;
  let clock: WakingClock;
  const opened: SecretsClient[] = [];

  before(async () => {
    emulator = await startAwsEmulator({ credentials: [EXAMPLE_CREDENTIALS, LIMITED, NO_BATCH] });
    for (let index = 0; index < SECRETS; index++) emulator.put(`many/${index}`, `{"v":"value ${index}"}`);
    emulator.put("other", "value");
  });
  beforeEach(async () => {
    clock = new WakingClock();
    client = await open({ clock });
    emulator.resetCalls();
  });
  afterEach(async () => {
    for (const one of opened.splice(0)) await one.close();
  });
  after(() => emulator.stop());

  async function open(surroundings: AwsSurroundings): Promise<SecretsClient> {
    const one = await openAws(emulator.endpoint, {}, surroundings);
    opened.push(one);
    return one;
  }

  const openAs = ({ accessKeyId, secretAccessKey }: typeof LIMITED) =>
    open({ clock, secrets: { ...EXAMPLE_SECRETS, "aws/id": accessKeyId, "aws/key": secretAccessKey } });
  const many = (count: number) => Array.from({ length: count }, (_, index) => `many/${index % SECRETS}`);
  const read = (ref: RemoteRef, by = client) => by.getSecret(ref, signal());
  const readAll = (keys: readonly string[], by = client) => Promise.all(keys.map((key) => read({ key }, by)));
  const calls = () => ({
    batch: emulator.calls("BatchGetSecretValue"),
    single: emulator.calls("GetSecretValue"),
    all: emulator.calls(),
  });
  const outcome = (promise: Promise<Uint8Array>) => promise.then(text, (error: unknown) => error);

  test("are a call for each twenty secrets: 100 reads of 40 secrets are two", async () => {
    const values = await readAll(many(100));
    assert.deepEqual(
      values.map(text),
      many(100).map((key) => `{"v":"value ${key.slice("many/".length)}"}`),
    );
    assert.deepEqual(calls(), { batch: 2, single: 0, all: 2 });
  });

  test("travel together by the machine's clock too", async () => {
    await readAll(many(100), await open({ clock: systemClock }));
    assert.deepEqual(calls(), { batch: 2, single: 0, all: 2 });
  });

  test("select properties and give maps of what they share", async () => {
    const [property, map] = await Promise.all([
      read({ key: "many/1", property: "v" }),
      client.getSecretMap({ key: "many/2" }, signal()),
      read({ key: "many/1" }),
    ]);
    assert.equal(text(property), "value 1");
    assert.equal(text(map.get("v")), "value 2");
    assert.deepEqual(calls(), { batch: 1, single: 0, all: 1 });
  });

  test("give binary values unchanged, and take names, ARNs and ARNs without their end", async () => {
    const bytes = new Uint8Array(1024).map((_, index) => index % 256);
    emulator.put("binary", bytes);
    const arn = "arn:aws:secretsmanager:us-east-1:123456789012:secret:binary";
    assert.deepEqual((await readAll(["binary", arn, "many/1"])).slice(0, 2), [bytes, bytes]);
    assert.deepEqual(calls(), { batch: 1, single: 0, all: 1 });
  });

  test("are a GetSecretValue where all ask for one secret", async () => {
    await readAll(["many/1", "many/1", "many/1"]);
    assert.deepEqual(calls(), { batch: 0, single: 1, all: 1 });
    await read({ key: "many/1" });
    assert.deepEqual(calls(), { batch: 0, single: 2, all: 2 });
  });

  test("are single where they name a version, or ask for tags", async () => {
    const refs: RemoteRef[] = [
      { key: "many/1", version: "AWSCURRENT" },
      { key: "many/2", version: `uuid/${emulator.currentVersion("many/2")}` },
      { key: "many/3", metadataPolicy: "Fetch" },
    ];
    await Promise.all(refs.map((ref) => read(ref)));
    assert.deepEqual(calls(), { batch: 0, single: 2, all: 3 });
  });

  test("see each change: no value is kept", async () => {
    emulator.put("changing", "one");
    await readAll(["changing", "other"]);
    emulator.put("changing", "two");
    assert.deepEqual((await readAll(["changing", "other"])).map(text), ["two", "value"]);
  });

  test("fail one by one: a secret that is missing is SecretNotFound and the others are served", async () => {
    const [missing, other] = await Promise.all([outcome(read({ key: "none" })), outcome(read({ key: "other" }))]);
    assert.equal(other, "value");
    const alone = await outcome(read({ key: "none" }));
    assert.ok(missing instanceof SecretNotFound && alone instanceof SecretNotFound, inspect(missing));
    assert.equal(missing.message, alone.message);
    assert.equal(missing.details.remoteKey, "none");
    assert.match(missing.details.requestId ?? "", /^[0-9a-f-]{36}$/);
    assert.deepEqual(calls(), { batch: 1, single: 1, all: 2 });
  });

  test("fail one by one: a secret that may not be read is AccessDenied with the same remedy as alone", async () => {
    const limited = await openAs(LIMITED);
    const [denied, served] = await Promise.all([
      outcome(read({ key: "other" }, limited)),
      outcome(read({ key: "many/1" }, limited)),
    ]);
    assert.equal(served, '{"v":"value 1"}');
    const alone = await outcome(read({ key: "other" }, limited));
    assert.ok(denied instanceof AccessDenied && alone instanceof AccessDenied, inspect(denied));
    assert.deepEqual([denied.message, denied.details.remedy], [alone.message, alone.details.remedy]);
    assert.match(denied.details.remedy ?? "", /secretsmanager:GetSecretValue on "other"$/);
  });

  test("fail one by one: a secret that is scheduled for deletion is SecretNotFound", async () => {
    emulator.put("doomed", "value", { tags: { "managed-by": "external-secrets" } });
    await client.deleteSecret({ remoteKey: "doomed" }, signal());
    const [doomed, other] = await Promise.all([outcome(read({ key: "doomed" })), outcome(read({ key: "other" }))]);
    assert.ok(doomed instanceof SecretNotFound, inspect(doomed));
    assert.match(doomed.message, /scheduled for deletion/);
    assert.equal(other, "value");
  });

  test("are single for ten minutes where the policy does not permit batches", async () => {
    const single = await openAs(NO_BATCH);
    await readAll(many(3), single);
    assert.deepEqual(calls(), { batch: 1, single: 3, all: 4 });
    await readAll(many(3), single);
    assert.deepEqual(calls(), { batch: 1, single: 6, all: 7 });
    await clock.advance(10 * 60_000);
    await readAll(many(3), single);
    assert.deepEqual(calls(), { batch: 2, single: 9, all: 11 });
  });

  for (const [code, status] of [
    ["UnknownOperationException", 400],
    ["InternalFailure", 501],
  ] as const) {
    test(`are single where batches are not known (${code}, ${status})`, async () => {
      emulator.failNext("BatchGetSecretValue", { code, status });
      await readAll(many(3));
      await readAll(many(3));
      assert.deepEqual(calls(), { batch: 1, single: 6, all: 7 });
    });
  }

  test("are single where a batch is refused for one of them, and only that one fails", async () => {
    for (let round = 1; round <= 2; round++) {
      emulator.failNext("BatchGetSecretValue", { code: "InvalidParameterException" });
      emulator.failNext("GetSecretValue", { code: "InvalidParameterException" });
      const [bad, other] = await Promise.all([outcome(read({ key: "many/1" })), outcome(read({ key: "many/2" }))]);
      const failed = [bad, other].filter((result) => result instanceof InvalidConfiguration);
      assert.equal(failed.length, 1, inspect([bad, other]));
      assert.equal(emulator.calls("BatchGetSecretValue"), round, "the next batch is tried");
    }
  });

  test("are repeated together where AWS throttles, and fail with their own key in the end", async () => {
    emulator.failNext("BatchGetSecretValue", { code: "ThrottlingException", count: 2 });
    await readAll(many(3));
    assert.deepEqual(calls(), { batch: 3, single: 0, all: 3 });
    emulator.failNext("BatchGetSecretValue", { code: "ThrottlingException", count: 1, retryAfter: 30 });
    const errors = await Promise.all(many(2).map((key) => outcome(read({ key }))));
    for (const [index, error] of errors.entries()) {
      assert.ok(error instanceof Transient, inspect(error));
      assert.equal(error.details.remoteKey, `many/${index}`);
      assert.equal(error.retryAfterMs, 30_000);
      assert.match(error.message, new RegExp(`"many/${index}".*Throttling`));
    }
  });

  test("are no more batches in a second than a store's share of AWS's quota", async () => {
    for (let round = 0; round < 30; round++) await readAll(many(2));
    assert.deepEqual(calls(), { batch: 25, single: 10, all: 35 });
    await clock.advance(1_000);
    await readAll(many(2));
    assert.equal(emulator.calls("BatchGetSecretValue"), 26);
  });

  test("go on for the others where one gives up, and end when all do", async () => {
    const reason = new Error("given up");
    const [first, second] = [new AbortController(), new AbortController()];
    emulator.failNext("BatchGetSecretValue", { delayMs: Number.POSITIVE_INFINITY });
    const reading = [first, second, second].map(({ signal: abort }, index) =>
      client.getSecret({ key: `many/${index}` }, abort),
    );
    const results = Promise.allSettled(reading);
    await eventually("the request has arrived", () => emulator.calls("BatchGetSecretValue") === 1);
    first.abort(reason);
    await assert.rejects(reading[0] ?? assert.fail(), reason);
    assert.equal(await Promise.race([reading[1], new Promise((resolve) => setImmediate(resolve, "waits"))]), "waits");
    second.abort(reason);
    assert.deepEqual(
      (await results).map((result) => result.status === "rejected" && result.reason),
      [reason, reason, reason],
    );
  });

  test("are served where one has given up before the request is sent", async () => {
    const reason = new Error("given up");
    const stopping = new AbortController();
    const patient = await open({ clock: systemClock });
    const given = assert.rejects(patient.getSecret({ key: "many/1" }, stopping.signal), reason);
    const served = readAll(["many/2", "many/3"], patient);
    stopping.abort(reason);
    await given;
    assert.equal((await served).length, 2);
    await assert.rejects(patient.getSecret({ key: "many/1" }, AbortSignal.abort(reason)), reason);
    assert.deepEqual(calls(), { batch: 1, single: 0, all: 1 });
  });

  test("show no value in any error", async () => {
    emulator.failNext("BatchGetSecretValue", { code: "InternalServiceError", message: "canary-9d1", count: 3 });
    const errors = await Promise.all(many(2).map((key) => outcome(read({ key }))));
    assert.doesNotMatch(inspect([...errors, client], { depth: 9, showHidden: true }), /canary-9d1|"v":/);
  });
});
