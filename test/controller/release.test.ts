import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { SECRET } from "../../controller/core-resources.ts";
import { createKubeClient } from "../../controller/kube/client.ts";
import { ownedObjects, releaseAll } from "../../controller/release/release-owned.ts";
import { FakeClock } from "../fake-clock.ts";
import { SECRETS } from "./controller-fixture.ts";
import { startFakeApiServer } from "./kube/fake-api-server.ts";

const ours = {
  apiVersion: "external-secrets.io/v1beta1",
  kind: "ExternalSecret",
  name: "db",
  uid: "1",
  controller: true,
};
const generator = {
  apiVersion: "generators.external-secrets.io/v1alpha1",
  kind: "GeneratorState",
  name: "g",
  uid: "2",
};
const theirs = { apiVersion: "apps/v1", kind: "Deployment", name: "app", uid: "3" };

async function start(context: TestContext) {
  const clock = new FakeClock();
  const server = await startFakeApiServer({ clock, protocol: "http" });
  const kube = createKubeClient(server.config(), { clock, qps: 0 });
  context.after(async () => {
    kube.close();
    await server.close();
  });
  const put = (name: string, ownerReferences: readonly object[]) =>
    server.store.put(SECRETS, { metadata: { namespace: "a", name, ownerReferences }, data: { k: "czNjcmV0" } });
  const ownersOf = (name: string) => server.store.get(SECRETS, `a/${name}`)?.metadata.ownerReferences;
  return { server, kube, put, ownersOf };
}

/** Begins with each test: the files of one process are loaded long before their tests run. */
const limit = () => AbortSignal.timeout(20_000);

test("references to our kinds go, those to others stay, and what is not owned is not touched", async (context) => {
  const { server, kube, put, ownersOf } = await start(context);
  put("owned", [ours, generator, theirs]);
  put("foreign", [theirs]);
  put("free", []);
  const owned = await ownedObjects(kube, SECRET, limit());
  assert.deepEqual(
    owned.map(({ metadata }) => metadata.name),
    ["owned"],
  );
  assert.ok(!JSON.stringify(owned).includes("czNjcmV0"));
  assert.equal(await releaseAll(kube, owned, limit()), 1);
  assert.deepEqual(ownersOf("owned"), [theirs]);
  assert.deepEqual(
    server.requests.filter(({ verb }) => verb === "patch").map(({ name }) => name),
    ["owned"],
  );
});

test("a Secret that changed or went meanwhile is looked at again", async (context) => {
  const { server, kube, put, ownersOf } = await start(context);
  for (const name of ["changed", "gone", "freed"]) put(name, [ours]);
  const owned = await ownedObjects(kube, SECRET, limit());
  put("changed", [theirs, ours]);
  put("freed", []);
  server.store.remove(SECRETS, "a/gone");
  assert.equal(await releaseAll(kube, owned, limit()), 1);
  assert.deepEqual([ownersOf("changed"), ownersOf("freed")], [[theirs], []]);
});
