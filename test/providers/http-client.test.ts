/** The HTTP client of REST backends: limits, certificates, redirects, proxies, headers. */
import assert from "node:assert/strict";
import { afterEach, describe, it } from "node:test";
import { systemClock } from "../../api/clock.ts";
import { InvalidConfiguration, Transient } from "../../providers/errors.ts";
import { createHttpClient, type HttpClient, type HttpClientOptions } from "../../providers/http-client.ts";
import { refusal } from "../contract/refusal.ts";
import { issueServerCertificate } from "../ground/pki.ts";
import { type ScriptedServer, startScriptedServer } from "./scripted-server.ts";

const servers: ScriptedServer[] = [];
const clients: HttpClient[] = [];

async function serve(...[answer, tls]: Parameters<typeof startScriptedServer>): Promise<ScriptedServer> {
  const server = await startScriptedServer(answer, tls);
  servers.push(server);
  return server;
}

function connect(baseUrl: string, options: Partial<HttpClientOptions> = {}): HttpClient {
  const client = createHttpClient({
    backend: "Vault",
    baseUrl,
    serverField: "spec.provider.vault.server",
    timeoutMs: 5_000,
    clock: systemClock,
    ...options,
  });
  clients.push(client);
  return client;
}

const limit = () => AbortSignal.timeout(10_000);

describe("the HTTP client", () => {
  afterEach(async () => {
    for (const client of clients.splice(0)) client.close();
    await Promise.all(servers.splice(0).map((server) => server.stop()));
  });

  it("keeps the path of the base URL, encodes the query and sends the body", async () => {
    const server = await serve(() => ({ body: { ok: true } }));
    const client = connect(`${server.address}/base/`);
    const request = { method: "POST", path: "v1/a%20b", query: { q: "x y&z" }, body: "ü", headers: { "x-a": "1" } };
    const response = await client.request(request, limit());
    assert.equal(response.status, 200);
    assert.equal(new TextDecoder().decode(response.body), '{"ok":true}');
    const [seen] = server.requests;
    assert.equal(seen?.url, "/base/v1/a%20b?q=x+y%26z");
    assert.equal(seen?.body, "ü");
    assert.equal(seen?.headers["x-a"], "1");
    assert.equal(seen?.headers["content-length"], "2");
  });

  it("uses one connection for requests in a row", async () => {
    const server = await serve(() => ({ body: "ok" }));
    const client = connect(server.address);
    for (let i = 0; i < 3; i++) await client.request({ method: "GET", path: "x" }, limit());
    assert.equal(server.connections, 1);
  });

  it("gives up after its limit, and at once when aborted", async () => {
    const server = await serve(() => undefined);
    const error = await refusal(
      Transient,
      connect(server.address, { timeoutMs: 30 }).request({ method: "GET", path: "x" }, limit()),
    );
    assert.match(error.message, /did not answer within 30 ms/);
    const stopping = new AbortController();
    const reason = new Error("stopped");
    const waiting = connect(server.address).request({ method: "GET", path: "x" }, stopping.signal);
    setImmediate(() => stopping.abort(reason));
    await assert.rejects(waiting, reason);
  });

  it("reports a refused connection and an unknown host as Transient with the code", async () => {
    const server = await serve(() => ({}));
    await server.stop();
    const refused = await refusal(Transient, connect(server.address).request({ method: "GET", path: "x" }, limit()));
    assert.match(refused.message, /ECONNREFUSED/);
    assert.equal((refused.cause as { readonly code?: string }).code, "ECONNREFUSED");
  });

  it("refuses an answer that is too large", async () => {
    const server = await serve(() => ({ body: "x".repeat(2_000) }));
    const client = connect(server.address, { maxResponseBytes: 1_000 });
    const error = await refusal(InvalidConfiguration, client.request({ method: "GET", path: "x" }, limit()));
    assert.match(error.message, /more than 1000 bytes/);
  });

  it("follows redirects on the same host and refuses others by name", async () => {
    const other = await serve(() => ({ body: "other" }));
    const server = await serve(({ url }) => {
      if (url === "/here") return { status: 307, headers: { location: "/there" } };
      if (url === "/away") return { status: 307, headers: { location: `${other.address}/x` } };
      return { body: url };
    });
    const client = connect(server.address);
    const response = await client.request({ method: "GET", path: "here" }, limit());
    assert.equal(new TextDecoder().decode(response.body), "/there");
    const error = await refusal(InvalidConfiguration, client.request({ method: "GET", path: "away" }, limit()));
    assert.ok(error.message.includes(other.address));
    assert.equal(other.requests.length, 0);
  });

  it("checks the server's certificate with the CA that it is given, and names the remedy where it may not trust it", async () => {
    const issued = await issueServerCertificate(["localhost", "127.0.0.1"]);
    const server = await serve(() => ({ body: "ok" }), { cert: issued.certificatePem, key: issued.privateKeyPem });
    const trusted = connect(server.address, { ca: issued.caPem });
    assert.equal((await trusted.request({ method: "GET", path: "x" }, limit())).status, 200);
    const request = connect(server.address).request({ method: "GET", path: "x" }, limit());
    const error = await refusal(InvalidConfiguration, request);
    assert.match(error.describe(), /is not trusted.*caBundle/);
    const plain = connect(server.address.replace("https://localhost", "http://127.0.0.1"));
    await assert.rejects(plain.request({ method: "GET", path: "x" }, limit()));
  });

  it("says that a server does not speak TLS", async () => {
    const server = await serve(() => ({ body: "ok" }));
    const client = connect(server.address.replace("http:", "https:"));
    const error = await refusal(InvalidConfiguration, client.request({ method: "GET", path: "x" }, limit()));
    assert.match(error.message, /no TLS connection/);
  });

  it("refuses addresses, certificates and headers that cannot be used, without quoting them", async () => {
    assert.throws(() => connect("ftp://x"), InvalidConfiguration);
    assert.throws(() => connect("nonsense"), InvalidConfiguration);
    const clientCertificate = { cert: "c4n4ry", key: "c4n4ry" };
    await refusal(InvalidConfiguration, (async () => connect("https://localhost:1", { clientCertificate }))());
    const server = await serve(() => ({}));
    const headers = { "x-vault-token": "c4n4ry\nx" };
    await refusal(
      InvalidConfiguration,
      connect(server.address).request({ method: "GET", path: "x", headers }, limit()),
    );
  });

  it("goes through the proxy that the environment names, except where NO_PROXY says not to", async () => {
    const proxy = await serve(({ url }) => ({ body: `proxied ${url}` }));
    const server = await serve(() => ({ body: "direct" }));
    const get = async (environment: Record<string, string>) => {
      const response = await connect(server.address, { environment }).request({ method: "GET", path: "x" }, limit());
      return new TextDecoder().decode(response.body);
    };
    assert.equal(await get({ HTTP_PROXY: proxy.address }), `proxied ${server.address}/x`);
    assert.equal(await get({ HTTP_PROXY: proxy.address, NO_PROXY: "127.0.0.1" }), "direct");
    assert.equal(await get({}), "direct");
  });
});
