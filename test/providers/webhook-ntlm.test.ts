/** NTLM of webhooks: MS-NLMP's own examples, and a server that lets in nobody else. */
import assert from "node:assert/strict";
import { afterEach, describe, it } from "node:test";
import type { WebhookProviderSpec } from "../../api/stores/webhook.ts";
import type { SecretsClient } from "../../providers/contract.ts";
import { AccessDenied, InvalidConfiguration } from "../../providers/errors.ts";
import { createWebhookBackend } from "../../providers/webhook/index.ts";
import { md4 } from "../../providers/webhook/ntlm/md4.ts";
import { authenticateMessage, readChallenge, responseKey } from "../../providers/webhook/ntlm/messages.ts";
import { refusal } from "../contract/refusal.ts";
import { createStoreContext } from "../contract/store-context.ts";
import { NTLM_USER, type NtlmServerOptions, startNtlmServer } from "../ground/ntlm-server.ts";
import { startScriptedServer } from "./scripted-server.ts";

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");
const limit = () => AbortSignal.timeout(10_000);
const LABELS = { "user/external-secrets.io/type": "webhook" };
const NTLM = { usernameSecret: { name: "user", key: "name" }, passwordSecret: { name: "user", key: "password" } };

describe("NTLM's parts", () => {
  it("MD4 has the digests of RFC 1320", () => {
    const digests: Readonly<Record<string, string>> = {
      "": "31d6cfe0d16ae931b73c59d7e0c089c0",
      abc: "a448017aaf21d8525fc10ae87aa6729d",
      abcdefghijklmnopqrstuvwxyz: "d79e1c308aa5bbcdeea8ed63df412da9",
      "12345678901234567890123456789012345678901234567890123456789012345678901234567890":
        "e33b4ddc9c38f2199c3e7b164fcc0536",
    };
    for (const [text, digest] of Object.entries(digests)) assert.equal(hex(md4(Buffer.from(text))), digest);
  });

  it("the key and the proof are those of MS-NLMP 4.2.4", () => {
    assert.equal(hex(responseKey("User", "Domain", "Password")), "0c868a403bfd7a93a3001ef22ef02e3f");
    const targetInfo = Buffer.from(
      "02000c0044006f006d00610069006e0001000c005300650072007600650072000000" + "0000",
      "hex",
    );
    const challenge = {
      nonce: Buffer.from("0123456789abcdef", "hex"),
      target: "Server",
      targetInfo,
      flags: 0xe28a8233,
    };
    const occasion = { nonce: Buffer.alloc(8, 0xaa), nowMs: -11_644_473_600_000 };
    const user = { user: "User", domain: "Domain", password: "Password" };
    const message = hex(authenticateMessage(user, challenge, occasion));
    assert.ok(message.includes("86c35097ac9cec102554764a57cccc19" + "aaaaaaaaaaaaaaaa"), "LMv2");
    assert.ok(message.includes("68cd0ab851e51c96aabc927bebef6a1c" + "0101000000000000"), "NTProofStr");
  });

  it("what is no challenge is not taken for one", () => {
    const header = Buffer.from("NTLMSSP\0".padEnd(48, "\0"), "latin1");
    for (const bytes of [new Uint8Array(), Buffer.alloc(60), header]) assert.equal(readChallenge(bytes), undefined);
    header.writeUInt32LE(2, 8);
    header.writeUInt16LE(9, 40);
    header.writeUInt32LE(48, 44);
    assert.equal(readChallenge(header), undefined);
  });
});

describe("a webhook with NTLM", () => {
  const stops: (() => Promise<void>)[] = [];
  afterEach(async () => void (await Promise.all(stops.splice(0).map((stop) => stop()))));

  interface Login {
    readonly name?: string;
    readonly password?: string;
    readonly labels?: Record<string, string>;
  }

  async function open(
    address: string,
    login: Login = {},
    spec: Partial<WebhookProviderSpec> = {},
  ): Promise<SecretsClient> {
    const { name = NTLM_USER.name, password = NTLM_USER.password, labels = LABELS } = login;
    const context = createStoreContext({ secrets: { "user/name": name, "user/password": password }, labels });
    const whole: WebhookProviderSpec = { url: `${address}/{{ .remoteRef.key }}`, auth: { ntlm: NTLM }, ...spec };
    const client = await createWebhookBackend({ random: () => 0.5 }).open(whole, context, limit());
    stops.push(() => client.close());
    return client;
  }

  async function serve(options: NtlmServerOptions = {}) {
    const server = await startNtlmServer(options);
    stops.push(server.stop);
    return server;
  }

  const read = async (client: SecretsClient) => Buffer.from(await client.getSecret({ key: "k" }, limit())).toString();

  for (const options of [{}, { timestamp: true }, { scheme: "Negotiate" }] as const) {
    it(`logs in on one connection, once for each request, to a server with ${JSON.stringify(options)}`, async () => {
      const server = await serve(options);
      const client = await open(server.address);
      assert.deepEqual(await Promise.all([read(client), read(client), read(client)]), ["hello", "hello", "hello"]);
      await client.pushSecret({ remoteKey: "k" }, Buffer.from("body"), limit());
      assert.deepEqual(server.served, [...Array(3).fill("GET  by User"), "POST body by User"]);
      assert.equal(server.connections, 1);
    });
  }

  it("takes the domain of the server where the user names none", async () => {
    const server = await serve();
    assert.equal(await read(await open(server.address, { name: "user" })), "hello");
  });

  it("asks in place of a header that the store sets, and is AccessDenied with a wrong password, which no error shows", async () => {
    const server = await serve();
    const headers = { Authorization: "Bearer x" };
    assert.equal(await read(await open(server.address, {}, { headers })), "hello");
    const error = await refusal(AccessDenied, read(await open(server.address, { password: "c4n4ry" })));
    assert.match(error.describe(), /auth\.ntlm/);
    await refusal(AccessDenied, read(await open(server.address, { name: "Other\\c4n4ry" })));
  });

  it("is AccessDenied where the connection ends between challenge and answer", async () => {
    const server = await serve({ forgetful: true });
    await refusal(AccessDenied, read(await open(server.address)));
    assert.deepEqual(server.served, []);
  });

  it("says that a server asks for another login, and asks no server that lets everybody in", async () => {
    const basic = await startScriptedServer(() => ({ status: 401, headers: { "www-authenticate": "Basic realm=x" } }));
    const all = await startScriptedServer(() => ({ body: "hello" }));
    stops.push(basic.stop, all.stop);
    const error = await refusal(AccessDenied, read(await open(basic.address)));
    assert.match(error.message, /not by NTLM/);
    assert.equal(await read(await open(all.address)), "hello");
    assert.equal(all.requests.at(-1)?.headers.authorization, undefined);
  });

  it("refuses a Secret without the label or the key, and another namespace", async () => {
    const server = await serve();
    const unlabelled = await open(server.address, { labels: {} });
    await refusal(InvalidConfiguration, read(unlabelled));
    const ntlm = { ...NTLM, passwordSecret: { name: "user", key: "nothing" } };
    const error = await refusal(InvalidConfiguration, read(await open(server.address, {}, { auth: { ntlm } })));
    assert.equal(error.details.field, "spec.provider.webhook.auth.ntlm.passwordSecret");
    const elsewhere = { ...NTLM, usernameSecret: { ...NTLM.usernameSecret, namespace: "other" } };
    const opening = open(server.address, {}, { auth: { ntlm: elsewhere } });
    assert.match((await refusal(InvalidConfiguration, opening)).message, /auth\.ntlm\.usernameSecret\.namespace/);
  });
});
