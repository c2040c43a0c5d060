import assert from "node:assert/strict";
import { test } from "node:test";
import { startReflector, verbsOf } from "./reflector-parts.ts";
import { CONFIG_MAPS, SECRETS, secret } from "./test-parts.ts";

test("503 for a while is waited out, however long", async (context) => {
  let heal = () => {};
  const { reflector, soon, server, clock } = await startReflector(context, {
    before: ({ server: fake }) => {
      fake.store.put(SECRETS, secret("a", "one"));
      heal = fake.fail({ times: Number.POSITIVE_INFINITY, answer: { status: 503, reason: "ServiceUnavailable" } });
    },
  });
  const startedAt = clock.now();
  await soon("many tries", () => server.requests.length >= 10, 1_000);
  assert.ok(clock.now() - startedAt > 60_000, "the tries come ever more slowly");
  heal();
  await soon("synced", () => reflector.isSynced);
  assert.equal(reflector.size, 1);
});

test("connection refused for a while: the watch resumes where it was, and nothing is missed", async (context) => {
  const fixture = await startReflector(context, {
    before: ({ server }) => void server.store.put(SECRETS, secret("a", "one")),
  });
  const { server, soon, changes, lines } = fixture;
  await soon("the watch", () => server.watches().length === 1);
  await server.stop();
  server.store.put(SECRETS, secret("a", "two"));
  server.store.remove(SECRETS, "a/one");
  await soon("some failures", () => lines.filter(({ level }) => level === "warn").length >= 3);
  await server.start();
  await soon("what was missed", () => changes.includes("deleted a/one"));
  assert.deepEqual(changes, ["added a/one", "added a/two", "deleted a/one"]);
  assert.deepEqual(verbsOf(fixture).filter((verb) => verb === "watch").length, 2);
  assert.equal(server.requests.filter(({ query }) => query.get("limit") === "500").length, 1, "no second full list");
});

for (const way of ["status", "event"] as const) {
  test(`410 Gone as ${way} makes a new list, whose differences alone are changes`, async (context) => {
    const fixture = await startReflector(context, {
      before: ({ server }) => {
        for (const name of ["kept", "changed", "gone"]) server.store.put(SECRETS, secret("a", name));
      },
    });
    const { server, soon, changes } = fixture;
    const [watch] = await soon("the watch", () => server.watches().length === 1 && server.watches());
    changes.length = 0;
    if (watch !== undefined) watch.silent = true;
    server.store.put(SECRETS, secret("a", "changed", { k: "MQ==" }));
    server.store.put(SECRETS, secret("a", "new"));
    server.store.remove(SECRETS, "a/gone");
    server.store.compact();
    if (way === "event") watch?.error({ status: 410, reason: "Expired" });
    else server.network.reset();
    await soon("the differences", () => changes.length === 3);
    await soon("the watch", () => server.watches().some((each) => each !== watch));
    assert.deepEqual(changes.sort(), ["added a/new", "deleted a/gone", "modified a/changed"]);
  });
}

test("a server that answers each watch with 410 is not asked in a tight loop", async (context) => {
  const { server, clock, soon } = await startReflector(context, {
    before: ({ server: fake }) =>
      void fake.fail({
        match: ({ verb }) => verb === "watch",
        times: Number.POSITIVE_INFINITY,
        answer: { status: 410, reason: "Expired" },
      }),
  });
  const startedAt = clock.now();
  await soon("a minute", () => clock.now() - startedAt >= 60_000, 500);
  assert.ok(server.requests.length < 40, `${server.requests.length} requests in a minute`);
});

test("a server that ends each watch at once is not asked in a tight loop", async (context) => {
  const { server, clock, soon } = await startReflector(context, {
    before: ({ server: fake }) =>
      void fake.fail({
        match: ({ verb }) => verb === "watch",
        times: Number.POSITIVE_INFINITY,
        answer: (_request, outgoing) => void outgoing.end(),
      }),
  });
  const startedAt = clock.now();
  await soon("a minute", () => clock.now() - startedAt >= 60_000, 500);
  assert.ok(server.requests.length < 40, `${server.requests.length} requests in a minute`);
});

test("an expired continue token restarts the list, and nothing is deleted meanwhile", async (context) => {
  const { server, soon, reflector, changes } = await startReflector(context, {
    pageLimit: 10,
    before: ({ server: fake }) => {
      for (let index = 0; index < 25; index++) fake.store.put(SECRETS, secret("a", `s${index}`));
      fake.fail({ match: ({ query }) => query.has("continue"), answer: { status: 410, reason: "Expired" } });
    },
  });
  await soon("synced", () => reflector.isSynced);
  assert.equal(reflector.size, 25);
  assert.equal(changes.length, 25);
  assert.equal(server.requests.filter(({ verb }) => verb === "list").length, 2 + 3);
});

