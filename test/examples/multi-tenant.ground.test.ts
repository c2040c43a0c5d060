/** The example `multi-tenant`, run: each team gets its own secrets and what all share, and no other's. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { apply, ownPath, readyCondition } from "../e2e/cluster-objects.ts";
import { type ExampleGround, startExampleGround } from "./example-ground.ts";
import { type ExampleProgram, openExample } from "./example-program.ts";
import { controllerMay, secretValues } from "./seen-in-cluster.ts";

const TEAMS = ["blue", "green"];

describe("the example multi-tenant", () => {
  let ground: ExampleGround;
  let example: ExampleProgram;

  before(async () => {
    ground = await startExampleGround();
    const { vault } = ground;
    for (const team of [...TEAMS, "shared"]) {
      await vault.write(`sys/policies/acl/${team}`, {
        policy: `path "secret/data/${team}/*" { capabilities = ["read"] }`,
      });
      await vault.write(`auth/kubernetes/role/${team}`, {
        bound_service_account_names: "vault-reader",
        bound_service_account_namespaces: team === "shared" ? TEAMS.join(",") : team,
        audience: "vault",
        token_policies: team,
      });
    }
    for (const team of TEAMS) await vault.write(`secret/data/${team}/database`, { data: { password: `of ${team}` } });
    await vault.write("secret/data/shared/registry", { data: { token: "for all" } });
    example = await openExample("multi-tenant", {
      env: { KUBECONFIG: ground.controlPlane.kubeconfigPath },
      config: { image: "example/external-secrets", vaultServer: vault.address, teams: JSON.stringify(TEAMS) },
    });
  });
  after(async () => {
    await example?.[Symbol.asyncDispose]();
    await ground?.stop();
  });

  test("gives each team its own secret and the shared one", async () => {
    await example.pulumi.up();
    for (const team of TEAMS) {
      assert.deepEqual(await secretValues(ground.controlPlane, team, "database"), { password: `of ${team}` });
      assert.deepEqual(await secretValues(ground.controlPlane, team, "registry"), { token: "for all" });
    }
    await example.pulumi.up({ args: ["--expect-no-changes"] });
  });

  test("refuses a team that asks for another team's secret, by Vault's own word", async () => {
    const spec = {
      secretStoreRef: { name: "vault" },
      data: [{ secretKey: "password", remoteRef: { key: "green/database", property: "password" } }],
    };
    const metadata = { name: "stolen", namespace: "blue" };
    const manifest = { apiVersion: "external-secrets.io/v1", kind: "ExternalSecret", metadata, spec };
    await apply(ground.controlPlane, JSON.stringify(manifest));
    const path = ownPath("externalsecrets", "stolen", "blue");
    const { message = "" } = await readyCondition(ground.controlPlane, path, ({ status }) => status === "False");
    assert.match(message, /green\/database/);
  });

  test("gives the controller no right on Secrets or tokens outside of the teams' namespaces", async () => {
    const { controlPlane } = ground;
    const secrets = { verb: "get", resource: "secrets" };
    const token = { verb: "create", resource: "serviceaccounts", subresource: "token" };
    assert.equal(await controllerMay(controlPlane, { ...secrets, namespace: "blue" }), true);
    assert.equal(await controllerMay(controlPlane, { ...secrets, namespace: "kube-system" }), false);
    assert.equal(await controllerMay(controlPlane, { ...token, namespace: "blue", name: "vault-reader" }), true);
    assert.equal(await controllerMay(controlPlane, { ...token, namespace: "blue", name: "default" }), false);
    assert.equal(await controllerMay(controlPlane, { ...token, namespace: "default", name: "vault-reader" }), false);
  });

  test("keeps every value out of the state and of what is printed", async () => {
    const seen = JSON.stringify(await example.pulumi.exportStack()) + example.output() + (await ground.pods.output());
    for (const value of ["of blue", "of green", "for all"]) {
      assert.ok(!seen.includes(value) && !seen.includes(Buffer.from(value).toString("base64")), value);
    }
  });

  test("destroys what it made, and leaves the CRDs", async () => {
    await example.pulumi.destroy();
    const { stdout } = await ground.controlPlane.kubectl(["get", "namespaces,crds", "--output", "name"]);
    assert.doesNotMatch(stdout, /namespace\/(blue|green|external-secrets)/);
    assert.match(stdout, /externalsecrets\.external-secrets\.io/);
  });
});
