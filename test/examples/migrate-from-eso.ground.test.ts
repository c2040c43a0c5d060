/** The example `migrate-from-eso`, run on a cluster as ESO leaves it. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { apply, installCrds, objectAt, ownPath, readyCondition, secretPath } from "../e2e/cluster-objects.ts";
import { finishAsEso, writeSecretAsEso } from "../e2e/made-by-eso.ts";
import { waitUntil } from "../ground/index.ts";
import { type ExampleGround, startExampleGround } from "./example-ground.ts";
import { type ExampleProgram, openExample } from "./example-program.ts";
import { secretValues } from "./seen-in-cluster.ts";

const NAME = "database-credentials";
const NAMESPACE = "my-app";
const VALUES = { password: "from before", username: "app" };

/** The manifests that were applied in ESO's time; `unknown` is one that the program does not declare. */
function manifests(vaultServer: string): string {
  const group = { apiVersion: "external-secrets.io/v1beta1" };
  const auth = { tokenSecretRef: { name: "vault-token", key: "token" } };
  const provider = { vault: { server: vaultServer, path: "secret", version: "v2", auth } };
  const externalSecret = (name: string) => ({
    ...group,
    kind: "ExternalSecret",
    metadata: { name, namespace: NAMESPACE },
    spec: {
      refreshInterval: "1m",
      secretStoreRef: { kind: "SecretStore", name: "vault" },
      dataFrom: [{ extract: { key: `my-app/${NAME}` } }],
    },
  });
  const store = {
    ...group,
    kind: "SecretStore",
    metadata: { name: "vault", namespace: NAMESPACE },
    spec: { provider },
  };
  const token = { apiVersion: "v1", kind: "Secret", metadata: { name: "vault-token", namespace: NAMESPACE } };
  return JSON.stringify({
    apiVersion: "v1",
    kind: "List",
    items: [
      { apiVersion: "v1", kind: "Namespace", metadata: { name: NAMESPACE } },
      { ...token, stringData: { token: "root" } },
      store,
      externalSecret(NAME),
      externalSecret("undeclared"),
    ],
  });
}

describe("the example migrate-from-eso", () => {
  let ground: ExampleGround;
  let example: ExampleProgram;
  const versions = new Map<string, string | undefined>();

  const secret = (name: string) => objectAt(ground.controlPlane, secretPath(name, NAMESPACE));

  before(async () => {
    ground = await startExampleGround();
    const { controlPlane, vault } = ground;
    await vault.write(`secret/data/my-app/${NAME}`, { data: VALUES });
    await installCrds(controlPlane);
    await apply(controlPlane, manifests(vault.address));
    for (const name of [NAME, "undeclared"]) {
      const externalSecret = await objectAt(controlPlane, ownPath("externalsecrets", name, NAMESPACE));
      assert.ok(externalSecret);
      await writeSecretAsEso(controlPlane, externalSecret, VALUES);
      await finishAsEso(controlPlane, externalSecret, 3_600_000);
      versions.set(name, (await secret(name))?.metadata.resourceVersion);
    }
    example = await openExample("migrate-from-eso", {
      env: { KUBECONFIG: controlPlane.kubeconfigPath },
      config: { image: "example/external-secrets", vaultServer: vault.address },
    });
  });
  after(async () => {
    await example?.[Symbol.asyncDispose]();
    await ground?.stop();
  });

  test("adopts CRDs, store and ExternalSecret, and writes no Secret", async () => {
    await example.pulumi.up();
    for (const name of [NAME, "undeclared"]) {
      await readyCondition(
        ground.controlPlane,
        ownPath("externalsecrets", name, NAMESPACE),
        ({ status }) => status === "True",
      );
      assert.equal((await secret(name))?.metadata.resourceVersion, versions.get(name), name);
    }
    await example.pulumi.up({ args: ["--expect-no-changes"] });
  });

  test("brings a change of the backend into the Secret that ESO made", async () => {
    await ground.vault.write(`secret/data/my-app/${NAME}`, { data: { ...VALUES, password: "new" } });
    const annotation = `force-sync=${Date.now()}`;
    await ground.controlPlane.kubectl(["annotate", "externalsecret", NAME, annotation, "--namespace", NAMESPACE]);
    const isNew = async () => (await secretValues(ground.controlPlane, NAMESPACE, NAME))?.password === "new";
    await waitUntil("the new password", isNew, { timeoutMs: 30_000 });
  });

  test("refuses Helm's deletion of the CRDs, so that no Secret is lost", async () => {
    const { controlPlane } = ground;
    await assert.rejects(controlPlane.kubectl(["delete", "crd", "externalsecrets.external-secrets.io"]), /release/);
    assert.ok(await secret(NAME));
  });
});
