import assert from "node:assert/strict";
import { before, beforeEach, test } from "node:test";
import { validateSecretStore } from "../../../api/validate-secret-store.ts";
import { settled } from "../recorded-resources.ts";
import { PROJECT } from "./google-access.ts";
import {
  access,
  all,
  allowed,
  EMAIL,
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
