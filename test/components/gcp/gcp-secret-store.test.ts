import assert from "node:assert/strict";
import { before, beforeEach, test } from "node:test";
import { runtime } from "@pulumi/pulumi";
import { validateSecretStore } from "../../../api/validate-secret-store.ts";
import { ExternalSecret } from "../../../components/external-secret.ts";
import { GcpSecretStore, type GcpSecretStoreArgs } from "../../../components/gcp/index.ts";
import type { ExternalSecretSpecArgs } from "../../../components/spec-args.generated.ts";
import { settled } from "../recorded-resources.ts";
import { type GoogleRequest, googleAllows, PROJECT } from "./google-access.ts";

const STORE = "kubernetes:external-secrets.io/v1:SecretStore";
const EMAIL = "prod-reader@my-project.iam.gserviceaccount.com";

const all: runtime.MockResourceArgs[] = [];
before(async () => {
  await runtime.setMocks(
    {
      newResource(args) {
        all.push(args);
        return { id: `${args.name}-id`, state: { ...args.inputs, ...computed(args) } };
      },
      call: ({ token, inputs }) => {
        assert.equal(token, "gcp:organizations/getProject:getProject");
        return { ...inputs, number: PROJECT.number };
      },
    },
    "program",
    "stack",
    false,
  );
});
beforeEach(() => void all.splice(0));

/** What Google computes. */
function computed({ type, name, inputs }: runtime.MockResourceArgs): object {
  if (type === "gcp:serviceaccount/account:Account") {
    const email = `${inputs.accountId}@${inputs.project}.iam.gserviceaccount.com`;
    return { email, name: `projects/${inputs.project}/serviceAccounts/${email}` };
  }
  return type === "gcp:projects/iAMCustomRole:IAMCustomRole" ? { name: `custom:${name}` } : {};
}

const ofType = (type: string) => all.filter((resource) => resource.type === type);

function only(type: string): runtime.MockResourceArgs["inputs"] {
  const found = ofType(type);
  assert.equal(found.length, 1, `${type}: ${all.map((each) => `${each.type} ${each.name}`).join(", ")}`);
  return found[0]?.inputs;
}

function store(args: Partial<GcpSecretStoreArgs> = {}): GcpSecretStore {
  return new GcpSecretStore("prod-reader", { namespace: "team-a", project: PROJECT.id, ...args });
}

function reading(through: GcpSecretStore, spec: ExternalSecretSpecArgs): ExternalSecret {
  return new ExternalSecret("app", { metadata: { name: "app" }, store: through, spec });
}

/** The store is registered after all that it needs. */
const registered = (through: GcpSecretStore) => settled(through.store.urn);

const keys = (...names: string[]) => ({
  data: names.map((key, index) => ({ secretKey: `k${index}`, remoteRef: { key } })),
});
const access = (secret: string, location?: string): GoogleRequest => ({
  permission: "secretmanager.versions.access",
  secret,
  ...(location === undefined ? {} : { location }),
});
const metadata = (secret: string): GoogleRequest => ({ permission: "secretmanager.secrets.get", secret });
const list: GoogleRequest = { permission: "secretmanager.secrets.list" };
const allowed = (request: GoogleRequest, member = `serviceAccount:${EMAIL}`) => googleAllows(all, member, request);

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

test("on GKE the Kubernetes service account acts as the Google one, which its annotation names", async () => {
  const through = store({ cluster: { project: "clusters", location: "europe-west3", name: "main" } });
  await registered(through);
  const binding = only("gcp:serviceaccount/iAMMember:IAMMember");
  assert.deepEqual(
    [binding.role, binding.member, binding.serviceAccountId],
    [
      "roles/iam.workloadIdentityUser",
      "serviceAccount:clusters.svc.id.goog[team-a/prod-reader]",
      `projects/${PROJECT.id}/serviceAccounts/${EMAIL}`,
    ],
  );
  assert.deepEqual(only("kubernetes:core/v1:ServiceAccount").metadata.annotations, {
    "iam.gke.io/gcp-service-account": EMAIL,
  });
  const { spec } = only(STORE);
  assert.deepEqual(validateSecretStore({ spec }), []);
  assert.deepEqual(spec.provider.gcpsm, {
    projectID: PROJECT.id,
    auth: {
      workloadIdentity: {
        serviceAccountRef: { name: "prod-reader" },
        clusterProjectID: "clusters",
        clusterLocation: "europe-west3",
        clusterName: "main",
      },
    },
  });
});

test("without a Google service account the Kubernetes one is granted to itself", async () => {
  const through = store({ googleServiceAccount: false });
  reading(through, keys("db"));
  await registered(through);
  const principal = `principal://iam.googleapis.com/projects/${PROJECT.number}/locations/global/workloadIdentityPools/my-project.svc.id.goog/subject/ns/team-a/sa/prod-reader`;
  assert.equal(await settled(through.member), principal);
  assert.ok(allowed(access("db"), principal) && !allowed(access("api"), principal));
  assert.deepEqual(only("kubernetes:core/v1:ServiceAccount").metadata.annotations, {});
  assert.deepEqual(ofType("gcp:serviceaccount/account:Account"), []);
});

test("any cluster logs in by federation, with and without a Google service account", async () => {
  const federationProvider = "projects/9/locations/global/workloadIdentityPools/pool/providers/cluster";
  const principal =
    "principal://iam.googleapis.com/projects/9/locations/global/workloadIdentityPools/pool/subject/system:serviceaccount:team-a:prod-reader";
  const audience = `//iam.googleapis.com/${federationProvider}`;
  const through = store({ federationProvider });
  await registered(through);
  assert.equal(only("gcp:serviceaccount/iAMMember:IAMMember").member, principal);
  const { spec } = only(STORE);
  assert.deepEqual(validateSecretStore({ spec }), []);
  assert.deepEqual(spec.provider.gcpsm.auth, {
    workloadIdentityFederation: { audience, serviceAccountRef: { name: "prod-reader" }, gcpServiceAccountEmail: EMAIL },
  });
  const direct = store({ federationProvider, googleServiceAccount: false });
  await registered(direct);
  assert.equal(await settled(direct.member), principal);
  assert.throws(() => store({ federationProvider, cluster: {} }), {
    message: /either cluster .* or federationProvider/,
  });
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
