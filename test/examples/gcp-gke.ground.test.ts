/** The example `gcp-gke`, run: the emulated Google lets in whom the program's account admits, and allows what its bindings do. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { ACCESSOR } from "../../components/gcp/secret-grants.ts";
import { apply, ownPath, readyCondition } from "../e2e/cluster-objects.ts";
import { clusterIssuer } from "../ground/cluster-issuer.ts";
import { type ControlPlane, startControlPlane, waitUntil } from "../ground/index.ts";
import { type ControllerPods, runControllerPods } from "./controller-pods.ts";
import { type ExampleProgram, openExample } from "./example-program.ts";
import { CLUSTER, GOOGLE_PROJECT, type RegisteredGoogle, startRegisteredGoogle } from "./registered-google.ts";
import { podTemplateAnnotations, secretValues } from "./seen-in-cluster.ts";

const ALWAYS = [`${ACCESSOR} shop-database`, `${ACCESSOR} shop-settings`];
const BEGINS_SO = `resource.name.startsWith("projects/${GOOGLE_PROJECT.number}/secrets/shop-key-")`;
const VALUES = ["first password", "second password", "log level", "mail key", "payment key", "nobody asked"];

describe("the example gcp-gke", () => {
  let controlPlane: ControlPlane;
  let google: RegisteredGoogle;
  let pods: ControllerPods;
  let example: ExampleProgram;

  const valuesOf = (name: string) => secretValues(controlPlane, "shop", name);
  const putDatabase = (password: string) =>
    google.emulator.put("shop-database", JSON.stringify({ username: "shop", password }));

  before(async () => {
    controlPlane = await startControlPlane();
    google = await startRegisteredGoogle(await clusterIssuer(controlPlane));
    pods = await runControllerPods(controlPlane, google.env);
    putDatabase("first password");
    google.emulator.put("shop-settings", '{"LOG_LEVEL":"log level"}');
    google.emulator.put("shop-key-mail", "mail key");
    google.emulator.put("shop-key-payment", "payment key");
    google.emulator.put("shop-other", "nobody asked");
    example = await openExample("gcp-gke", {
      env: { KUBECONFIG: controlPlane.kubeconfigPath, ...google.registry.env },
      config: {
        image: "example/external-secrets",
        applicationImage: "example/shop",
        project: GOOGLE_PROJECT.id,
        clusterLocation: CLUSTER.location,
        clusterName: CLUSTER.name,
      },
    });
  });
  after(async () => {
    await example?.[Symbol.asyncDispose]();
    await pods?.stop();
    await Promise.all([google?.stop(), controlPlane?.stop()]);
  });

  test("previews the whole program before anything is there, and makes nothing", async () => {
    const { stdout } = await example.pulumi.preview();
    assert.match(stdout, /serviceaccount:IAMMember/i);
    assert.match(stdout, /shop-secrets-value-shop-database/);
    assert.deepEqual(google.registry.resources(), []);
  });

  test("reads Secret Manager as the account that it makes, by the roles that it binds, in one up", async () => {
    await example.pulumi.up();
    assert.deepEqual(await valuesOf("database"), { username: "shop", password: "first password" });
    assert.deepEqual(await valuesOf("settings"), { LOG_LEVEL: "log level" });
    assert.deepEqual(await valuesOf("api-keys"), { mail: "mail key", payment: "payment key" });
    const [list = "", ...others] = google.bindings();
    assert.match(list, new RegExp(`^projects/${GOOGLE_PROJECT.id}/roles/externalSecretsList_\\w+ always$`));
    assert.deepEqual(others, [`${ACCESSOR} ${BEGINS_SO}`, ...ALWAYS]);
    const { unusedGrants, missingGrants, grantWarnings } = await example.pulumi.outputs();
    assert.deepEqual([unusedGrants, missingGrants, grantWarnings], [[], [], []]);
  });

  test("has nothing to change afterwards, and sees no difference in the cluster", async () => {
    await example.pulumi.up({ args: ["--expect-no-changes"] });
    await example.pulumi.refresh({ args: ["--expect-no-changes"] });
  });

  test("a secret beside those that the program reads is refused by Google", async () => {
    const spec = { secretStoreRef: { name: "secret-manager" }, dataFrom: [{ extract: { key: "shop-other" } }] };
    const metadata = { name: "beside", namespace: "shop" };
    await apply(
      controlPlane,
      JSON.stringify({ apiVersion: "external-secrets.io/v1", kind: "ExternalSecret", metadata, spec }),
    );
    const path = ownPath("externalsecrets", "beside", "shop");
    const { message = "" } = await readyCondition(controlPlane, path, ({ status }) => status === "False");
    assert.match(message, /shop-other/);
    assert.match(message, /secretAccessor/);
    await controlPlane.kubectl(["delete", "externalsecret", "beside", "--namespace", "shop"]);
  });

  test("a change in Secret Manager reaches the Secret, with no up", async () => {
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
    assert.deepEqual(google.bindings(), ALWAYS);
    await waitUntil("the end of the Secret", async () => (await valuesOf("api-keys")) === undefined);
  });

  test("no value is in the state, in what is printed, or in the controller's log", async () => {
    const seen = JSON.stringify(await example.pulumi.exportStack()) + example.output() + (await pods.output());
    for (const value of VALUES) {
      assert.ok(!seen.includes(value) && !seen.includes(Buffer.from(value).toString("base64")), value);
    }
  });

  test("destroys all that it made, in the cluster and in Google", async () => {
    await example.pulumi.destroy();
    assert.deepEqual(google.registry.resources(), []);
    const { stdout } = await controlPlane.kubectl(["get", "namespaces", "--output", "name"]);
    assert.doesNotMatch(stdout, /namespace\/(shop|external-secrets)/);
  });
});