test("a watch that goes silent beyond its own timeout is begun anew", async (context) => {
  const { server, soon, changes, lines } = await startReflector(context);
  const [watch] = await soon("the watch", () => server.watches().length === 1 && server.watches());
  assert.ok(watch);
  watch.silent = true;
  server.store.put(SECRETS, secret("a", "unseen"));
  await soon("what was unseen", () => changes.includes("added a/unseen"), 2_000);
  assert.ok(lines.some(({ fields }) => String(fields?.message).includes("WATCH_SILENT")));
});

test("a half-open connection is found by pings within half a minute", async (context) => {
  const { server, soon, changes, clock } = await startReflector(context);
  await soon("the watch", () => server.watches().length === 1);
  await clock.advance(1_000);
  server.network.stall();
  const stalledAt = clock.now();
  server.store.put(SECRETS, secret("a", "unseen"));
  await soon("what was unseen", () => changes.includes("added a/unseen"));
  assert.ok(clock.now() - stalledAt <= 30_000, `${clock.now() - stalledAt} ms`);
});

test("a line that is torn by a broken connection is not taken, and the watch resumes before it", async (context) => {
  const { server, soon, changes } = await startReflector(context);
  const [watch] = await soon("the watch", () => server.watches().length === 1 && server.watches());
  if (watch !== undefined) watch.silent = true;
  server.store.put(SECRETS, secret("a", "torn"));
  const object = server.store.get(SECRETS, "a/torn");
  watch?.write(JSON.stringify({ type: "ADDED", object }).slice(0, 60));
  watch?.end();
  await soon("the whole event", () => changes.length > 0);
  assert.deepEqual(changes, ["added a/torn"]);
});

test("events that come byte by byte, torn inside characters, arrive whole", async (context) => {
  const { server, soon, reflector } = await startReflector(context);
  const [watch] = await soon("the watch", () => server.watches().length === 1 && server.watches());
  const data = { note: "ü🔑€" };
  const metadata = { namespace: "a", name: "one", resourceVersion: String(server.store.version + 1) };
  const bytes = Buffer.from(`${JSON.stringify({ type: "ADDED", object: { metadata, data } })}\n`);
  for (const byte of bytes) {
    watch?.write(Uint8Array.of(byte));
    await new Promise((resolve) => setImmediate(resolve));
  }
  await soon("the event", () => reflector.size === 1);
  assert.deepEqual(reflector.get("a/one")?.data, data);
});

test("a server restarted with an older history is listed anew, though its watch would accept the old place", async (context) => {
  const fixture = await startReflector(context, {
    before: ({ server }) => void server.store.put(SECRETS, secret("a", "old")),
  });
  const { server, soon, changes } = fixture;
  await soon("the watch", () => server.watches().length === 1);
  const backup = server.store.snapshot();
  for (let index = 0; index < 20; index++)
    server.store.put(CONFIG_MAPS, { metadata: { namespace: "a", name: `c${index}` } });
  server.store.put(SECRETS, secret("a", "lost"));
  await soon("it", () => changes.includes("added a/lost"));
  await server.stop();
  server.store.restore(backup);
  server.store.put(SECRETS, secret("a", "after"));
  await server.start();
  await soon("the restored state", () => changes.includes("deleted a/lost") && changes.includes("added a/after"));
});

test("a bookmark from before is a history that went back: listed anew", async (context) => {
  const { server, soon, changes } = await startReflector(context);
  const [watch] = await soon("the watch", () => server.watches().length === 1 && server.watches());
  if (watch !== undefined) watch.silent = true;
  server.store.put(SECRETS, secret("a", "unseen"));
  watch?.bookmark(5);
  await soon("what was unseen", () => changes.includes("added a/unseen"));
});

test("GOAWAY, graceful or not, loses nothing", async (context) => {
  const { server, soon, changes } = await startReflector(context);
  await soon("the watch", () => server.watches().length === 1);
  server.goAway();
  server.store.put(SECRETS, secret("a", "one"));
  await soon("the first", () => changes.includes("added a/one"));
  for (const watch of server.watches()) watch.end();
  server.goAway(2);
  server.store.put(SECRETS, secret("a", "two"));
  await soon("the second", () => changes.includes("added a/two"));
  await soon("the watch", () => server.watches().length === 1);
  server.goAway(2);
  server.store.put(SECRETS, secret("a", "three"));
  await soon("the third", () => changes.includes("added a/three"));
});

test("a stop ends list and watch at once, without a line in the log", async (context) => {
  const { server, soon, stop, lines } = await startReflector(context);
  await soon("the watch", () => server.watches().length === 1);
  await stop();
  await soon("no watch", () => server.watches().length === 0);
  assert.deepEqual(lines, []);
});
