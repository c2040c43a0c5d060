import assert from "node:assert/strict";
import { test } from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { eventually } from "../../eventually.ts";
import { startReflector, verbsOf } from "./reflector-parts.ts";
import { SECRETS, secret } from "./test-parts.ts";

test("what is there and what changes comes into the cache and to the handlers", async (context) => {
  const fixture = await startReflector(context, {
    before: ({ server }) => void server.store.put(SECRETS, secret("a", "one", { k: "MQ==" })),
  });
  const { server, reflector, changes } = fixture;
  assert.equal(reflector.silentForMs(), Number.POSITIVE_INFINITY);
  await reflector.synced;
  assert.equal(reflector.isSynced, true);
  assert.deepEqual(reflector.get("a/one")?.data, { k: "MQ==" });
  await eventually("the watch", () => server.watches().length === 1);
  server.store.put(SECRETS, secret("a", "two"));
  server.store.put(SECRETS, secret("a", "one", { k: "Mg==" }));
  server.store.remove(SECRETS, "a/two");
  await eventually("the changes", () => changes.length === 4);
  assert.deepEqual(changes, ["added a/one", "added a/two", "modified a/one", "deleted a/two"]);
  assert.deepEqual(
    [...reflector.list()].map(({ data }) => data),
    [{ k: "Mg==" }],
  );
  assert.equal(reflector.silentForMs(), 0);
  assert.deepEqual(verbsOf(fixture), ["list", "watch"]);
});

test("each namespace is listed and watched by itself, and synced means all of them", async (context) => {
  const fixture = await startReflector(context, {
    reflector: { namespaces: ["a", "b"] },
    before: ({ server }) => {
      for (const namespace of ["a", "b", "c"]) server.store.put(SECRETS, secret(namespace, "one"));
      server.fail({ match: ({ namespace }) => namespace === "b", answer: { status: 403, reason: "Forbidden" } });
    },
  });
  const { reflector, soon, server, changes } = fixture;
  await soon("a's objects", () => reflector.size === 1);
  assert.equal(reflector.isSynced, false);
  await soon("both", () => reflector.isSynced);
  await soon("watches", () => server.watches().length === 2);
  server.store.put(SECRETS, secret("b", "two"));
  server.store.put(SECRETS, secret("c", "two"));
  await soon("the change", () => changes.includes("added b/two"));
  assert.equal(reflector.size, 3);
});

test("managedFields are gone before the transformation", async (context) => {
  const seen: unknown[] = [];
  const object = secret("a", "one");
  const { reflector } = await startReflector(context, {
    before: ({ server }) =>
      void server.store.put(SECRETS, {
        ...object,
        metadata: { ...object.metadata, managedFields: [{ manager: "m" }] },
      }),
    reflector: {
      transform: ({ metadata }) => {
        seen.push("managedFields" in metadata);
        return { version: "", data: {} };
      },
    },
  });
  await reflector.synced;
  assert.deepEqual(seen, [false]);
});

test("a bookmark moves the place from which the next watch resumes, without a list", async (context) => {
  const fixture = await startReflector(context);
  const { server, soon } = fixture;
  const [watch] = await soon("the watch", () => server.watches().length === 1 && server.watches());
  server.store.put("/api/v1/configmaps", { metadata: { namespace: "a", name: "other" } });
  await fixture.clock.advance(5_000);
  watch?.bookmark();
  await soon("the bookmark", () => fixture.reflector.silentForMs() < 5_000);
  // From the list's place alone there would be no way on.
  server.store.compact();
  const expected = String(server.store.version);
  watch?.bookmark();
  watch?.end();
  await soon("the next watch", () => server.watches().some((each) => each !== watch));
  assert.deepEqual(verbsOf(fixture), ["list", "watch", "watch"]);
  assert.equal(server.requests.at(-1)?.query.get("resourceVersion"), expected);
  assert.equal(server.requests.at(-1)?.query.get("allowWatchBookmarks"), "true");
});

