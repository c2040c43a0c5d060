import assert from "node:assert/strict";
import { test } from "node:test";
import { isConnectionError } from "../../../controller/kube/kube-api-error.ts";
import { eventually } from "../../eventually.ts";
import { createCertificateAuthority } from "../../ground/pki.ts";
import { CONFIG_MAPS, configMapType, secretType, startClient } from "./test-parts.ts";

const options = { resourceVersion: "1000", timeoutSeconds: 300 };

/** Reads a watch to its end in the background. */
function follow(events: AsyncIterable<unknown>): { readonly end: Promise<unknown>; count: number } {
  const state = { count: 0, end: Promise.resolve<unknown>(undefined) };
  state.end = (async () => {
    for await (const _event of events) state.count += 1;
  })().catch((error: unknown) => error);
  return state;
}

test("when the streams of a session are all taken, another session is opened", async (context) => {
  const { client, server, signal } = await startClient(context, { maxConcurrentStreams: 2 });
  const watches = Array.from({ length: 5 }, () => follow(client.watch(configMapType, options, signal)));
  await eventually("five watches", () => server.watches().length === 5);
  await client.list(configMapType, {}, signal);
  assert.equal(server.network.connections, 3);
  for (const watch of server.watches()) watch.end();
  await Promise.all(watches.map(({ end }) => end));
});

test("calls at the same time share the handshake and the session", async (context) => {
  const { client, server, signal } = await startClient(context);
  await Promise.all(Array.from({ length: 50 }, () => client.list(configMapType, {}, signal)));
  assert.equal(server.network.connections, 1);
  assert.equal(server.requests.length, 50);
});

test("a graceful GOAWAY lets running calls end and sends new ones over a new session", async (context) => {
  const { client, server, signal } = await startClient(context);
  const watch = follow(client.watch(configMapType, options, signal));
  await eventually("the watch", () => server.watches().length === 1);
  server.goAway();
  for (let count = 0; count < 20; count++) await client.list(configMapType, {}, signal);
  server.store.put(CONFIG_MAPS, { metadata: { namespace: "n", name: "c" } });
  await eventually("its event over the old session", () => watch.count === 1);
  assert.equal(server.network.connections, 2);
  server.watches()[0]?.end();
  assert.equal(await watch.end, undefined);
  await eventually("the old session gone", () => server.network.connections === 1);
});

for (const protocol of ["h2", "http"] as const) {
  test(`a reset while idle over ${protocol} costs an idempotent call nothing`, async (context) => {
    const { client, server, signal } = await startClient(context, { protocol });
    await client.list(configMapType, {}, signal);
    server.network.reset();
    await client.list(configMapType, {}, signal);
    const name = { namespace: "n", name: "c" };
    server.network.reset();
    await client.apply(configMapType, { metadata: name }, { fieldManager: "m" }, signal);
  });

  test(`a reset over ${protocol} ends a watch with a connection error`, async (context) => {
    const { client, server, signal } = await startClient(context, { protocol });
    const watch = follow(client.watch(configMapType, options, signal));
    await eventually("the watch", () => server.watches().length === 1);
    server.network.reset();
    assert.ok(isConnectionError(await watch.end));
  });

  test(`an aborted watch over ${protocol} ends at the server too`, async (context) => {
    const { client, server } = await startClient(context, { protocol });
    const abort = new AbortController();
    const watch = follow(client.watch(configMapType, options, abort.signal));
    await eventually("the watch", () => server.watches().length === 1);
    const reason = new Error("enough");
    abort.abort(reason);
    assert.equal(await watch.end, reason);
    await eventually("no watch", () => server.watches().length === 0);
  });

  test(`a watch that is left by its reader over ${protocol} ends at the server too`, async (context) => {
    const { client, server, signal } = await startClient(context, { protocol });
    server.store.put(CONFIG_MAPS, { metadata: { namespace: "n", name: "c" } });
    for await (const event of client.watch(configMapType, options, signal)) {
      assert.equal(event.type, "ADDED");
      break;
    }
    await eventually("no watch", () => server.watches().length === 0);
  });
}

