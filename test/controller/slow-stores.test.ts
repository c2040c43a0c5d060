import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { SecretNotFound, Transient } from "../../providers/errors.ts";
import { EXTERNAL_SECRETS, externalSecret, fakeStore, STORES, startTestController } from "./controller-fixture.ts";
import { ScriptedBackend } from "./scripted-backend.ts";

const OF_EACH = 50;
const PLACES = 10;

/** A store `bad` whose backend a test scripts, and a store `good` beside it, with 50 ExternalSecrets of the bad one at work. */
async function besideABadStore(context: TestContext, script: (bad: ScriptedBackend) => void) {
  const [bad, good] = [new ScriptedBackend(), new ScriptedBackend()];
  script(bad);
  const it = await startTestController(context, {
    options: { concurrent: PLACES },
    surroundings: {
      bindBackend: (provider) => (JSON.stringify(provider).includes("is-bad") ? bad : good).bindBackend(),
    },
  });
  it.put(STORES, fakeStore("a/bad", { "is-bad": "" }));
  it.put(STORES, fakeStore("a/good", {}));
  await it.ready("a/bad", "True");
  await it.ready("a/good", "True");
  const put = (store: string, index: number) => {
    const data = [{ secretKey: "password", remoteRef: { key: `key-${index}` } }];
    it.put(EXTERNAL_SECRETS, externalSecret(`a/${store}-${index}`, { secretStoreRef: { name: store }, data }));
  };
  for (let index = 0; index < OF_EACH; index++) {
    good.values.set(`key-${index}`, "value");
    put("bad", index);
  }
  await it.soon("the first reads", () => bad.reads > 0, 0);
  return { it, bad, putGood: () => Array.from({ length: OF_EACH }, (_, index) => put("good", index)) };
}

/** How long it takes until all ExternalSecrets of the good store are synced, in milliseconds of the controller's clock. */
async function syncedWithin({ it, putGood }: Awaited<ReturnType<typeof besideABadStore>>): Promise<number> {
  const begun = it.clock.now();
  putGood();
  for (let index = 0; index < OF_EACH; index++) {
    await it.soon(`good-${index}`, () => it.secret(`a/good-${index}`), 20);
  }
  return it.clock.now() - begun;
}

test("a store that never answers does not keep the ExternalSecrets of others waiting", async (context) => {
  const never = Promise.withResolvers<void>();
  context.after(() => never.resolve());
  const given = await besideABadStore(context, (bad) => {
    bad.beforeRead = () => never.promise;
  });
  const { it, bad } = given;
  assert.ok((await syncedWithin(given)) < 5_000, "within seconds, not after the time limit of a refresh");
  assert.equal(bad.reads, PLACES);
  const isTold = () => JSON.stringify(it.externalSecret("a/bad-0")).includes("the refresh timed out");
  await it.soon("the condition of the first", isTold, 2_000);
  assert.ok(bad.reads <= 20, "its own refreshes stay few");
});

test("once a store that hung answers, all its ExternalSecrets are synced", async (context) => {
  const hanging = Promise.withResolvers<void>();
  const { it, bad } = await besideABadStore(context, (backend) => {
    backend.beforeRead = () => hanging.promise;
  });
  await it.pass(2_000);
  for (let index = 0; index < OF_EACH; index++) bad.values.set(`key-${index}`, "value");
  hanging.resolve();
  for (let index = 0; index < OF_EACH; index++) await it.ready(`a/bad-${index}`, "True");
});

test("a store that asks to wait for 30 s is asked again after that, and others are served meanwhile", async (context) => {
  const given = await besideABadStore(context, (bad) => {
    const throttled = new Transient("too many requests", { retryAfterMs: 30_000 });
    for (let index = 0; index < OF_EACH; index++) bad.failures.set(`key-${index}`, throttled);
  });
  const { it, bad } = given;
  assert.ok((await syncedWithin(given)) < 5_000);
  await it.pass(10_000);
  assert.equal(bad.reads, OF_EACH, "once each");
  bad.failures.clear();
  bad.failures.set("key-0", new SecretNotFound("gone", { remoteKey: "key-0" }));
  for (let index = 1; index < OF_EACH; index++) bad.values.set(`key-${index}`, "value");
  for (let index = 1; index < OF_EACH; index++) {
    await it.soon(`bad-${index}`, () => it.secret(`a/bad-${index}`), 1_000);
  }
});
