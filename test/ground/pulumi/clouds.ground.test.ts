/** A program of cloud resources through the real engine, with stand-ins for the clouds and a real Vault. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { startVault, type Vault } from "../vault.ts";
import { openPulumi, type Pulumi } from "./pulumi-cli.ts";

const PROGRAM = fileURLToPath(new URL("./programs/clouds", import.meta.url));

describe("a program with resources of each cloud", () => {
  let vault: Vault;
  let pulumi: Pulumi;

  before(async () => {
    vault = await startVault();
    const env = { VAULT_ADDR: vault.address, VAULT_TOKEN: vault.token };
    pulumi = await openPulumi({ folder: PROGRAM, env });
    await pulumi.stackInit();
  });
  after(async () => {
    await pulumi?.close();
    await vault?.stop();
  });

  const policyInVault = async () => {
    const response = await fetch(`${vault.address}/v1/sys/policies/acl/reader`, {
      headers: { "X-Vault-Token": vault.token },
      signal: AbortSignal.timeout(10_000),
    });
    return { status: response.status, text: await response.text() };
  };

  test("previews outputs that the clouds compute as not known yet, and gives them after up", async () => {
    const { stdout } = await pulumi.preview();
    assert.match(stdout, /7 to create/);
    await pulumi.up();
    const { roleArn, clientId, email } = await pulumi.outputs();
    assert.match(String(roleArn), /^arn:aws:iam::\d{12}:role\/reader-[0-9a-f]{7}$/);
    assert.match(String(clientId), /^[0-9a-f-]{36}$/);
    assert.equal(email, "reader@example-project.iam.gserviceaccount.com");
  });

  test("finds nothing to do in a second up and in a refresh", async () => {
    await pulumi.up({ args: ["--expect-no-changes"] });
    await pulumi.refresh({ args: ["--expect-no-changes"] });
  });

  test("writes policies to the real Vault, changes them and takes them away", async () => {
    assert.match((await policyInVault()).text, /secret\/data\/first/);
    await pulumi.configSet("secretName", "second");
    const { stdout } = await pulumi.up();
    assert.match(stdout, /~ 2 updated/);
    assert.match((await policyInVault()).text, /secret\/data\/second/);
    await pulumi.destroy();
    assert.equal((await policyInVault()).status, 404);
  });
});
