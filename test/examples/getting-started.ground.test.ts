/** The program of the page "Getting started", with the address of a Vault: previewed, run, and asked again after a change in Vault. */
import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { waitUntil } from "../ground/index.ts";
import { type ExampleGround, startExampleGround } from "./example-ground.ts";
import { type ExampleProgram, openExample } from "./example-program.ts";
import { secretValues } from "./seen-in-cluster.ts";

const KEY = "my-app/database-credentials";

describe("the example getting-started", () => {
  let ground: ExampleGround;
  let example: ExampleProgram;

  const values = () => secretValues(ground.controlPlane, "default", "database-credentials");

  before(async () => {
    ground = await startExampleGround();
    const { vault, controlPlane } = ground;
    await vault.write(`secret/data/${KEY}`, { data: { username: "app", password: "first" } });
    await vault.write("sys/policies/acl/my-app", {
      policy: `path "secret/data/${KEY}" { capabilities = ["read"] }`,
    });
    await vault.write("auth/kubernetes/role/my-app", {
      bound_service_account_names: "my-app",
      bound_service_account_namespaces: "default",
      audience: "vault",
      token_policies: "my-app",
    });
    example = await openExample("getting-started", { env: { KUBECONFIG: controlPlane.kubeconfigPath } });
    const program = join(example.folder, "index.ts");
    const text = await readFile(program, "utf8");
    await writeFile(program, text.replace("https://vault.example.com:8200", vault.address));
  });
  after(async () => {
    await example?.[Symbol.asyncDispose]();
    await ground?.stop();
  });

  test("previews everything on an empty cluster, CRDs not there yet", async () => {
    const { stdout } = await example.pulumi.preview();
    for (const expected of [/ExternalSecretsOperator/, /SecretStore vault/, /ExternalSecret database-credentials/]) {
      assert.match(stdout, expected);
    }
  });

  test("makes the Secret, and finds nothing to do then", async () => {
    await example.pulumi.up();
    assert.deepEqual(await values(), { username: "app", password: "first" });
    await example.pulumi.up({ args: ["--expect-no-changes"] });
  });

  test("rolls the Deployment in the up after a change in Vault", async () => {
    await ground.vault.write(`secret/data/${KEY}`, { data: { username: "app", password: "second" } });
    const { kubectl } = ground.controlPlane;
    await kubectl(["annotate", "externalsecret", "database-credentials", "external-secrets.io/force-sync=1"]);
    await waitUntil("the new password", async () => (await values())?.password === "second");
    const { stdout } = await example.pulumi.up();
    assert.match(stdout, /Deployment my-app update/);
    await example.pulumi.destroy();
  });
});