test("a call on a half-open connection fails when the ping does, and the next one connects anew", async (context) => {
  const { client, server, signal, clock } = await startClient(context);
  await client.list(configMapType, {}, signal);
  server.network.stall();
  await clock.advance(20_000);
  const startedAt = clock.now();
  let failure: unknown;
  client.create(configMapType, { metadata: { namespace: "n", name: "c" } }, signal).catch((error: unknown) => {
    failure = error;
  });
  await eventually("the failure", () => failure !== undefined, { onTurn: () => clock.advance(500) });
  assert.ok(isConnectionError(failure) && failure.code === "PING_TIMEOUT", String(failure));
  assert.ok(clock.now() - startedAt < 12_000, "an idle connection is asked at once");
  await client.list(configMapType, {}, signal);
});

test("a reader that is slow with one watch does not hold up other calls, nor fill the memory", async (context) => {
  const { client, server, signal } = await startClient(context);
  const iterator = client.watch(configMapType, options, signal)[Symbol.asyncIterator]();
  const value = "x".repeat(100_000);
  for (let index = 0; index < 200; index++) {
    server.store.put(CONFIG_MAPS, { metadata: { namespace: "n", name: `c${index}`, annotations: { value } } });
  }
  const first = await iterator.next();
  assert.equal(first.done, false);
  const list = await client.list(configMapType, {}, signal);
  assert.equal(list.items.length, 200);
  let count = 1;
  while (count < 200) {
    await iterator.next();
    count += 1;
  }
  await iterator.return?.();
});

for (const protocol of ["h2", "http"] as const) {
  test(`after close every call over ${protocol} fails at once`, async (context) => {
    const { client, server, signal } = await startClient(context, { protocol });
    const watch = follow(client.watch(secretType, options, signal));
    await eventually("the watch", () => server.watches().length === 1);
    client.close();
    assert.ok(isConnectionError(await watch.end));
    await assert.rejects(client.list(secretType, {}, signal), isConnectionError);
  });
}

test("a client certificate that was renewed makes a new connection, and running watches go on over the old one", async (context) => {
  const authority = await createCertificateAuthority();
  const issued = await Promise.all(["one", "two"].map((commonName) => authority.issue({ commonName })));
  const certificates = issued.map((each) => ({
    cert: Buffer.from(each.certificatePem),
    key: Buffer.from(each.privateKeyPem),
  }));
  let current = certificates[0];
  const credentials = { get: async () => ({ headers: {}, ...(current && { certificate: current }) }), invalidate() {} };
  const { client, server, signal } = await startClient(context, { credentials });
  const watch = follow(client.watch(configMapType, options, signal));
  await eventually("the watch", () => server.watches().length === 1);
  await client.list(configMapType, {}, signal);
  assert.equal(server.network.connections, 1);
  current = certificates[1];
  await client.list(configMapType, {}, signal);
  assert.equal(server.network.connections, 2);
  server.store.put(CONFIG_MAPS, { metadata: { namespace: "n", name: "c" } });
  await eventually("its event", () => watch.count === 1);
  server.watches()[0]?.end();
  await eventually("the old connection gone", () => server.network.connections === 1);
});

test("the client's own rate is kept: a burst, then so many a second", async (context) => {
  const { client, server, signal, clock } = await startClient(context, { client: { qps: 2, burst: 3 } });
  const calls = Array.from({ length: 5 }, () => client.list(configMapType, {}, signal));
  await eventually("the burst", () => server.requests.length === 3);
  await clock.advance(499);
  assert.equal(server.requests.length, 3);
  await eventually("the fourth", () => server.requests.length === 4, { onTurn: () => clock.advance(1) });
  await eventually("the fifth", () => server.requests.length === 5, { onTurn: () => clock.advance(100) });
  await Promise.all(calls);
});
