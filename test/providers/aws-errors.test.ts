import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { after, afterEach, before, describe, test } from "node:test";
import { inspect } from "node:util";
import { systemClock } from "../../api/clock.ts";
import { GATHERING_MS } from "../../providers/aws/current-values.ts";
import type { SecretsClient } from "../../providers/contract.ts";
import {
  AccessDenied,
  InvalidConfiguration,
  SecretNotFound,
  type SyncError,
  Transient,
} from "../../providers/errors.ts";
import { eventually } from "../eventually.ts";
import { type AwsEmulator, EXAMPLE_CREDENTIALS, type InjectedFault, startAwsEmulator } from "../ground/aws/index.ts";
import { EXAMPLE_SECRETS, openAws, signal, text, WakingClock } from "./aws-surroundings.ts";

const CANARY = "canary-7c2f-value";
const LIMITED = { accessKeyId: "AKIALIMITED", secretAccessKey: "canary-7c2f-access-key" };

describe("an error of AWS", () => {
  let emulator: AwsEmulator;
  let client: SecretsClient;
  const clock = new WakingClock();

  before(async () => {
    emulator = await startAwsEmulator({
      credentials: [EXAMPLE_CREDENTIALS, { ...LIMITED, policies: ["secretsmanager:GetSecretValue team-a/*"] }],
    });
    emulator.put("key", CANARY);
    emulator.put("team-b/key", CANARY);
    client = await openAws(emulator.endpoint, {}, { clock });
  });
  afterEach(() => {
    emulator.resetCalls();
    clock.slept.length = 0;
  });
  after(async () => {
    await client.close();
    await emulator.stop();
  });

  async function failure(fault: InjectedFault): Promise<SyncError> {
    emulator.failNext("GetSecretValue", { count: 3, ...fault });
    const error: unknown = await client.getSecret({ key: "key" }, signal()).then(
      () => assert.fail("no error"),
      (reason: unknown) => reason,
    );
    // What a single attempt left over of the three must not meet the next test.
    for (let left = emulator.calls("GetSecretValue"); left < 3; left++) {
      await client.getSecret({ key: "key" }, signal()).catch(() => undefined);
    }
    return error as SyncError;
  }

  const classes: readonly [code: string, status: number, expected: new (message: string) => SyncError][] = [
    ["ResourceNotFoundException", 400, SecretNotFound],
    ["AccessDeniedException", 400, AccessDenied],
    ["UnrecognizedClientException", 400, AccessDenied],
    ["InvalidSignatureException", 400, AccessDenied],
    ["ExpiredTokenException", 400, AccessDenied],
    ["DecryptionFailure", 400, AccessDenied],
    ["SomethingForbidden", 403, AccessDenied],
    ["ValidationException", 400, InvalidConfiguration],
    ["InvalidParameterException", 400, InvalidConfiguration],
    ["ThrottlingException", 400, Transient],
    ["TooManyRequestsException", 429, Transient],
    ["InternalServiceError", 500, Transient],
    ["ServiceUnavailable", 503, Transient],
    ["SomethingNew", 502, Transient],
  ];
  for (const [code, status, expected] of classes) {
    test(`${code} with status ${status} is ${expected.name}, with key and request id`, async () => {
      const error = await failure({ code, status, message: CANARY });
      assert.ok(error instanceof expected, inspect(error));
      assert.equal(error.details.remoteKey, "key");
      assert.match(error.details.requestId ?? "", /^[0-9a-f-]{36}$/);
      assert.match(error.message, new RegExp(code.replace("Exception", "")));
      assert.ok(!inspect(error, { depth: 9, showHidden: true }).includes(CANARY), "AWS's own text is not shown");
    });
  }

  test("that forbids a read names the permission to add", async () => {
    const secrets = { ...EXAMPLE_SECRETS, "aws/id": LIMITED.accessKeyId, "aws/key": LIMITED.secretAccessKey };
    const limited = await openAws(emulator.endpoint, {}, { secrets });
    await assert.rejects(limited.getSecret({ key: "team-b/key" }, signal()), (error) => {
      assert.ok(error instanceof AccessDenied);
      assert.match(
        error.describe(),
        /^AWS GetSecretValue of "team-b\/key" was refused \(AccessDenied\); allow the store's identity secretsmanager:GetSecretValue on "team-b\/key" \(request /,
      );
      return true;
    });
    await limited.close();
  });

  test("that passes is retried twice at most, after a growing delay", async () => {
    emulator.failNext("GetSecretValue", { code: "ThrottlingException", count: 2 });
    assert.equal(text(await client.getSecret({ key: "key" }, signal())), CANARY);
    assert.equal(emulator.calls("GetSecretValue"), 3);
    assert.deepEqual(clock.slept, [GATHERING_MS, 150, 300]);
  });

  test("that stays ends after three attempts", async () => {
    assert.ok((await failure({ code: "ThrottlingException" })) instanceof Transient);
    assert.equal(emulator.calls("GetSecretValue"), 3);
  });

  test("that passes is retried as often and as soon as the store's retrySettings say", async () => {
    const retrySettings = { maxRetries: 4, retryIntervalMs: 40 };
    const patient = await openAws(emulator.endpoint, {}, { clock, retrySettings });
    emulator.failNext("GetSecretValue", { code: "ThrottlingException", count: 4 });
    assert.equal(text(await patient.getSecret({ key: "key" }, signal())), CANARY);
    assert.deepEqual(clock.slept, [GATHERING_MS, 30, 30, 30, 30]);
    await patient.close();
  });

  test("that asks for a long wait is passed on at once, with the wait", async () => {
    emulator.failNext("GetSecretValue", { code: "ThrottlingException", retryAfter: 30 });
    await assert.rejects(client.getSecret({ key: "key" }, signal()), (error) => {
      assert.ok(error instanceof Transient);
      assert.equal(error.retryAfterMs, 30_000);
      return true;
    });
    assert.equal(emulator.calls("GetSecretValue"), 1);
  });

  test("that asks for a short wait is retried after just that", async () => {
    emulator.failNext("GetSecretValue", { code: "ThrottlingException", retryAfter: 1 });
    await client.getSecret({ key: "key" }, signal());
    assert.deepEqual(clock.slept, [GATHERING_MS, 1_000]);
  });

  test("does not come of one cut connection", async () => {
    emulator.failNext("GetSecretValue", { disconnect: true });
    assert.equal(text(await client.getSecret({ key: "key" }, signal())), CANARY);
  });

  test("of a server that is down is Transient, and gone when it is up", async () => {
    await emulator.down();
    await assert.rejects(client.getSecret({ key: "key" }, signal()), (error) => {
      assert.ok(error instanceof Transient);
      assert.match(error.message, /ECONNREFUSED/);
      return true;
    });
    await emulator.up();
    assert.equal(text(await client.getSecret({ key: "key" }, signal())), CANARY);
  });

  test("of a server that does not answer is Transient after the limit", async () => {
    const hasty = await openAws(emulator.endpoint, {}, { clock: systemClock, requestTimeoutMs: 50 });
    emulator.failNext("GetSecretValue", { delayMs: Number.POSITIVE_INFINITY, count: 3 });
    await assert.rejects(hasty.getSecret({ key: "key" }, signal()), (error) => {
      assert.ok(error instanceof Transient);
      assert.match(error.message, /timeout/);
      return true;
    });
    await hasty.close();
  });

  test("of a server that stops in the middle of its answer is Transient after the limit", async () => {
    const server = createServer((_request, response) => {
      response.writeHead(200, { "content-type": "application/x-amz-json-1.1", "content-length": "100" });
      response.write("{");
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const hasty = await openAws(endpoint, {}, { clock: systemClock, requestTimeoutMs: 50 });
    try {
      await assert.rejects(hasty.getSecret({ key: "key" }, signal()), /^Transient: .*\(timeout\)$/);
    } finally {
      await hasty.close();
      server.closeAllConnections();
      server.close();
    }
  });

  test("is the signal's reason where the caller gives up", async () => {
    emulator.failNext("GetSecretValue", { delayMs: Number.POSITIVE_INFINITY });
    const controller = new AbortController();
    const reason = new Error("given up");
    const reading = client.getSecret({ key: "key" }, controller.signal);
    await eventually("the request has arrived", () => emulator.calls("GetSecretValue") === 1);
    controller.abort(reason);
    await assert.rejects(reading, reason);
    await assert.rejects(client.getSecret({ key: "key" }, AbortSignal.abort(reason)), reason);
  });

  test("holds no value and no key, however it is printed; nor does the client", async () => {
    const secrets = { ...EXAMPLE_SECRETS, "aws/id": LIMITED.accessKeyId, "aws/key": LIMITED.secretAccessKey };
    const limited = await openAws(emulator.endpoint, {}, { secrets });
    const printed: string[] = [];
    const print = (value: unknown) => {
      printed.push(inspect(value, { depth: 12, showHidden: true }), String(value), JSON.stringify(value) ?? "");
      if (value instanceof Error) printed.push(value.stack ?? "", inspect(value.cause, { depth: 12 }));
    };
    const failing = [
      client.getSecret({ key: "key", property: "p" }, signal()),
      client.getSecretMap({ key: "key" }, signal()),
      limited.getSecret({ key: "team-b/key" }, signal()),
      limited.pushSecret({ remoteKey: "pushed" }, new TextEncoder().encode(CANARY), signal()),
      client.pushSecret({ remoteKey: "bad name", property: "p" }, new TextEncoder().encode(CANARY), signal()),
      client.pushSecret({ remoteKey: "key" }, new TextEncoder().encode(CANARY), signal()),
    ];
    for (const result of await Promise.allSettled(failing)) {
      assert.equal(result.status, "rejected");
      if (result.status === "rejected") print(result.reason);
    }
    print(await client.findSecrets({ path: "team-b/" }, signal()));
    print(limited);
    print(client);
    await limited.close();
    assert.doesNotMatch(printed.join("\n"), /canary-7c2f|wJalrXUtnFEMI/);
  });
});
