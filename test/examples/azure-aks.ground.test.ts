/** The example `azure-aks`, run: the emulated vault lets in whom the program's identity admits, and allows what its role assignments do. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { SECRETS_USER, VAULT_READER } from "../../components/azure/key-vault-grants.ts";
import { apply, ownPath, readyCondition } from "../e2e/cluster-objects.ts";
import { clusterIssuer } from "../ground/cluster-issuer.ts";
import { type ControlPlane, startControlPlane, waitUntil } from "../ground/index.ts";
import { type ControllerPods, runControllerPods } from "./controller-pods.ts";
import { type ExampleProgram, openExample } from "./example-program.ts";
import { type RegisteredAzure, startRegisteredAzure, VAULT_ID } from "./registered-azure.ts";
import { podTemplateAnnotations, secretValues } from "./seen-in-cluster.ts";

const reads = (name: string) => `${SECRETS_USER.id} /secrets/${name}`;
const ALWAYS = [reads("shop-database"), reads("shop-settings")];
const FOR_API_KEYS = [reads("shop-key-mail"), reads("shop-key-payment"), `${VAULT_READER.id} `];
const VALUES = ["first password", "second password", "log level", "mail key", "payment key", "nobody asked"];

describe("the example azure-aks", () => {
  let controlPlane: ControlPlane;
  let azure: RegisteredAzure;
  let pods: ControllerPods;
  let example: ExampleProgram;

  const valuesOf = (name: string) => secretValues(controlPlane, "shop", name);
  const putDatabase = (password: string) =>
    azure.emulator.tables.secrets.add("shop-database", { value: JSON.stringify({ username: "shop", password }) }, {});

  before(async () => {
    controlPlane = await startControlPlane();
    const issued = await clusterIssuer(controlPlane);
    azure = await startRegisteredAzure(issued);
    pods = await runControllerPods(controlPlane, azure.env);
    const { secrets } = azure.emulator.tables;
    putDatabase("first password");
    secrets.add("shop-settings", { value: '{"LOG_LEVEL":"log level"}' }, {});
    secrets.add("shop-key-mail", { value: "mail key" }, {});
    secrets.add("shop-key-payment", { value: "payment key" }, {});
    secrets.add("shop-key-other", { value: "nobody asked" }, {});
    example = await openExample("azure-aks", {
      env: { KUBECONFIG: controlPlane.kubeconfigPath, ...azure.registry.env },
      config: {
        image: "example/external-secrets",
        applicationImage: "example/shop",
        oidcIssuerUrl: issued.issuer,
        vaultId: VAULT_ID,
      },
    });
  });
  after(async () => {
    await example?.[Symbol.asyncDispose]();
    await pods?.stop();
    await Promise.all([azure?.stop(), controlPlane?.stop()]);
  });

  test("previews the whole program before anything is there, and makes nothing", async () => {
    const { stdout } = await example.pulumi.preview();
    assert.match(stdout, /FederatedIdentityCredential/);
    assert.match(stdout, /shop-vault-secrets-shop-database/);
    assert.deepEqual(azure.registry.resources(), []);
  });

  test("reads the vault as the identity that it makes, by the roles that it assigns, in one up", async () => {
    await example.pulumi.up();
    assert.deepEqual(await valuesOf("database"), { username: "shop", password: "first password" });
    assert.deepEqual(await valuesOf("settings"), { LOG_LEVEL: "log level" });
    assert.deepEqual(await valuesOf("api-keys"), { mail: "mail key", payment: "payment key" });
    assert.deepEqual(azure.assignments(), [...ALWAYS, ...FOR_API_KEYS].toSorted());
    const { unusedGrants, missingGrants, grantWarnings } = await example.pulumi.outputs();
    assert.deepEqual([unusedGrants, missingGrants, grantWarnings], [[], [], []]);
  });

  test("has nothing to change afterwards, and sees no difference in the cluster", async () => {
    await example.pulumi.up({ args: ["--expect-no-changes"] });
    await example.pulumi.refresh({ args: ["--expect-no-changes"] });
  });

  test("a secret beside those that the program reads is refused by the vault", async () => {
    const spec = { secretStoreRef: { name: "key-vault" }, dataFrom: [{ extract: { key: "shop-key-other" } }] };
    const metadata = { name: "beside", namespace: "shop" };
    await apply(
      controlPlane,
      JSON.stringify({ apiVersion: "external-secrets.io/v1", kind: "ExternalSecret", metadata, spec }),
    );
    const path = ownPath("externalsecrets", "beside", "shop");
    const { message = "" } = await readyCondition(controlPlane, path, ({ status }) => status === "False");
    assert.match(message, /shop-key-other/);
    assert.match(message, /Key Vault Secrets User/);
    await controlPlane.kubectl(["delete", "externalsecret", "beside", "--namespace", "shop"]);
  });

  test("a change in the vault reaches the Secret, with no up", async () => {
    putDatabase("second password");
    await controlPlane.kubectl(["annotate", "externalsecret", "database", "force-sync=1", "--namespace", "shop"]);
    await waitUntil("the new password", async () => (await valuesOf("database"))?.password === "second password");
  });

  test("the next up rolls the Deployment, and an ExternalSecret less takes its grants with it", async () => {
    const earlier = await podTemplateAnnotations(controlPlane, "shop", "shop");
    await example.pulumi.configSet("readsApiKeys", "false");
    await example.pulumi.up();
    const later = await podTemplateAnnotations(controlPlane, "shop", "shop");
    const isKept = (name: string) =>
      later[`content.external-secrets.io/${name}`] === earlier[`content.external-secrets.io/${name}`];
    assert.deepEqual(["settings", "database", "api-keys"].map(isKept), [true, false, false]);
    assert.deepEqual(azure.assignments(), ALWAYS);
    await waitUntil("the end of the Secret", async () => (await valuesOf("api-keys")) === undefined);
  });

  test("no value is in the state, in what is printed, or in the controller's log", async () => {
    const seen = JSON.stringify(await example.pulumi.exportStack()) + example.output() + (await pods.output());
    for (const value of VALUES) {
      assert.ok(!seen.includes(value) && !seen.includes(Buffer.from(value).toString("base64")), value);
    }
  });

  test("destroys all that it made, in the cluster and in Azure", async () => {
    await example.pulumi.destroy();
    assert.deepEqual(azure.registry.resources(), []);
    const { stdout } = await controlPlane.kubectl(["get", "namespaces", "--output", "name"]);
    assert.doesNotMatch(stdout, /namespace\/(shop|external-secrets)/);
  });
});
