/** The emulator of Google's services as the official client of Secret Manager sees it: what it expects of Google, it finds here. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { SecretManagerServiceClient } from "@google-cloud/secret-manager";
import { JWT, OAuth2Client } from "google-auth-library";
import { crc32c } from "../../../providers/gcpsm/crc32c.ts";
import { accountOf, type GoogleEmulator, type KeyFile, PROJECT, PROJECT_NUMBER, startGoogleEmulator } from "./index.ts";
import { officialClient, SCOPES, transporterTo } from "./official-clients.ts";

const PARENT = `projects/${PROJECT}`;
const NUMBERED = `projects/${PROJECT_NUMBER}`;

let emulator: GoogleEmulator;
before(async () => {
  emulator = await startGoogleEmulator();
});
after(() => emulator.stop());

/** Exchanges the key for a token first: left to itself, the client of Secret Manager would send what the key signs. */
async function keyClient({ client_email: email, private_key: key, private_key_id: keyId }: KeyFile) {
  const jwt = new JWT({ email, key, keyId, scopes: SCOPES, transporter: transporterTo(emulator.endpoint) });
  const client = new OAuth2Client();
  client.setCredentials(await jwt.authorize());
  return client;
}

/** The code that Google's answer has; over REST the client reports the answer as its message. */
async function codeOf(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => "no error",
    (error: Error) => (JSON.parse(error.message) as { readonly error: { readonly status: string } }).error.status,
  );
}

