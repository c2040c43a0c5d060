import assert from "node:assert/strict";
import { before, beforeEach, test } from "node:test";
import { settled } from "../recorded-resources.ts";
import type { GoogleRequest } from "./google-access.ts";
import {
  access,
  all,
  allowed,
  keys,
  mockGoogle,
  ofType,
  only,
  reading,
  registered,
  STORE,
  store,
} from "./google-program.ts";

before(mockGoogle);
beforeEach(() => void all.splice(0));

const metadata = (secret: string): GoogleRequest => ({ permission: "secretmanager.secrets.get", secret });
const list: GoogleRequest = { permission: "secretmanager.secrets.list" };

test("each secret that is read is allowed, and one beside it is not; nothing is listed", async () => {
  const through = store();
  reading(through, keys("db", "api"));
  await registered(through);
  for (const request of [access("db"), access("api")]) assert.ok(allowed(request), JSON.stringify(request));
  for (const request of [access("db2"), access("d"), access("db", "europe-west3"), metadata("db"), list]) {
    assert.ok(!allowed(request), JSON.stringify(request));
  }
  assert.deepEqual(await settled(through.grantWarnings), []);
  assert.deepEqual(ofType("gcp:projects/iAMCustomRole:IAMCustomRole"), []);
});

test("regional secrets are granted in their location alone", async () => {
  const through = store({ location: "europe-west3" });
  reading(through, keys("db"));
  await registered(through);
  assert.ok(allowed(access("db", "europe-west3")));
  for (const request of [access("db"), access("db", "europe-west1")]) assert.ok(!allowed(request));
});

test("labels are readable where they are read, without the value", async () => {
  const through = store();
  reading(through, {
    data: [
      { secretKey: "team", remoteRef: { key: "db", metadataPolicy: "Fetch", property: "labels.team" } },
      { secretKey: "value", remoteRef: { key: "api" } },
    ],
  });
  await registered(through);
  assert.ok(allowed(metadata("db")) && !allowed(access("db")));
  assert.ok(allowed(access("api")) && !allowed(metadata("api")));
});

test("a store that takes the newest enabled version may see the versions", async () => {
  const through = store({ secretVersionSelectionPolicy: "LatestOrFetch" });
  reading(through, { ...keys("db"), dataFrom: [{ find: { path: "team-a-" } }] });
  await registered(through);
  const versions = (secret: string) => ({ permission: "secretmanager.versions.list", secret });
  assert.ok(allowed(versions("db")) && allowed(versions("team-a-x")) && !allowed(versions("team-b-x")));
});

test("a find is limited to what its expression and path begin with, and may list", async () => {
  for (const find of [
    { name: { regexp: "^team-a-" } },
    { path: "team-a-" },
    { path: "team", name: { regexp: "^team-a-.*$" } },
  ]) {
    all.splice(0);
    const through = store();
    reading(through, { dataFrom: [{ find }] });
    await registered(through);
    for (const request of [list, access("team-a-db")]) assert.ok(allowed(request), JSON.stringify(find));
    for (const request of [
      access("team-b-db"),
      access("team-a"),
      access("team-a-db", "europe-west3"),
      metadata("team-a-db"),
    ]) {
      assert.ok(!allowed(request), `${JSON.stringify(find)} ${JSON.stringify(request)}`);
    }
    assert.deepEqual(await settled(through.grantWarnings), []);
  }
});

test("a find of names is granted those names alone", async () => {
  const through = store();
  reading(through, { dataFrom: [{ find: { name: { regexp: "^(db|api)-key$" } } }] });
  await registered(through);
  for (const request of [list, access("db-key"), access("api-key")]) assert.ok(allowed(request));
  for (const request of [access("cache-key"), access("db-key2")]) assert.ok(!allowed(request));
});

test("a find in a location of its own has the location in its condition", async () => {
  const through = store({ location: "europe-west3" });
  reading(through, { dataFrom: [{ find: { path: "team-a-" } }] });
  await registered(through);
  assert.ok(allowed(access("team-a-db", "europe-west3")) && !allowed(access("team-a-db")));
});

test("labels and open expressions cannot be granted: everything is, with a warning", async () => {
  for (const find of [{ tags: { team: "a" } }, { name: { regexp: ".*" } }]) {
    all.splice(0);
    const through = store();
    reading(through, { dataFrom: [{ find }] });
    await registered(through);
    assert.ok(allowed(access("anything")) && !allowed(metadata("anything")));
    assert.match((await settled(through.grantWarnings))[0] ?? "", /every secret of the project is read/);
  }
  const through = store();
  reading(through, { dataFrom: [{ find: { path: "team-a-", tags: { team: "a" } } }] });
  await registered(through);
  assert.match(
    (await settled(through.grantWarnings))[0] ?? "",
    /IAM cannot see labels, so that every secret whose name begins/,
  );
});

test("grants come and go with the ExternalSecrets, and are there before the store", async () => {
  const members = async (...names: string[]) => {
    all.splice(0);
    const through = store();
    reading(through, keys(...names));
    await registered(through);
    const order = all.map(({ type }) => type);
    assert.ok(order.lastIndexOf("gcp:secretmanager/secretIamMember:SecretIamMember") < order.indexOf(STORE));
    assert.ok(order.lastIndexOf("gcp:serviceaccount/iAMMember:IAMMember") < order.indexOf(STORE));
    return ofType("gcp:secretmanager/secretIamMember:SecretIamMember").map(({ name }) => name);
  };
  assert.deepEqual(await members("db", "api"), ["prod-reader-value-api", "prod-reader-value-db"]);
  assert.deepEqual(await members("api", "cache"), ["prod-reader-value-api", "prod-reader-value-cache"]);
});

test("reads of manifests elsewhere are granted in addition, and told as unused", async () => {
  const through = store({ grants: { additional: ["legacy"] } });
  reading(through, keys("db"));
  await registered(through);
  assert.ok(allowed(access("db")) && allowed(access("legacy")));
  assert.deepEqual(await settled(through.unusedGrants), ["legacy"]);
  assert.deepEqual(await settled(through.missingGrants), []);
});

test("a store whose grants are closed explicitly waits for it, and refuses what comes later", async () => {
  const through = store({ grants: { close: "explicit" }, kind: "ClusterSecretStore" });
  await settled(through.member);
  reading(through, keys("db"));
  through.closeGrants();
  await registered(through);
  assert.ok(allowed(access("db")));
  assert.throws(() => reading(through, keys("api")), {
    message: /GcpSecretStore "prod-reader" after .* closeGrants\(\)/,
  });
  const { spec } = only("kubernetes:external-secrets.io/v1:ClusterSecretStore");
  assert.deepEqual(spec.provider.gcpsm.auth.workloadIdentity.serviceAccountRef, {
    name: "prod-reader",
    namespace: "team-a",
  });
});
