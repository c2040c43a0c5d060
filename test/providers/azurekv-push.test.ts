/** What the backend `azurekv` writes beyond the contract: metadata, certificates, keys, and what has been deleted before. */
import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { after, before, describe, it } from "node:test";
import type { SecretsClient } from "../../providers/contract.ts";
import { AccessDenied, InvalidConfiguration, SecretNotFound } from "../../providers/errors.ts";
import { CANARY, refusal } from "../contract/refusal.ts";
import { EXAMPLE_APPLICATION } from "../ground/azure/index.ts";
import { rsaCertificate } from "../ground/azure/rsa-certificate.ts";
import { bytesOf, type EmulatedAzure, limit, startEmulatedAzure, textOf } from "./azurekv-surroundings.ts";
import { pkcs12Of } from "./pkcs12-file.ts";

const NO_RECOVERY = {
  clientId: "no-recovery",
  secrets: ["no-recovery-secret"],
  permissions: ["secrets/get", "secrets/set", "secrets/delete"],
};
const OURS = { "managed-by": "external-secrets" };

describe("azurekv pushes", () => {
  let azure: EmulatedAzure;
  let client: SecretsClient;

  before(async () => {
    azure = await startEmulatedAzure({ applications: [EXAMPLE_APPLICATION, NO_RECOVERY] });
    client = await azure.open();
  });
  after(async () => {
    await client.close();
    await azure.stop();
  });

  const push = (remoteKey: string, value: string | Uint8Array, metadata?: unknown, property?: string) =>
    client.pushSecret(
      { remoteKey, ...(metadata === undefined ? {} : { metadata }), ...(property === undefined ? {} : { property }) },
      typeof value === "string" ? bytesOf(value) : value,
      limit(),
    );
  const latest = (name: string) => azure.tables.secrets.find(name);
  const versions = (name: string) => azure.tables.secrets.versions(name).length;

  it("expiry, content type and tags, and writes again where one of them differs", async () => {
    const metadata = { expirationDate: "2030-12-31T20:00:00Z", contentType: "text/plain", tags: { team: "a" } };
    await push("metadata", "v", metadata);
    await push("metadata", "v", metadata);
    assert.equal(versions("metadata"), 1);
    assert.deepEqual(latest("metadata")?.tags, { ...OURS, team: "a" });
    assert.equal(latest("metadata")?.attributes.exp, Date.UTC(2030, 11, 31, 20) / 1_000);
    assert.equal(latest("metadata")?.fields.contentType, "text/plain");
    await push("metadata", "v", { ...metadata, tags: { team: "b" } });
    await push("metadata", "v", { contentType: "text/html" });
    assert.equal(versions("metadata"), 3);
    assert.deepEqual(latest("metadata")?.tags, { ...OURS, team: "b" });
    assert.equal(latest("metadata")?.attributes.exp, undefined);
    await push("metadata", "w");
    assert.equal(latest("metadata")?.fields.contentType, "text/html");
  });

  it("one property, and keeps tags, content type and the other properties", async () => {
    await push("property", '{"a":"1"}', { contentType: "application/json", tags: { team: "a" } });
    await push("property", "2", undefined, "b");
    assert.deepEqual(JSON.parse(String(latest("property")?.fields.value)), { a: "1", b: "2" });
    await client.deleteSecret({ remoteKey: "property", property: "a" }, limit());
    assert.deepEqual(JSON.parse(String(latest("property")?.fields.value)), { b: "2" });
    assert.deepEqual(latest("property")?.tags, { ...OURS, team: "a" });
    assert.equal(latest("property")?.fields.contentType, "application/json");
  });

  it("no metadata of a wrong form", async () => {
    const cases: readonly (readonly [string, unknown, string])[] = [
      ["wrong", { unknown: 1 }, "unknown"],
      ["wrong", { expirationDate: "tomorrow" }, "expirationDate"],
      ["wrong", { expirationDate: "2030-13-31T20:00:00Z" }, "expirationDate"],
      ["wrong", { tags: { "managed-by": "me" } }, "tags.managed-by"],
      ["wrong", { tags: { team: 1 } }, "tags.team"],
      ["wrong", { tags: "team" }, "tags"],
      ["wrong", { contentType: 1 }, "contentType"],
      ["key/wrong", { contentType: "text/plain" }, "contentType"],
    ];
    for (const [key, metadata, field] of cases) {
      const error = await refusal(InvalidConfiguration, push(key, CANARY, metadata));
      assert.equal(error.details.field, `spec.data[].metadata.spec.${field}`);
    }
    assert.equal(latest("wrong"), undefined);
  });

  it("no bytes that are no text", async () => {
    await refusal(InvalidConfiguration, push("binary", Uint8Array.of(0xff)));
  });

  it("a secret of its own that has been deleted, by recovering it", async () => {
    await push("again", "v");
    await client.deleteSecret({ remoteKey: "again" }, limit());
    await push("again", "v");
    assert.equal(versions("again"), 1);
    await client.deleteSecret({ remoteKey: "again" }, limit());
    await push("again", "w");
    assert.equal(latest("again")?.fields.value, "w");
  });

  it("nothing over a deleted secret that is not its own, nor where it may not recover", async () => {
    azure.tables.secrets.add("foreign", { value: "v" }, {});
    azure.tables.secrets.delete("foreign");
    const error = await refusal(InvalidConfiguration, push("foreign", "w"));
    assert.match(error.details.remedy ?? "", /recover or purge/);
    await push("kept", "v");
    await client.deleteSecret({ remoteKey: "kept" }, limit());
    const secrets = { "azure/id": NO_RECOVERY.clientId, "azure/secret": NO_RECOVERY.secrets[0] ?? "" };
    const weak = await azure.open({}, { secrets });
    const denied = await refusal(AccessDenied, weak.pushSecret({ remoteKey: "kept" }, bytesOf("w"), limit()));
    assert.match(denied.details.remedy ?? "", /Key Vault Secrets Officer.*"recover"/);
  });

  it("a certificate as PEM or PKCS#12, once, and deletes it with what came with it", async () => {
    const pem = await rsaCertificate();
    for (const value of [bytesOf(pem), pkcs12Of(await rsaCertificate("other"))]) {
      await push("cert/web", value);
      await push("cert/web", value);
    }
    assert.equal(azure.tables.certificates.versions("web").length, 2);
    assert.deepEqual(azure.tables.certificates.find("web")?.tags, OURS);
    assert.equal(await client.secretExists({ remoteKey: "cert/web" }, limit()), true);
    await client.deleteSecret({ remoteKey: "cert/web" }, limit());
    await refusal(SecretNotFound, client.getSecret({ key: "cert/web" }, limit()));
    await refusal(SecretNotFound, client.getSecret({ key: "web" }, limit()));
  });

  it("a private key as a JWK, once, and never shows more than its public part", async () => {
    const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;
    const ec = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey;
    const koblitz = generateKeyPairSync("ec", { namedCurve: "secp256k1" }).privateKey;
    const files = [
      rsa.export({ type: "pkcs8", format: "pem" }),
      rsa.export({ type: "pkcs1", format: "pem" }),
      ec.export({ type: "sec1", format: "pem" }),
      koblitz.export({ type: "pkcs8", format: "pem" }),
    ];
    for (const file of files) {
      await push("key/signing", String(file));
      await push("key/signing", String(file));
    }
    assert.equal(azure.tables.keys.versions("signing").length, 3);
    const jwk = JSON.parse(textOf(await client.getSecret({ key: "key/signing" }, limit())) ?? "");
    assert.deepEqual([jwk.kty, jwk.crv, jwk.d], ["EC", "P-256K", undefined]);
  });

  it("neither certificate nor key of what is none, nor a property of them", async () => {
    const pem = await rsaCertificate();
    const [certificate = ""] = pem.split("-----BEGIN PRIVATE");
    for (const value of ["", CANARY, "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----", certificate]) {
      await refusal(InvalidConfiguration, push("cert/none", value));
    }
    for (const value of [CANARY, certificate, "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----"]) {
      await refusal(InvalidConfiguration, push("key/none", value));
    }
    await refusal(InvalidConfiguration, push("key/none", "v", undefined, "p"));
    await refusal(InvalidConfiguration, client.deleteSecret({ remoteKey: "cert/none", property: "p" }, limit()));
  });

  it("nothing over a certificate or a key without its mark", async () => {
    azure.tables.keys.add("foreign", { key: { kty: "RSA", n: "n", e: "e" } }, {});
    const pem = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey.export({ type: "sec1", format: "pem" });
    await refusal(AccessDenied, push("key/foreign", String(pem)));
    await client.deleteSecret({ remoteKey: "key/foreign" }, limit());
    assert.ok(azure.tables.keys.find("foreign") !== undefined);
  });
});
