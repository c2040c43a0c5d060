/** The example `vault`, run: a real Vault enforces the policy that the program registers. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { waitUntil } from "../ground/index.ts";
import { type ExampleGround, startExampleGround } from "./example-ground.ts";
import { type ExampleProgram, openExample } from "./example-program.ts";
import { controllerMay, secretValues } from "./seen-in-cluster.ts";

describe("the example vault", () => {
  let ground: ExampleGround;
  let example: ExampleProgram;

  const policy = async () => String((await example.pulumi.outputs()).vaultPolicy);
  const valuesOf = (name: string) => secretValues(ground.controlPlane, "my-app", name);

  before(async () => {
    ground = await startExampleGround();
    const { vault, controlPlane } = ground;
    await vault.write("secret/data/my-app/database", { data: { password: "first" } });
    await vault.write("secret/data/my-app/api-mail", { data: { key: "mail key" } });
    await vault.write("secret/data/my-app/other", { data: { key: "nobody asked" } });
    example = await openExample("vault", {
      env: { KUBECONFIG: controlPlane.kubeconfigPath, VAULT_ADDR: vault.address, VAULT_TOKEN: vault.token },
      config: { image: "example/external-secrets", vaultServer: vault.address },
    });
  });
  after(async () => {
    await example?.[Symbol.asyncDispose]();
    await ground?.stop();
  });

  test("previews the whole program while neither the CRDs nor the namespace are there", async () => {
    const { stdout } = await example.pulumi.preview();
    assert.match(stdout, /database/);
    assert.match(stdout, /to create/);
  });

  test("reads by a role whose policy names the one secret that is read", async () => {
    await example.pulumi.up();
    assert.deepEqual(await valuesOf("database"), { password: "first" });
    assert.equal(await policy(), 'path "secret/data/my-app/database" {\n  capabilities = ["read"]\n}\n');
    await example.pulumi.up({ args: ["--expect-no-changes"] });
    await example.pulumi.refresh({ args: ["--expect-no-changes"] });
  });

  test("may create tokens of the store's service account, and of no other", async () => {
    const token = { verb: "create", resource: "serviceaccounts", subresource: "token", namespace: "my-app" };
    assert.equal(await controllerMay(ground.controlPlane, { ...token, name: "my-app" }), true);
    assert.equal(await controllerMay(ground.controlPlane, { ...token, name: "default" }), false);
  });

  test("grows the policy with one more ExternalSecret, in the same up", async () => {
    await example.pulumi.configSet("readsApiKeys", "true");
    await example.pulumi.up();
    assert.deepEqual(await valuesOf("api-keys"), { "api-mail": '{"key":"mail key"}' });
    const text = await policy();
    assert.match(text, /path "secret\/data\/my-app\/api-\*"/);
    assert.doesNotMatch(text, /my-app\/other/);
  });

  test("shrinks it again when that is gone", async () => {
    await example.pulumi.configSet("readsApiKeys", "false");
    await example.pulumi.up();
    assert.doesNotMatch(await policy(), /api-/);
    await waitUntil("the end of the Secret", async () => (await valuesOf("api-keys")) === undefined);
  });

  test("brings a change of Vault into the Secret", async () => {
    await ground.vault.write("secret/data/my-app/database", { data: { password: "second" } });
    const { kubectl } = ground.controlPlane;
    await kubectl(["annotate", "externalsecret", "database", "force-sync=1", "--namespace", "my-app"]);
    await waitUntil("the new password", async () => (await valuesOf("database"))?.password === "second");
  });

  test("keeps every value out of the state, of what is printed and of the controller's log", async () => {
    const seen = JSON.stringify(await example.pulumi.exportStack()) + example.output() + (await ground.pods.output());
    for (const value of ["first", "second", "mail key", "nobody asked"]) {
      assert.ok(!seen.includes(`"${value}"`) && !seen.includes(Buffer.from(value).toString("base64")), value);
    }
  });

  test("takes the policy and the role away when it is destroyed", async () => {
    await example.pulumi.destroy();
    const { status } = await ground.vault.request({ path: "sys/policies/acl/my-app" });
    assert.equal(status, 404);
  });
});
