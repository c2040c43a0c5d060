/** Azure Key Vault by workload identity, from end to end: the controller, a real API server's tokens, and Azure on loopback. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { type AzureEmulator, EXAMPLE_APPLICATION, EXAMPLE_TENANT, startAzureEmulator } from "../ground/azure/index.ts";
import { clusterIssuer } from "../ground/cluster-issuer.ts";
import { type ControlPlane, startControlPlane } from "../ground/index.ts";
import { apply, exampleManifest, installCrds, ownPath, readyCondition, secretWith } from "./cluster-objects.ts";
import { type ControllerProcess, startControllerProcess } from "./controller-process.ts";

const SUBJECT = "system:serviceaccount:default:my-app-azure";

let controlPlane: ControlPlane;
let azure: AzureEmulator;
let controller: ControllerProcess;
let aheadMs = 0;

before(async () => {
  controlPlane = await startControlPlane();
  const { issuer, jwks } = await clusterIssuer(controlPlane);
  const elsewhere = { issuer, subject: "system:serviceaccount:default:elsewhere", audience: "api://Elsewhere" };
  azure = await startAzureEmulator({
    now: () => Date.now() + aheadMs,
    applications: [{ ...EXAMPLE_APPLICATION, federations: [{ issuer, subject: SUBJECT }, elsewhere] }],
    // The cluster's own keys: each token is checked.
    issuers: { [issuer]: jwks },
  });
  const { secrets, keys } = azure.tables;
  secrets.add("database-credentials", { value: '{"password":"from Azure"}' }, { tags: { team: "blue" } });
  secrets.add("my-app-colour", { value: "green" }, { tags: { environment: "dev" } });
  secrets.add("my-app-size", { value: "5" }, { tags: { environment: "production" } });
  keys.add("signing", { key: { kty: "RSA", n: "AQAB", e: "AQAB" } }, {});
  await installCrds(controlPlane);
  controller = await startControllerProcess({ kubeconfigPath: controlPlane.kubeconfigPath });
});

after(async () => {
  await controller?.stop();
  await Promise.all([controlPlane?.stop(), azure?.stop()]);
});

/** The example, but for Azure's addresses and what else differs. */
function store(name: string, replacements: Readonly<Record<string, string>> = {}): string {
  const { endpoint } = azure;
  const cloud = `customCloudConfig: { activeDirectoryEndpoint: "${endpoint}", keyVaultEndpoint: "${endpoint}" }`;
  const here = { "vaultUrl: https://my-vault.vault.azure.net": `vaultUrl: ${endpoint}\n      ${cloud}` };
  return exampleManifest(`azure-key-vault/${name}.yaml`, { ...here, ...replacements });
}

test("Azure lets in the service account that the store names, with no stored credential", async () => {
  await apply(controlPlane, exampleManifest("azure-key-vault/service-account.yaml"));
  await apply(controlPlane, store("secret-store"));
  await apply(controlPlane, exampleManifest("azure-key-vault/external-secret.yaml"));
  const jwk = { kid: "", kty: "RSA", n: "AQAB", e: "AQAB" };
  jwk.kid = `${azure.endpoint}/keys/signing/${azure.tables.keys.find("signing")?.id}`;
  await secretWith(controlPlane, "my-app-azure", {
    password: "from Azure",
    team: "blue",
    "signing.jwk": JSON.stringify(jwk),
    "my-app-colour": "green",
  });
  await readyCondition(controlPlane, ownPath("secretstores", "azure"), ({ status }) => status === "True");
});

/** What the store of a new service account, both of that name, says about its refusal. */
async function refusalOf(name: string): Promise<string> {
  await controlPlane.kubectl(["create", "serviceaccount", name]);
  const annotations = [
    `azure.workload.identity/client-id=${EXAMPLE_APPLICATION.clientId}`,
    `azure.workload.identity/tenant-id=${EXAMPLE_TENANT}`,
  ];
  await controlPlane.kubectl(["annotate", "serviceaccount", name, ...annotations]);
  const names = { "name: azure\n": `name: ${name}\n`, "name: my-app-azure": `name: ${name}` };
  await apply(controlPlane, store("secret-store", names));
  const path = ownPath("secretstores", name);
  return (await readyCondition(controlPlane, path, ({ status }) => status === "False")).message ?? "";
}

test("a service account that no federated credential names is refused, and the store says what to add", async () => {
  const message = await refusalOf("stranger");
  assert.match(message, /AADSTS700213/);
  assert.match(message, /federated credential/);
});

test("a token without the audience of the federated credential is refused, and the store names the usual one", async () => {
  assert.match(
    await refusalOf("elsewhere"),
    /AADSTS700212.*federated credential.*audience api:\/\/AzureADTokenExchange/s,
  );
});

test("an application's client id and secret in a Secret are used", async () => {
  const { clientId, secrets } = EXAMPLE_APPLICATION;
  const values = [`--from-literal=client-id=${clientId}`, `--from-literal=client-secret=${secrets[0]}`];
  await controlPlane.kubectl(["create", "secret", "generic", "azure-credentials", ...values]);
  await apply(controlPlane, store("service-principal"));
  const path = ownPath("secretstores", "azure-service-principal");
  await readyCondition(controlPlane, path, ({ status }) => status === "True");
});

test("a token that has ended is refused, and the store speaks of the clocks", async () => {
  aheadMs = 24 * 3_600_000;
  assert.match(await refusalOf("late"), /AADSTS700024.*clocks/s);
});
