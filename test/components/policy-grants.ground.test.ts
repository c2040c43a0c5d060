/** Stores of AWS and Vault through the real engine, with stand-ins for the clouds: the policies follow in one `up`. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { installCrds } from "../e2e/cluster-objects.ts";
import { type ControlPlane, startControlPlane } from "../ground/index.ts";
import { openPulumi, type Pulumi } from "../ground/pulumi/index.ts";
import { isAllowed } from "./aws/iam-evaluator.ts";
import { isPermitted } from "./vault/policy-evaluator.ts";

const PROGRAM = fileURLToPath(new URL("./programs/policy-grants", import.meta.url));

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

/** Of each key, whether both clouds let it be read. @throws where they differ. */
async function readable(...keys: readonly string[]): Promise<readonly boolean[]> {
  const { awsPolicies, vaultPolicy } = await pulumi.outputs();
  return keys.map((key) => {
    const resource = `arn:aws:secretsmanager:eu-central-1:123456789012:secret:${key}-Ab12Cd`;
    const byAws = isAllowed(awsPolicies as string[], { action: "secretsmanager:GetSecretValue", resource });
    assert.equal(isPermitted(String(vaultPolicy), "read", `secret/data/${key}`), byAws, key);
    return byAws;
  });
}

test("a preview shows roles and policies, and up makes them before the stores", async () => {
  await pulumi.configSet("keys", JSON.stringify(["prod/db", "prod/api"]));
  assert.match((await pulumi.preview()).stdout, /RolePolicy aws create/);
  const { stdout } = await pulumi.up();
  assert.deepEqual(await readable("prod/db", "prod/api", "prod/cache"), [true, true, false]);
  const at = (line: string) => {
    assert.ok(stdout.includes(line), line);
    return stdout.indexOf(line);
  };
  assert.ok(at("RolePolicy aws created") < at("v1:SecretStore aws creating"));
  assert.ok(at("Policy vault created") < at("v1:SecretStore vault creating"));
});

test("a second up and a refresh find nothing to do", async () => {
  await pulumi.up({ args: ["--expect-no-changes"] });
  await pulumi.refresh({ args: ["--expect-no-changes"] });
});

test("the policies grow and shrink with the ExternalSecrets in the same up, and nothing is replaced", async () => {
  await pulumi.configSet("keys", JSON.stringify(["prod/api", "prod/cache"]));
  const { stdout } = await pulumi.up();
  assert.doesNotMatch(stdout, /replaced|created|deleted/);
  assert.deepEqual(await readable("prod/db", "prod/api", "prod/cache"), [false, true, true]);
  await pulumi.up({ args: ["--expect-no-changes"] });
});

test("a program that never closes its explicit grants fails with the remedy", async () => {
  await pulumi.configSet("close", "explicit");
  const { code, stdout, stderr } = await pulumi.run(["preview"]);
  assert.notEqual(code, 0);
  assert.match(stdout + stderr, /VaultStore "vault" .* closeGrants\(\) was never called/);
});
