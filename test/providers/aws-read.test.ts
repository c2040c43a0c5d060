import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { PutSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import type { SecretsClient } from "../../providers/contract.ts";
import { InvalidConfiguration, PropertyNotFound, SecretNotFound } from "../../providers/errors.ts";
import { type AwsEmulator, EXAMPLE_CREDENTIALS, startAwsEmulator } from "../ground/aws/index.ts";
import { openAws, signal, text } from "./aws-surroundings.ts";

describe("a read of AWS Secrets Manager", () => {
  let emulator: AwsEmulator;
  let client: SecretsClient;

  before(async () => {
    emulator = await startAwsEmulator();
    client = await openAws(emulator.endpoint);
  });
  after(async () => {
    await client.close();
    await emulator.stop();
  });

  const read = (ref: Parameters<SecretsClient["getSecret"]>[0]) => client.getSecret(ref, signal());

  test("gives a string as UTF-8 and a binary byte for byte", async () => {
    emulator.put("text", "grüße\n");
    emulator.put("bytes", new Uint8Array([0, 255, 254, 10]));
    assert.equal(text(await read({ key: "text" })), "grüße\n");
    assert.deepEqual([...(await read({ key: "bytes" }))], [0, 255, 254, 10]);
  });

  test("selects a property by its literal key first, then by path, of strings and binaries alike", async () => {
    const json = '{"a.b":"literal","a":{"b":"nested"},"n":12345678901234567890,"list":[{"x":1}]}';
    emulator.put("json", json);
    emulator.put("json-bytes", new TextEncoder().encode(json));
    for (const key of ["json", "json-bytes"]) {
      assert.equal(text(await read({ key, property: "a.b" })), "literal");
      assert.equal(text(await read({ key, property: "n" })), "12345678901234567890");
      assert.equal(text(await read({ key, property: "list.0.x" })), "1");
    }
  });

  test("names key and property where the property is missing or the value is no JSON", async () => {
    emulator.put("json", "{}");
    emulator.put("plain", "text");
    await assert.rejects(read({ key: "json", property: "p" }), (error) => {
      assert.ok(error instanceof PropertyNotFound);
      assert.deepEqual([error.details.remoteKey, error.details.property], ["json", "p"]);
      return true;
    });
    await assert.rejects(read({ key: "plain", property: "p" }), PropertyNotFound);
  });

  test("takes a version as a staging label, or as uuid/ and a version id", async () => {
    const first = emulator.put("versions", "one");
    const second = emulator.put("versions", "two");
    assert.equal(text(await read({ key: "versions" })), "two");
    assert.equal(text(await read({ key: "versions", version: "AWSPREVIOUS" })), "one");
    assert.equal(text(await read({ key: "versions", version: `uuid/${first}` })), "one");
    assert.equal(text(await read({ key: "versions", version: `uuid/${second}` })), "two");
    await assert.rejects(read({ key: "versions", version: "NONE" }), SecretNotFound);
    await assert.rejects(read({ key: "versions", version: `uuid/${crypto.randomUUID()}` }), SecretNotFound);
  });

  test("reads the tags in place of the value where metadataPolicy is Fetch", async () => {
    emulator.put("tagged", "value", { tags: { team: "a&b", env: "dev" } });
    assert.equal(text(await read({ key: "tagged", metadataPolicy: "Fetch" })), '{"env":"dev","team":"a\\u0026b"}');
    assert.equal(text(await read({ key: "tagged", metadataPolicy: "Fetch", property: "team" })), "a&b");
    await assert.rejects(read({ key: "none", metadataPolicy: "Fetch" }), SecretNotFound);
  });

  test("puts the store's prefix before the key", async () => {
    emulator.put("team/db", "value");
    const prefixed = await openAws(emulator.endpoint, { prefix: "team/" });
    assert.equal(text(await prefixed.getSecret({ key: "db" }, signal())), "value");
    await assert.rejects(prefixed.getSecret({ key: "none" }, signal()), (error) => {
      assert.ok(error instanceof SecretNotFound);
      assert.equal(error.details.remoteKey, "team/none");
      assert.match(error.details.requestId ?? "", /^[0-9a-f-]{36}$/);
      return true;
    });
    await prefixed.close();
  });

  test("takes an ARN as the key", async () => {
    emulator.put("by-arn", "value");
    const arn = "arn:aws:secretsmanager:us-east-1:123456789012:secret:by-arn";
    assert.equal(text(await read({ key: arn })), "value");
  });

  test("gives the keys of a JSON object as a map", async () => {
    emulator.put("map", '{"s":"x","n":1.50,"o":{"k": 1},"z":null}');
    const map = await client.getSecretMap({ key: "map" }, signal());
    const entries = Object.fromEntries([...map].map(([key, value]) => [key, text(value)]));
    assert.deepEqual(entries, { s: "x", n: "1.50", o: '{"k": 1}', z: "" });
    emulator.put("list", "[1]");
    await assert.rejects(client.getSecretMap({ key: "list" }, signal()), InvalidConfiguration);
  });

  test("keeps no value: the next read sees a change", async () => {
    emulator.put("changing", "one");
    assert.equal(text(await read({ key: "changing" })), "one");
    emulator.put("changing", "two");
    assert.equal(text(await read({ key: "changing" })), "two");
  });

  test("reports a secret that is scheduled for deletion as absent, by its description and not by a text", async () => {
    emulator.put("doomed", "value", { tags: { "managed-by": "external-secrets" } });
    await client.deleteSecret({ remoteKey: "doomed" }, signal());
    await assert.rejects(read({ key: "doomed" }), (error) => {
      assert.ok(error instanceof SecretNotFound);
      assert.match(error.message, /scheduled for deletion/);
      return true;
    });
    await assert.rejects(read({ key: "doomed", metadataPolicy: "Fetch" }), SecretNotFound);
    emulator.failNext("DescribeSecret", { code: "AccessDeniedException" });
    await assert.rejects(read({ key: "doomed" }), InvalidConfiguration, "nothing is proven then");
  });

  test("reports a staging label that no version carries as absent", async () => {
    const writer = new SecretsManagerClient({
      endpoint: emulator.endpoint,
      region: "us-east-1",
      credentials: EXAMPLE_CREDENTIALS,
    });
    emulator.put("staged", "value");
    await writer.send(
      new PutSecretValueCommand({ SecretId: "staged", SecretString: "pending", VersionStages: ["AWSPENDING"] }),
    );
    writer.destroy();
    assert.equal(text(await read({ key: "staged", version: "AWSPENDING" })), "pending");
    await assert.rejects(read({ key: "staged", version: "AWSPREVIOUS" }), SecretNotFound);
  });
});
