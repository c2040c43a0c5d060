/** The backend `gcpsm`: what is written. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { AccessDenied, InvalidConfiguration } from "../../providers/errors.ts";
import { refusal } from "../contract/refusal.ts";
import { limit, textOf, useGoogle } from "./gcpsm-surroundings.ts";

const MARK = { "managed-by": "external-secrets" };
const google = useGoogle();

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

describe("the backend gcpsm pushes", () => {
  it("a new secret with its mark, labels, annotations, topics, replicas and encryption keys", async () => {
    const client = await google.openWithKey();
    const topics = ["projects/p/topics/t"];
    const spec = { labels: { a: "1" }, annotations: { b: "2" }, topics };
    await client.pushSecret({ remoteKey: "plain", metadata: spec }, encode("v"), limit());
    assert.deepEqual(google.emulator().secret("plain"), {
      labels: { a: "1", ...MARK },
      annotations: { b: "2" },
      topics: [{ name: "projects/p/topics/t" }],
      replication: { automatic: {} },
    });
    const cmekKeyName = "projects/p/locations/l/keyRings/r/cryptoKeys/k";
    const customerManagedEncryption = { kmsKeyName: cmekKeyName };
    const replicated = { cmekKeyName, replicationLocation: "ignored", replicationLocations: ["a", "b"] };
    await client.pushSecret({ remoteKey: "replicated", metadata: replicated }, encode("v"), limit());
    assert.deepEqual(google.emulator().secret("replicated")?.replication, {
      userManaged: { replicas: ["a", "b"].map((location) => ({ location, customerManagedEncryption })) },
    });
    const encrypted = { remoteKey: "encrypted", metadata: { cmekKeyName } };
    await client.pushSecret(encrypted, encode("v"), limit());
    assert.deepEqual(google.emulator().secret("encrypted")?.replication, { automatic: { customerManagedEncryption } });
    const regional = await google.openWithKey({ location: "europe-west3" });
    await regional.pushSecret(encrypted, encode("v"), limit());
    const stored = google.emulator().secret("encrypted", "europe-west3");
    assert.deepEqual([stored?.replication, stored?.customerManagedEncryption], [undefined, customerManagedEncryption]);
  });

  it("changed metadata alone, replaced or merged, and none where none is given", async () => {
    const client = await google.openWithKey();
    const push = (spec?: object) =>
      client.pushSecret(
        { remoteKey: "changing", ...(spec === undefined ? {} : { metadata: spec }) },
        encode("v"),
        limit(),
      );
    await push({ labels: { a: "1" }, annotations: { x: "1" } });
    await push();
    assert.deepEqual(google.emulator().secret("changing")?.labels, { a: "1", ...MARK });
    await push({ labels: { b: "2" }, annotations: { x: "1" }, mergePolicy: "Merge", topics: ["projects/p/topics/t"] });
    assert.deepEqual(google.emulator().secret("changing")?.labels, { a: "1", b: "2", ...MARK });
    assert.deepEqual(google.emulator().secret("changing")?.topics, [{ name: "projects/p/topics/t" }]);
    await push({ labels: { b: "3" } });
    assert.deepEqual(google.emulator().secret("changing")?.labels, { b: "3", ...MARK });
    assert.deepEqual(google.emulator().secret("changing")?.annotations, {});
    assert.equal(google.emulator().latestVersion("changing"), "1");
    const before = google.emulator().requests.length;
    await push({ labels: { b: "3" } });
    assert.ok(
      google
        .emulator()
        .requests.slice(before)
        .every((line) => line.startsWith("GET ")),
    );
  });

  it("no metadata with a property, and none that is unknown or of a wrong form", async () => {
    const client = await google.openWithKey();
    const push = (spec: unknown, property?: string) => {
      const ref = { remoteKey: "wrong", metadata: spec, ...(property === undefined ? {} : { property }) };
      return refusal(InvalidConfiguration, client.pushSecret(ref, encode("v"), limit()));
    };
    assert.match((await push({ labels: {} }, "p")).message, /metadata and property at the same time/);
    assert.match((await push({ label: {} })).message, /spec\.label is unknown/);
    assert.match((await push({ labels: { a: 1 } })).message, /spec\.labels is no map of strings/);
    assert.match((await push({ topics: "t" })).message, /spec\.topics is no list/);
    assert.match((await push({ cmekKeyName: 1 })).message, /spec\.cmekKeyName is no string/);
    assert.match((await push({ mergePolicy: "Keep" })).message, /neither Replace nor Merge/);
    assert.match((await push("text")).message, /is no object/);
    assert.equal(google.emulator().secret("wrong"), undefined);
  });

  it("no version over one that was disabled, and sees older ones as there", async () => {
    const client = await google.openWithKey();
    await client.pushSecret({ remoteKey: "paused" }, encode("one"), limit());
    await client.pushSecret({ remoteKey: "paused" }, encode("two"), limit());
    google.emulator().setState("paused", "2", "DISABLED");
    await refusal(InvalidConfiguration, client.pushSecret({ remoteKey: "paused" }, encode("three"), limit()));
    assert.equal(await client.secretExists({ remoteKey: "paused" }, limit()), true);
  });

  it("what is too large for Google not at all, and says so", async () => {
    const client = await google.openWithKey();
    const error = await refusal(
      InvalidConfiguration,
      client.pushSecret({ remoteKey: "large" }, new Uint8Array(65_537), limit()),
    );
    assert.match(error.describe(), /64 KiB/);
  });

  it("with the permission that is missing in the message", async () => {
    const client = await google.openWithKey({}, ["secretmanager.secrets.get"]);
    const error = await refusal(AccessDenied, client.pushSecret({ remoteKey: "denied" }, encode("v"), limit()));
    assert.match(error.describe(), /grant secretmanager\.secrets\.create on projects\/demo-project\/secrets\/denied/);
  });

  it("a value that can be read again by another store", async () => {
    const writer = await google.openWithKey();
    await writer.pushSecret({ remoteKey: "handed-over" }, encode("v"), limit());
    const reader = await google.openWithKey({}, ["secretmanager.versions.access"]);
    assert.equal(await textOf(reader.getSecret({ key: "handed-over" }, limit())), "v");
  });
});
