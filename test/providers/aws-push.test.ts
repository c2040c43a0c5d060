import assert from "node:assert/strict";
import { after, beforeEach, describe, test } from "node:test";
import { AccessDenied, InvalidConfiguration, SecretNotFound } from "../../providers/errors.ts";
import { type AwsEmulator, startAwsEmulator } from "../ground/aws/index.ts";
import { openAws, signal, text } from "./aws-surroundings.ts";

const OURS = { "managed-by": "external-secrets" };
const bytes = (value: string) => new TextEncoder().encode(value);

describe("a push to AWS Secrets Manager", () => {
  let emulator: AwsEmulator | undefined;
  const start = async () => {
    await emulator?.stop();
    emulator = await startAwsEmulator();
    return emulator;
  };
  let server: AwsEmulator;
  beforeEach(async () => {
    server = await start();
  });
  after(() => emulator?.stop());

  async function withClient<T>(work: (client: Awaited<ReturnType<typeof openAws>>) => Promise<T>, spec = {}) {
    const client = await openAws(server.endpoint, spec);
    try {
      return await work(client);
    } finally {
      await client.close();
    }
  }
  const push = (remoteKey: string, value: string, rest: { property?: string; metadata?: unknown } = {}) =>
    withClient((client) => client.pushSecret({ remoteKey, ...rest }, bytes(value), signal()));

  test("creates the secret with the ownership tag, and writes nothing where it is equal already", async () => {
    await push("key", "one");
    assert.equal(text(server.value("key")), "one");
    assert.deepEqual(server.tags("key"), OURS);
    await push("key", "one");
    assert.equal(server.calls("PutSecretValue"), 0);
    await push("key", "two");
    assert.equal(text(server.value("key")), "two");
    assert.equal(server.calls("PutSecretValue"), 1);
  });

  test("does not touch a secret that is not ours", async () => {
    server.put("key", "theirs");
    await assert.rejects(push("key", "ours"), (error) => {
      assert.ok(error instanceof AccessDenied);
      assert.match(error.message, /not managed by external-secrets/);
      return true;
    });
    await withClient((client) => client.deleteSecret({ remoteKey: "key" }, signal()));
    assert.equal(text(server.value("key")), "theirs");
  });

  test("keeps the other properties of a JSON object as they are written", async () => {
    server.put("key", '{"n": 12345678901234567890, "p":"old"}', { tags: OURS });
    await push("key", "new", { property: "p" });
    assert.equal(text(server.value("key")), '{"n":12345678901234567890,"p":"new"}');
    await push("fresh", "value", { property: "p" });
    assert.equal(text(server.value("fresh")), '{"p":"value"}');
    server.put("plain", "no json", { tags: OURS });
    await assert.rejects(push("plain", "value", { property: "p" }), InvalidConfiguration);
  });

  test("takes format, description, key and tags of its metadata, and refuses what it does not know", async () => {
    await push("key", "text", { metadata: { secretPushFormat: "string", tags: { team: "a" } } });
    assert.deepEqual(server.tags("key"), { team: "a", ...OURS });
    await push("key", "text", { metadata: { tags: { other: "b" } } });
    assert.deepEqual(server.tags("key"), { other: "b", ...OURS });
    await push("key", "text");
    assert.deepEqual(server.tags("key"), { other: "b", ...OURS }, "without tags they are left alone");
    for (const spec of [
      { unknown: true },
      { secretPushFormat: "other" },
      { tags: { "managed-by": "me" } },
      { tags: { n: 1 } },
      { resourcePolicy: {} },
      { resourcePolicy: { policySourceRef: { kind: "Pod", name: "policy", key: "json" } } },
      { resourcePolicy: { blockPublicPolicy: "yes" } },
      { replicationLocations: "eu-west-1" },
      { replicationLocations: ["evil.example/"] },
    ]) {
      await assert.rejects(push("other", "text", { metadata: spec }), InvalidConfiguration);
    }
    const binary = new Uint8Array([255]);
    const asString = { remoteKey: "other", metadata: { secretPushFormat: "string" } };
    await assert.rejects(
      withClient((client) => client.pushSecret(asString, binary, signal())),
      InvalidConfiguration,
    );
  });

  test("deletes with the recovery window or without, as the store says", async () => {
    await push("key", "value");
    const remove = (secretsManager: object) =>
      withClient((client) => client.deleteSecret({ remoteKey: "key" }, signal()), { secretsManager });
    await remove({ recoveryWindowInDays: 7 });
    const read = withClient((client) => client.getSecret({ key: "key" }, signal()));
    await assert.rejects(read, SecretNotFound);
    assert.notEqual(server.tags("key"), undefined, "it can be restored");
    await remove({ recoveryWindowInDays: 7 });
    assert.equal(server.calls("DeleteSecret"), 1, "a second deletion has nothing to do");

    await push("key", "again");
    assert.equal(text(server.value("key")), "again", "a push restores what we own");
    await remove({ forceDeleteWithoutRecovery: true });
    assert.equal(server.tags("key"), undefined);
    await remove({});
  });

  test("deletes one property while others are left, then the secret", async () => {
    await push("key", "one", { property: "a" });
    await push("key", "two", { property: "b" });
    const remove = (property: string) =>
      withClient((client) => client.deleteSecret({ remoteKey: "key", property }, signal()));
    await remove("a");
    assert.equal(text(server.value("key")), '{"b":"two"}');
    await remove("b");
    const isThere = await withClient((client) => client.secretExists({ remoteKey: "key" }, signal()));
    assert.equal(isThere, false);
  });

  test("tells whether a secret, or a property of it, is there", async () => {
    server.put("key", '{"p":"v"}');
    const exists = (remoteKey: string, property?: string) =>
      withClient((client) =>
        client.secretExists({ remoteKey, ...(property === undefined ? {} : { property }) }, signal()),
      );
    assert.deepEqual(
      [await exists("key"), await exists("key", "p"), await exists("key", "q"), await exists("none")],
      [true, true, false, false],
    );
  });

  test("puts the store's prefix before the key", async () => {
    await withClient((client) => client.pushSecret({ remoteKey: "key" }, bytes("value"), signal()), {
      prefix: "team/",
    });
    assert.equal(text(server.value("team/key")), "value");
  });
});
