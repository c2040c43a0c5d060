/** Google Secret Manager by federation, from end to end: the controller, a real API server's tokens, and Google on loopback. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { clusterIssuer } from "../ground/cluster-issuer.ts";
import { accountOf, type GoogleEmulator, googleEnvironment, startGoogleEmulator } from "../ground/gcp/index.ts";
import { type ControlPlane, startControlPlane } from "../ground/index.ts";
import { apply, exampleManifest, installCrds, ownPath, readyCondition, secretWith } from "./cluster-objects.ts";
import { type ControllerProcess, startControllerProcess } from "./controller-process.ts";

const POOL = "//iam.googleapis.com/projects/123456789012/locations/global/workloadIdentityPools/my-pool";
const PROVIDER = `${POOL}/providers/my-cluster`;
const GKE_POOL = "my-project.svc.id.goog";
const READ = ["secretmanager.versions.access", "secretmanager.secrets.get", "secretmanager.secrets.list"];

let controlPlane: ControlPlane;
let google: GoogleEmulator;
let controller: ControllerProcess;
let aheadMs = 0;

function federated(name: string): string {
  return `principal:${POOL}/subject/system:serviceaccount:default:${name}`;
}

before(async () => {
  controlPlane = await startControlPlane();
  google = await startGoogleEmulator({
    project: "my-project",
    now: () => Date.now() + aheadMs,
    machine: { project: "my-project", clusterLocation: "europe-west3", clusterName: "main" },
  });
  const { issuer, jwks } = await clusterIssuer(controlPlane);
  // The cluster's own keys: each token is checked.
  google.addProvider({ audience: PROVIDER, oidc: { issuer, jwks } });
  const cluster = "projects/my-project/locations/europe-west3/clusters/main";
  google.addCluster({ pool: GKE_POOL, provider: `https://container.googleapis.com/v1/${cluster}`, jwks });
  const account = accountOf("my-app", "my-project");
  google.principals.createAccount(account, [
    federated("my-app-google"),
    `serviceAccount:${GKE_POOL}[default/my-app-google]`,
  ]);
  google.principals.grant(`serviceAccount:${account}`, READ);
  google.put("database-credentials", '{"password":"old"}', { labels: { team: "blue" } });
  google.put("database-credentials", '{"password":"from Google"}');
  google.put("my-app-colour", "green", { labels: { environment: "dev" } });
  google.put("my-app-size", "5", { labels: { environment: "production" } });
  google.put("my-app-region", "here", { location: "europe-west3" });
  await installCrds(controlPlane);
  controller = await startControllerProcess({
    kubeconfigPath: controlPlane.kubeconfigPath,
    env: googleEnvironment(google.endpoint),
  });
});

after(async () => {
  await controller?.stop();
  await Promise.all([controlPlane?.stop(), google?.stop()]);
});

test("Google lets in the service account that the store names, as the account of its annotation", async () => {
  await apply(controlPlane, exampleManifest("google-secret-manager/service-account.yaml"));
  await apply(controlPlane, exampleManifest("google-secret-manager/secret-store.yaml"));
  await apply(controlPlane, exampleManifest("google-secret-manager/external-secret.yaml"));
  await secretWith(controlPlane, "my-app-google", {
    password: "from Google",
    "previous-password": "old",
    team: "blue",
    "my-app-colour": "green",
  });
  await readyCondition(controlPlane, ownPath("secretstores", "google"), ({ status }) => status === "True");
});

test("GKE's workload identity lets in the same service account", async () => {
  await apply(controlPlane, exampleManifest("google-secret-manager/gke-secret-store.yaml"));
  await readyCondition(controlPlane, ownPath("secretstores", "google-gke"), ({ status }) => status === "True");
});

test("a service account's key in a Secret is used, for regional secrets", async () => {
  const key = JSON.stringify(google.accountKey("keyed", READ));
  const values = [`--from-literal=key.json=${key}`];
  await controlPlane.kubectl(["create", "secret", "generic", "google-credentials", ...values]);
  await apply(controlPlane, exampleManifest("google-secret-manager/service-account-key.yaml"));
  await readyCondition(controlPlane, ownPath("secretstores", "google-key"), ({ status }) => status === "True");
});

test("a wrong audience and a subject that may not impersonate are refused, and the store says what to do", async () => {
  await controlPlane.kubectl(["create", "serviceaccount", "stranger"]);
  const account = accountOf("my-app", "my-project");
  await controlPlane.kubectl(["annotate", "serviceaccount", "stranger", `iam.gke.io/gcp-service-account=${account}`]);
  const stores = [
    {
      name: "wrong-audience",
      reference: "name: my-app-google\n            audiences: [elsewhere]",
      expected: /invalid_grant.*audience/,
    },
    { name: "wrong-subject", reference: "name: stranger", expected: /workloadIdentityUser.*on my-app@my-project/ },
  ];
  for (const { name, reference, expected } of stores) {
    const replacements = { "name: google\n": `name: ${name}\n`, "name: my-app-google": reference };
    await apply(controlPlane, exampleManifest("google-secret-manager/secret-store.yaml", replacements));
    const path = ownPath("secretstores", name);
    const { message = "" } = await readyCondition(controlPlane, path, ({ status }) => status === "False");
    assert.match(message, expected);
  }
});

test("a token that has ended is refused, and the store speaks of the clocks", async () => {
  aheadMs = 24 * 3_600_000;
  const late = { "name: google\n": "name: late\n" };
  await apply(controlPlane, exampleManifest("google-secret-manager/secret-store.yaml", late));
  const path = ownPath("secretstores", "late");
  const { message = "" } = await readyCondition(controlPlane, path, ({ status }) => status === "False");
  assert.match(message, /Security Token Service refuses .*serviceAccountRef.*invalid_grant.*clocks/);
});
