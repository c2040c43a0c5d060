/** The example `controller-less`, run: nothing is in the cluster but an API server. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { type ControlPlane, startControlPlane, startVault, type Vault } from "../ground/index.ts";
import { type ExampleProgram, openExample } from "./example-program.ts";
import { secretValues } from "./seen-in-cluster.ts";

describe("the example controller-less", () => {
  let controlPlane: ControlPlane;
  let vault: Vault;
  let example: ExampleProgram;

  const valuesOf = (name: string) => secretValues(controlPlane, "my-app", name);

  before(async () => {
    controlPlane = await startControlPlane({ controllerManager: false });
    vault = await startVault();
    await controlPlane.kubectl(["create", "namespace", "my-app"]);
    await vault.write("secret/data/my-app/database", { data: { username: "app", password: "first-canary" } });
    example = await openExample("controller-less", {
      env: { KUBECONFIG: controlPlane.kubeconfigPath },
      config: { namespace: "my-app", vaultServer: vault.address },
      secrets: { vaultToken: vault.token },
    });
  });
  after(async () => {
    await example?.[Symbol.asyncDispose]();
    await vault?.stop();
    await controlPlane?.stop();
  });

  test("previews both Secrets, makes them, and finds nothing to do then", async () => {
    assert.match((await example.pulumi.preview()).stdout, /to create/);
    await example.pulumi.up();
    assert.deepEqual(await valuesOf("database"), { username: "app", password: "first-canary" });
    assert.deepEqual(await valuesOf("settings"), { "settings.ini": "[database]\npassword = first-canary\n" });
    await example.pulumi.up({ args: ["--expect-no-changes"] });
    await example.pulumi.refresh({ args: ["--expect-no-changes"] });
  });

  test("writes what has changed in Vault, and shows no value", async () => {
    await vault.write("secret/data/my-app/database", { data: { username: "app", password: "second-canary" } });
    await example.pulumi.preview({ args: ["--diff"] });
    await example.pulumi.up();
    assert.equal((await valuesOf("database"))?.password, "second-canary");
    const seen = JSON.stringify(await example.pulumi.exportStack()) + example.output();
    for (const value of ["first-canary", "second-canary"]) assert.ok(!seen.includes(value), value);
  });

  test("deletes the Secrets when it is destroyed", async () => {
    await example.pulumi.destroy();
    assert.equal(await valuesOf("database"), undefined);
  });
});