test("a handler that throws is logged and does not keep others from hearing", async (context) => {
  const { changes, lines, reflector } = await startReflector(context, {
    before: ({ server }) => void server.store.put(SECRETS, secret("a", "one")),
    onChange: () => {
      throw new Error("canary");
    },
  });
  await reflector.synced;
  assert.deepEqual(changes, ["added a/one"]);
  assert.equal(lines.filter(({ level }) => level === "error").length, 1);
  assert.doesNotMatch(JSON.stringify(lines), /canary/);
});

test("a transformation that throws costs one object, not the cache", async (context) => {
  const { reflector, lines } = await startReflector(context, {
    before: ({ server }) => {
      for (const name of ["bad", "good"]) server.store.put(SECRETS, secret("a", name));
    },
    reflector: {
      transform: ({ metadata }) => {
        if (metadata.name === "bad") throw new Error("no");
        return { version: "", data: {} };
      },
    },
  });
  await reflector.synced;
  assert.equal(reflector.size, 1);
  assert.ok(lines.some(({ fields }) => fields?.key === "a/bad"));
});

test("a resource that is not served yet is awaited, and said once", async (context) => {
  let show = () => {};
  const { reflector, lines, clock, soon, server } = await startReflector(context, {
    before: ({ server: fake }) => {
      show = fake.hide(SECRETS);
    },
  });
  await soon("some lists", () => server.requests.length >= 8);
  assert.equal(lines.filter(({ level }) => level === "warn").length, 1);
  const before = server.requests.length;
  show();
  const shownAt = clock.now();
  await soon("synced", () => reflector.isSynced);
  assert.ok(clock.now() - shownAt <= 2_500, `${clock.now() - shownAt} ms`);
  assert.ok(server.requests.length <= before + 3);
  assert.ok(lines.some(({ level, message }) => level === "info" && /served now/.test(message)));
});

test("10,000 objects are listed in pages, and memory holds one page of them beside what is cached", async (context) => {
  const collectGarbage = garbageCollector();
  // Out of a buffer, for a repeated string takes its memory only when it is first written.
  const data = () => ({ k: Buffer.alloc(4_000, "x").toString() });
  let seen = 0;
  let baseline = 0;
  let mostGrowth = 0;
  const { reflector } = await startReflector(context, {
    pageLimit: 500,
    before: ({ server }) => {
      for (let index = 0; index < 10_000; index++) server.store.put(SECRETS, secret("a", `s${index}`, data()));
      collectGarbage();
      baseline = process.memoryUsage().heapUsed;
    },
    reflector: {
      transform: () => {
        if (seen++ % 2_000 === 0) {
          collectGarbage();
          mostGrowth = Math.max(mostGrowth, process.memoryUsage().heapUsed - baseline);
        }
        return { version: "", data: {} };
      },
    },
  });
  await reflector.synced;
  assert.equal(reflector.size, 10_000);
  // All objects together are 40 MB of text.
  assert.ok(mostGrowth < 10_000_000, `${mostGrowth} bytes`);
});

test("a handler slower than the events makes the server wait and loses nothing", async (context) => {
  const { server, changes, soon, reflector } = await startReflector(context, {
    onChange: () => {
      // Holds the process, as a slow handler would.
      const until = performance.now() + 0.2;
      while (performance.now() < until);
    },
  });
  await soon("the watch", () => server.watches().length === 1);
  const data = { k: "x".repeat(2_000) };
  for (let index = 0; index < 1_000; index++) server.store.put(SECRETS, secret("a", `s${index}`, data));
  await soon("all events", () => changes.length === 1_000);
  assert.equal(reflector.size, 1_000);
});

/** Node's collector, which is hidden unless a flag is set. */
function garbageCollector(): () => void {
  setFlagsFromString("--expose-gc");
  return runInNewContext("gc");
}