describe("the official client of Secret Manager finds that", { timeout: 60_000 }, () => {
  let client: SecretManagerServiceClient;
  let keys = 0;
  const clientAs = async (key: KeyFile) => officialClient(emulator.endpoint, await keyClient(key));
  const create = async (secret: object = {}) => {
    const secretId = `judged-${++keys}`;
    await client.createSecret({ parent: PARENT, secretId, secret: { replication: { automatic: {} }, ...secret } });
    return `${PARENT}/secrets/${secretId}`;
  };
  const add = async (parent: string, data: string | Buffer) =>
    (await client.addSecretVersion({ parent, payload: { data: Buffer.from(data) } }))[0];
  const read = async (name: string) => (await client.accessSecretVersion({ name }))[0];

  before(async () => {
    client = await clientAs(emulator.accountKey("judge"));
  });
  after(() => client.close());

  it("a version is read back byte for byte with its checksum, by number, alias and as the latest", async () => {
    const name = await create({ versionAliases: { stable: 1 } });
    const bytes = Buffer.from([0, 255, 128]);
    assert.equal((await add(name, bytes)).name, `${name.replace(PARENT, NUMBERED)}/versions/1`);
    await add(name, "two");
    const first = await read(`${name}/versions/1`);
    assert.deepEqual(Buffer.from(first.payload?.data as Uint8Array), bytes);
    assert.equal(String(first.payload?.dataCrc32c), String(crc32c(bytes)));
    assert.equal(String((await read(`${name}/versions/latest`)).payload?.data), "two");
    assert.deepEqual(Buffer.from((await read(`${name}/versions/stable`)).payload?.data as Uint8Array), bytes);
  });

  it("a missing secret, a secret without versions and a missing version are NOT_FOUND", async () => {
    const name = await create();
    for (const missing of [`${PARENT}/secrets/none/versions/latest`, `${name}/versions/latest`, `${name}/versions/9`]) {
      assert.equal(await codeOf(read(missing)), "NOT_FOUND");
    }
    assert.equal(await codeOf(client.getSecret({ name: `${PARENT}/secrets/none` })), "NOT_FOUND");
  });

  it("a project that it does not know is denied, as is what is not granted", async () => {
    assert.equal(await codeOf(read("projects/elsewhere/secrets/x/versions/latest")), "PERMISSION_DENIED");
    const name = await create();
    const powerless = await clientAs(emulator.accountKey("powerless", ["secretmanager.secrets.get"]));
    assert.equal(await codeOf(powerless.accessSecretVersion({ name: `${name}/versions/latest` })), "PERMISSION_DENIED");
    assert.equal(await codeOf(powerless.getSecret({ name })), "no error");
    await powerless.close();
  });

  it("a disabled and a destroyed version are FAILED_PRECONDITION, also as the latest", async () => {
    const name = await create();
    await add(name, "one");
    await add(name, "two");
    const [disabled] = await client.disableSecretVersion({ name: `${name}/versions/2` });
    assert.equal(disabled.state, "DISABLED");
    assert.equal(await codeOf(read(`${name}/versions/latest`)), "FAILED_PRECONDITION");
    await client.enableSecretVersion({ name: `${name}/versions/2` });
    assert.equal(String((await read(`${name}/versions/latest`)).payload?.data), "two");
    await client.destroySecretVersion({ name: `${name}/versions/2` });
    assert.equal(await codeOf(read(`${name}/versions/2`)), "FAILED_PRECONDITION");
    const [enabled] = await client.listSecretVersions({ parent: name, filter: "state:ENABLED" });
    assert.deepEqual(
      enabled.map((version) => version.name?.split("/").pop()),
      ["1"],
    );
  });

  it("lists are filtered by labels and parts of names, and come in pages", async () => {
    await create({ labels: { team: "red", tier: "db" } });
    const both = await create({ labels: { team: "blue", tier: "db" } });
    const list = async (filter: string) =>
      (await client.listSecrets({ parent: PARENT, filter }))[0].map(({ name }) => name?.replace(NUMBERED, PARENT));
    assert.deepEqual(await list("labels.team=blue AND labels.tier=db"), [both]);
    assert.deepEqual(await list(`labels.tier:* AND name:${both.split("/").pop()}`), [both]);
    const names: string[] = [];
    for await (const { name } of client.listSecretsAsync({ parent: PARENT, pageSize: 1 })) names.push(name ?? "");
    assert.equal(new Set(names).size, names.length);
    assert.ok(names.length >= 2);
  });

  it("an update changes what its mask names, and an etag that is old is refused", async () => {
    const name = await create({ labels: { a: "1" }, annotations: { b: "2" } });
    const [before] = await client.getSecret({ name });
    const secret = { name, etag: before.etag ?? "", labels: { a: "3" }, annotations: {} };
    const [changed] = await client.updateSecret({ secret, updateMask: { paths: ["labels"] } });
    assert.deepEqual([changed.labels, changed.annotations], [{ a: "3" }, { b: "2" }]);
    const late = client.updateSecret({ secret, updateMask: { paths: ["labels"] } });
    assert.equal(await codeOf(late), "FAILED_PRECONDITION");
    assert.equal(await codeOf(client.deleteSecret({ name, etag: before.etag ?? "" })), "FAILED_PRECONDITION");
    await client.deleteSecret({ name });
    assert.equal(await codeOf(client.getSecret({ name })), "NOT_FOUND");
  });

  it("what cannot be is refused: a second one, a bad label, a wrong checksum, a value that is too large", async () => {
    const name = await create();
    const secretId = name.split("/").pop() ?? "";
    const again = client.createSecret({ parent: PARENT, secretId, secret: { replication: { automatic: {} } } });
    assert.equal(await codeOf(again), "ALREADY_EXISTS");
    assert.equal(await codeOf(create({ labels: { Upper: "x" } })), "INVALID_ARGUMENT");
    const wrong = client.addSecretVersion({ parent: name, payload: { data: Buffer.from("x"), dataCrc32c: 1 } });
    assert.equal(await codeOf(wrong), "INVALID_ARGUMENT");
    assert.equal(await codeOf(add(name, Buffer.alloc(65_537))), "INVALID_ARGUMENT");
  });

  it("regional secrets are apart from global ones", async () => {
    const parent = `${PARENT}/locations/europe-west3`;
    await client.createSecret({ parent, secretId: "regional", secret: {} });
    await add(`${parent}/secrets/regional`, "here");
    assert.equal(String((await read(`${parent}/secrets/regional/versions/latest`)).payload?.data), "here");
    assert.equal(await codeOf(client.getSecret({ name: `${PARENT}/secrets/regional` })), "NOT_FOUND");
  });

  it("a key that was deleted, and a token that is none, are refused", async () => {
    const key = emulator.accountKey("leaver");
    emulator.principals.deleteKeys(accountOf("leaver"));
    await assert.rejects(keyClient(key), /invalid_grant/);
    const token = new OAuth2Client();
    token.setCredentials({ access_token: "none", expiry_date: Date.now() + 3_600_000 });
    const stranger = officialClient(emulator.endpoint, token);
    assert.equal(await codeOf(stranger.getSecret({ name: `${PARENT}/secrets/x` })), "UNAUTHENTICATED");
    await stranger.close();
  });
});
