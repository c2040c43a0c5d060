/** Stores of Azure and Google through the real engine, with stand-ins for the clouds: grants come and go in one `up`. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { installCrds } from "../e2e/cluster-objects.ts";
import { type ControlPlane, startControlPlane } from "../ground/index.ts";
import { openPulumi, type Pulumi } from "../ground/pulumi/index.ts";

const PROGRAM = fileURLToPath(new URL("./programs/cloud-grants", import.meta.url));
const GRANTS = ["azure-native:authorization:RoleAssignment", "gcp:secretmanager/secretIamMember:SecretIamMember"];

let plane: ControlPlane;
let pulumi: Pulumi;
before(async () => {
  plane = await startControlPlane({ controllerManager: false });
  await installCrds(plane);
  pulumi = await openPulumi({ folder: PROGRAM, env: { KUBECONFIG: plane.kubeconfigPath } });
  await pulumi.stackInit();
});
after(async () => {
  await pulumi?.close();
  await plane?.stop();
});

async function grantsInState(): Promise<readonly string[]> {
  const { deployment } = await pulumi.exportStack();
  const granted = (deployment.resources ?? []).filter(({ type }) => GRANTS.includes(type));
  return granted.map(({ urn }) => urn.split("::").at(-1) ?? "").toSorted();
}

test("a preview shows the grants, and up makes them", async () => {
  await pulumi.configSet("keys", JSON.stringify(["db", "api"]));
  const { stdout } = await pulumi.preview();
  for (const expected of [
    /RoleAssignment azure-secrets-db create/,
    /SecretIamMember google-value-api create/,
    /IAMMember google-values-found create/,
  ]) {
    assert.match(stdout, expected);
  }
  await pulumi.up();
  assert.deepEqual(await grantsInState(), [
    "azure-secrets-api",
    "azure-secrets-db",
    "google-value-api",
    "google-value-db",
  ]);
  const { azureWarnings, googleMember } = await pulumi.outputs();
  assert.deepEqual(azureWarnings, []);
  assert.equal(googleMember, "serviceAccount:google@example-project.iam.gserviceaccount.com");
});

test("a second up and a refresh find nothing to do", async () => {
  await pulumi.up({ args: ["--expect-no-changes"] });
  await pulumi.refresh({ args: ["--expect-no-changes"] });
});

test("an ExternalSecret that reads something else changes the grants in the same up, and nothing is replaced", async () => {
  await pulumi.configSet("keys", JSON.stringify(["api", "cache"]));
  const { stdout } = await pulumi.up();
  assert.deepEqual(await grantsInState(), [
    "azure-secrets-api",
    "azure-secrets-cache",
    "google-value-api",
    "google-value-cache",
  ]);
  assert.match(stdout, /\+ 2 created/);
  assert.match(stdout, /- 2 deleted/);
  assert.doesNotMatch(stdout, /replaced/);
  await pulumi.up({ args: ["--expect-no-changes"] });
});

test("a preview in which one key is unknown keeps the grants of all others, and up adds that one", async () => {
  await pulumi.configSet("pending", "true");
  const { stdout } = await pulumi.preview();
  assert.doesNotMatch(stdout, /delete|replace/);
  await pulumi.up();
  assert.deepEqual(await grantsInState(), [
    "azure-secrets-api",
    "azure-secrets-cache",
    "azure-secrets-of-36",
    "google-value-api",
    "google-value-cache",
    "google-value-of-36",
  ]);
  await pulumi.up({ args: ["--expect-no-changes"] });
});
