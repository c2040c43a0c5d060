/** What a webhook's store sends, and what it takes of the answer. */
import assert from "node:assert/strict";
import { afterEach, describe, it } from "node:test";
import type { WebhookProviderSpec } from "../../api/stores/webhook.ts";
import { AccessDenied, InvalidConfiguration, PropertyNotFound, Transient } from "../../providers/errors.ts";
import { createWebhookBackend } from "../../providers/webhook/index.ts";
import { createStoreContext, type Surroundings } from "../contract/store-context.ts";
import { issueServerCertificate } from "../ground/pki.ts";
import { type ScriptedAnswer, type ScriptedServer, startScriptedServer } from "./scripted-server.ts";

const SURROUNDINGS: Surroundings = {
  secrets: { "login/token": "t0ken", "plain/token": "t0ken" },
  labels: { "login/external-secrets.io/type": "webhook" },
};
const LOGIN = [{ name: "login", secretRef: { name: "login" } }];
const limit = () => AbortSignal.timeout(10_000);
const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

describe("a webhook", () => {
  const servers: ScriptedServer[] = [];
  afterEach(async () => void (await Promise.all(servers.splice(0).map((server) => server.stop()))));

  async function open(
    spec: Partial<WebhookProviderSpec>,
    answer: ScriptedAnswer = {},
    tls?: { cert: string; key: string },
  ) {
    const server = await startScriptedServer(() => answer, tls);
    servers.push(server);
    const whole = { ...spec, url: `${server.address}${spec.url ?? "/"}` };
    const client = await createWebhookBackend({ random: () => 0.5 }).open(
      whole,
      createStoreContext(SURROUNDINGS),
      limit(),
    );
    return { server, client };
  }

  it("is asked by templates of url, headers and body, with the reference escaped in the url alone", async () => {
    const { server, client } = await open({
      url: "/{{ .remoteRef.namespace }}?k={{ .remoteRef.key }}&v={{ .remoteRef.version }}",
      method: "PUT",
      headers: { "X-Key": "{{ .remoteRef.key }}", Authorization: "Bearer {{ .login.token | upper }}" },
      body: '{"k":{{ .remoteRef.key | toRawJson }}}',
      secrets: LOGIN,
    });
    await client.getSecret({ key: "a b/c&d", version: "2" }, limit());
    const [request] = server.requests;
    assert.equal(`${request?.method} ${request?.url}`, "PUT /team?k=a+b%2Fc%26d&v=2");
    assert.equal(request?.headers["x-key"], "a b/c&d");
    assert.equal(request?.headers.authorization, "Bearer T0KEN");
    assert.equal(request?.body, '{"k":"a b/c&d"}');
  });

  it("refuses a Secret without the label and a broken template, each by its field", async () => {
    const cases: readonly (readonly [Partial<WebhookProviderSpec>, RegExp])[] = [
      [{ url: "/{{ .login.token }}", secrets: [{ name: "login", secretRef: { name: "plain" } }] }, /secrets\[0\]/],
      [{ url: "/{{ .remoteRef.key" }, /webhook\.url/],
      [{ headers: { A: "{{ fail .remoteRef.key }}" } }, /webhook\.headers\.A/],
    ];
    for (const [spec, field] of cases) {
      const read = open(spec).then(({ client }) => client.getSecret({ key: "k" }, limit()));
      await assert.rejects(read, (error) => {
        assert.ok(error instanceof InvalidConfiguration);
        assert.match(error.details.field ?? "", field);
        return true;
      });
    }
  });

  const DATA = {
    s: "text",
    n: 1,
    big: "BIG",
    list: [
      { id: "a", v: 1 },
      { id: "b", v: 2, ok: true },
    ],
    deep: { s: "inner", "with.dot": "dotted" },
    none: null,
  };
  const BODY = JSON.stringify(DATA).replace('"BIG"', "12345678901234567890.50");
  const paths: readonly (readonly [path: string, expected: string])[] = [
    ["$.s", "text"],
    ["$.big", "12345678901234567890.50"],
    ["$.none", ""],
    ["$.list", '{"id":"a","v":1}'],
    ["$.list[-1].id", "b"],
    ["$['deep']['with.dot']", "dotted"],
    ["$.list[*].v", "1"],
    ["$.list[1:].id", "b"],
    ["$.deep..s", "inner"],
    ["$.list[?(@.id == 'b' && @.v > 1)].v", "2"],
    ["$.list[?(@.ok || @.id == 'x')].id", "b"],
    ["$.deep", '{"s":"inner","with.dot":"dotted"}'],
  ];
  for (const [jsonPath, expected] of paths) {
    it(`takes ${jsonPath} of its answer`, async () => {
      const { client } = await open({ result: { jsonPath } }, { body: BODY });
      assert.equal(decode(await client.getSecret({ key: "k" }, limit())), expected);
    });
  }

  it("says what of a path or an answer is wrong, and quotes nothing of it", async () => {
    const read = async (jsonPath: string, body: string) => {
      const { client } = await open({ result: { jsonPath } }, { body });
      return client.getSecret({ key: "k" }, limit());
    };
    await assert.rejects(read("$.missing", BODY), PropertyNotFound);
    await assert.rejects(read("$.list[?(@.id == 'x')]", BODY), PropertyNotFound);
    await assert.rejects(read("s", BODY), /does not begin with \$/);
    await assert.rejects(read("$.list[", BODY), InvalidConfiguration);
    await assert.rejects(read("$.list[?(id)]", BODY), InvalidConfiguration);
    await assert.rejects(read("$.s", "c4n4ry"), (error) => !String(error).includes("c4n4ry"));
  });

  it("gives the whole answer unchanged without a path, and lets a path use the property", async () => {
    const { client } = await open({}, { body: "plain\r\n" });
    assert.equal(decode(await client.getSecret({ key: "k" }, limit())), "plain\r\n");
    const templated = (await open({ result: { jsonPath: "$.{{ .remoteRef.property }}" } }, { body: BODY })).client;
    assert.equal(decode(await templated.getSecret({ key: "k", property: "deep.s" }, limit())), "inner");
    assert.deepEqual(
      [...(await templated.getSecretMap({ key: "k", property: "deep" }, limit())).keys()],
      ["s", "with.dot"],
    );
  });

  it("tells what statuses mean", async () => {
    const classes = [
      [401, AccessDenied],
      [304, InvalidConfiguration],
      [400, InvalidConfiguration],
      [503, Transient],
    ] as const;
    for (const [status, expected] of classes) {
      const { client } = await open({}, { status });
      await assert.rejects(client.getSecret({ key: "k" }, limit()), expected);
    }
  });

  it("is pushed to with the value as body or in templates, and deleted from", async () => {
    const value = Uint8Array.from([0xc3, 0xa4]);
    const { server, client } = await open({ url: "/{{ .remoteRef.remoteKey }}" });
    await client.pushSecret({ remoteKey: "app-key" }, value, limit());
    await client.deleteSecret({ remoteKey: "app-key" }, limit());
    const templated = await open({ method: "PATCH", body: '{{ index .remoteRef "app-key" | toJson }}' });
    await templated.client.pushSecret({ remoteKey: "app-key" }, value, limit());
    const lines = [...server.requests, ...templated.server.requests].map(
      ({ method, url, body }) => `${method} ${url} ${body}`,
    );
    assert.deepEqual(lines, ["POST /app-key ä", "DELETE /app-key ", 'PATCH / "ä"']);
    const absent = await open({}, { status: 404 });
    await absent.client.deleteSecret({ remoteKey: "k" }, limit());
    assert.equal(await absent.client.secretExists({ remoteKey: "k" }, limit()), false);
  });

  it("is checked by caBundle over TLS, and refused without", async () => {
    const issued = await issueServerCertificate();
    const tls = { cert: issued.certificatePem, key: issued.privateKeyPem };
    const caBundle = Buffer.from(issued.caPem).toString("base64");
    const trusted = (await open({ caBundle }, { body: "v" }, tls)).client;
    assert.equal(decode(await trusted.getSecret({ key: "k" }, limit())), "v");
    assert.equal(await trusted.validate(limit()), "Ready");
    await assert.rejects((await open({}, {}, tls)).client.getSecret({ key: "k" }, limit()));
  });
});
