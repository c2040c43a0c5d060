/** What the backend `azurekv` reads: kinds of objects, tags, searches. */
import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { after, before, describe, it } from "node:test";
import type { SecretsClient } from "../../providers/contract.ts";
import {
  AccessDenied,
  InvalidConfiguration,
  PropertyNotFound,
  SecretNotFound,
  Transient,
} from "../../providers/errors.ts";
import { refusal } from "../contract/refusal.ts";
import { rsaCertificate } from "../ground/azure/rsa-certificate.ts";
import { bytesOf, type EmulatedAzure, limit, startEmulatedAzure, textOf } from "./azurekv-surroundings.ts";

const YEAR_2030 = Date.UTC(2030, 0, 1) / 1_000;

describe("azurekv reads", () => {
  let azure: EmulatedAzure;
  let client: SecretsClient;
  let pem: string;

  before(async () => {
    azure = await startEmulatedAzure({ now: () => Date.UTC(2025, 0, 1) });
    client = await azure.open();
    pem = await rsaCertificate();
    await client.pushSecret({ remoteKey: "cert/web" }, bytesOf(pem), limit());
    azure.tables.secrets.add(
      "app",
      { value: '{"user":"u"}' },
      {
        tags: { team: "a<b", config: '{"tier":"db","zone":"1"}', 7: "seven" },
        attributes: { exp: YEAR_2030 },
      },
    );
  });
  after(async () => {
    await client.close();
    await azure.stop();
  });

  const get = async (key: string, more: object = {}) => textOf(await client.getSecret({ key, ...more }, limit()));

  it("a secret with its kind or without, and an old version", async () => {
    const first = azure.tables.secrets.add("versions", { value: "one" }, {});
    azure.tables.secrets.add("versions", { value: "two" }, {});
    assert.equal(await get("versions"), "two");
    assert.equal(await get("secret/versions"), "two");
    assert.equal(await get("secret/versions", { version: first.id }), "one");
    await refusal(SecretNotFound, get("versions", { version: "0".repeat(32) }));
  });

  it("a certificate as DER, whole even where a property is named, and its secret", async () => {
    const der = await client.getSecret({ key: "cert/web" }, limit());
    assert.deepEqual(Buffer.from(der), new X509Certificate(pem).raw);
    assert.deepEqual(await client.getSecret({ key: "cert/web", property: "cer" }, limit()), der);
    assert.match((await get("web")) ?? "", /BEGIN PRIVATE KEY/);
    await refusal(SecretNotFound, get("cert/nothing"));
  });

  it("a key as its public JWK, with properties", async () => {
    const jwk = JSON.parse((await get("key/web")) ?? "");
    assert.equal(jwk.kty, "RSA");
    assert.equal(jwk.d, undefined);
    assert.equal(await get("key/web", { property: "n" }), jwk.n);
    await refusal(SecretNotFound, get("key/nothing"));
  });

  it("no kind and no name that a vault does not have, and asks nobody for it", async () => {
    const before = azure.requests.length;
    for (const key of ["certificate/web", "a/b/c", "secret/", "with_underscore", "", "../keys/web", "x".repeat(128)]) {
      const error = await refusal(InvalidConfiguration, get(key));
      assert.equal(error.details.remoteKey, key);
    }
    assert.equal(azure.requests.length, before);
  });

  it("tags and times as JSON, one of them, and a path in one that is JSON", async () => {
    const fetch = (property?: string) => get("app", { metadataPolicy: "Fetch", ...(property ? { property } : {}) });
    const times =
      '"attribute.created":"2025-01-01T00:00:00Z","attribute.expires":"2030-01-01T00:00:00Z","attribute.updated":"2025-01-01T00:00:00Z"';
    const config = '"config":"{\\"tier\\":\\"db\\",\\"zone\\":\\"1\\"}"';
    assert.equal(await fetch(), `{"7":"seven",${times},${config},"team":"a\\u003cb"}`);
    assert.equal(await fetch("team"), "a<b");
    assert.equal(await fetch("attribute.expires"), "2030-01-01T00:00:00Z");
    assert.equal(await fetch("config.tier"), "db");
    await refusal(PropertyNotFound, fetch("nothing"));
    await refusal(PropertyNotFound, fetch("config.nothing"));
    assert.match((await get("cert/web", { metadataPolicy: "Fetch" })) ?? "", /"managed-by":"external-secrets"/);
  });

  it("tags as keys named as ESO names them", async () => {
    const map = async (property?: string) => {
      const ref = { key: "app", metadataPolicy: "Fetch", ...(property ? { property } : {}) } as const;
      return [...(await client.getSecretMap(ref, limit()))].map(([key, value]) => `${key}=${textOf(value)}`).sort();
    };
    assert.deepEqual(
      (await map()).filter((line) => !line.includes("attribute")),
      ["app_7=seven", "app_config_tier=db", "app_config_zone=1", "app_team=a<b"],
    );
    assert.deepEqual(await map("team"), ["app_team=a<b"]);
    await refusal(PropertyNotFound, map("nothing"));
  });

  it("no keys of a certificate or a key", async () => {
    for (const key of ["cert/web", "key/web"]) {
      await refusal(InvalidConfiguration, client.getSecretMap({ key }, limit()));
    }
  });

  it("nothing of a disabled secret, which is not absent", async () => {
    azure.tables.secrets.add("disabled", { value: "v" }, { attributes: { enabled: false } });
    const error = await refusal(AccessDenied, get("disabled"));
    assert.match(error.message, /is disabled/);
    assert.match(error.details.remedy ?? "", /enable it/);
    const found = await client.findSecrets({ nameRegexp: "^(disabled|app)$" }, limit());
    assert.deepEqual([...found.keys()], ["app"]);
  });

  it("an expired secret, as Key Vault does", async () => {
    azure.tables.secrets.add("expired", { value: "v" }, { attributes: { exp: 1 } });
    assert.equal(await get("expired"), "v");
  });

  it("all secrets where a search has no condition, and refuses a path", async () => {
    const found = await client.findSecrets({}, limit());
    assert.ok(found.has("app") && found.has("web") && !found.has("disabled"));
    await refusal(InvalidConfiguration, client.findSecrets({ path: "a" }, limit()));
  });

  it("no next page from another server, which would be given the token", async () => {
    const impatient = await azure.open({}, { retrySettings: { maxRetries: 0 } });
    const { port } = new URL(azure.endpoint);
    for (const nextLink of [
      "http://127.0.0.1:1/secrets",
      `https://127.0.0.1:${port}/secrets`,
      "//other/secrets",
      "x",
    ]) {
      azure.failNext({ status: 200, body: { value: [], nextLink }, matches: /GET \/secrets$/ });
      await refusal(Transient, impatient.findSecrets({ nameRegexp: "x" }, limit()));
    }
    await impatient.close();
  });
});
