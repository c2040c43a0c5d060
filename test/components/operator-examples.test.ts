/** The programs of the operator's page, as they are, under Pulumi's mocks. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { registerHooks } from "node:module";
import { join } from "node:path";
import { before, beforeEach, test } from "node:test";
import { pathToFileURL } from "node:url";
import { runtime } from "@pulumi/pulumi";
import { projectFolder } from "../../scripts/run-step.ts";
import { type OperatorFixture, operatorFixture } from "./installed-operator.ts";
import { settled } from "./recorded-resources.ts";

const SOURCES = pathToFileURL(join(projectFolder, "components/index.ts")).href;

let it: OperatorFixture;
before(async () => {
  // From the sources, which need no build.
  registerHooks({
    resolve: (specifier, context, next) => next(specifier === "pulumi-external-secrets" ? SOURCES : specifier, context),
  });
  const config = ["image", "vaultServer", "imageDigest", "roleArn", "registry", "user", "password"];
  runtime.setAllConfig(Object.fromEntries(config.map((key) => [`project:${key}`, `https://${key}.test`])));
  it = await operatorFixture();
});
beforeEach(() => it.resources.clear());

test("the operator of the declared scope has a Role for its store alone", async () => {
  const { store } = await import("../../examples/operator/declared-scope.ts");
  await settled(store.urn);
  assert.deepEqual(it.namesOf("Role"), ["external-secrets-store-vault"]);
  assert.deepEqual(it.namesOf("ClusterRole"), []);
});

test("the operator for production has all around it that its program describes", async () => {
  const { operator } = await import("../../examples/operator/production.ts");
  await settled(operator.deploymentName);
  const types = it.resources.all.map(({ type }) => type.split(":").at(-1));
  for (const type of ["PodDisruptionBudget", "NetworkPolicy", "ServiceMonitor", "PrometheusRule", "ConfigMap"]) {
    assert.ok(types.includes(type), type);
  }
});

test("the operator that builds its image registers the build", async (context) => {
  if (!existsSync(join(projectFolder, "dist/bin/external-secrets.mjs"))) {
    context.diagnostic("without a build of the package there is nothing to put into an image");
    await assert.rejects(import("../../examples/operator/image-build.ts"), /install the package again/);
    return;
  }
  await import("../../examples/operator/image-build.ts");
  // When all that the program declared is registered.
  await runtime.disconnect();
  assert.equal(it.resources.ofType("docker-build:index:Image").length, 1);
});
