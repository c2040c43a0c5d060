/** AWS by web identity, from end to end: the controller, a real API server's tokens, and AWS on loopback that checks them. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { type AwsEmulator, startAwsEmulator } from "../ground/aws/index.ts";
import { clusterIssuer } from "../ground/cluster-issuer.ts";
import { type ControlPlane, startControlPlane } from "../ground/index.ts";
import { apply, installCrds, ownPath, readyCondition, secretWith } from "./cluster-objects.ts";
import { type ControllerProcess, startControllerProcess } from "./controller-process.ts";

const ROLE = "arn:aws:iam::123456789012:role/reader";
const HOUR_MS = 3_600_000;

let controlPlane: ControlPlane;
let aws: AwsEmulator;
let controller: ControllerProcess;
let aheadMs = 0;

before(async () => {
  controlPlane = await startControlPlane();
  const { issuer, jwks } = await clusterIssuer(controlPlane);
  aws = await startAwsEmulator({
    now: () => Date.now() + aheadMs,
    roles: [{ name: "reader", trustedSubjects: ["system:serviceaccount:default:reader"] }],
    // The cluster's own keys: each token is checked.
    webIdentity: { issuer, jwks },
  });
  aws.put("key", "from AWS");
  await installCrds(controlPlane);
  const { endpoint } = aws;
  controller = await startControllerProcess({
    kubeconfigPath: controlPlane.kubeconfigPath,
    env: { AWS_SECRETSMANAGER_ENDPOINT: endpoint, AWS_STS_ENDPOINT: endpoint },
  });
});

after(async () => {
  await controller?.stop();
  await Promise.all([controlPlane?.stop(), aws?.stop()]);
});

async function serviceAccount(name: string, annotations: Readonly<Record<string, string>> = {}): Promise<void> {
  const all = { "eks.amazonaws.com/role-arn": ROLE, ...annotations };
  const metadata = { name, namespace: "default", annotations: all };
  await apply(controlPlane, JSON.stringify({ apiVersion: "v1", kind: "ServiceAccount", metadata }));
}

/** A store of the name of its service account. */
async function store(name: string): Promise<void> {
  const auth = { jwt: { serviceAccountRef: { name } } };
  const spec = { provider: { aws: { service: "SecretsManager", region: "us-east-1", auth } } };
  const object = {
    apiVersion: "external-secrets.io/v1",
    kind: "SecretStore",
    metadata: { name, namespace: "default" },
  };
  await apply(controlPlane, JSON.stringify({ ...object, spec }));
}

async function refusalOf(name: string): Promise<string> {
  const path = ownPath("secretstores", name);
  return (await readyCondition(controlPlane, path, ({ status }) => status === "False")).message ?? "";
}

test("AWS lets in the service account that the store names, in the role of its annotation, with no stored credential", async () => {
  await serviceAccount("reader");
  await store("reader");
  const spec = { secretStoreRef: { name: "reader" }, data: [{ secretKey: "value", remoteRef: { key: "key" } }] };
  const metadata = { name: "wish", namespace: "default" };
  const object = { apiVersion: "external-secrets.io/v1", kind: "ExternalSecret", metadata, spec };
  await apply(controlPlane, JSON.stringify(object));
  await secretWith(controlPlane, "wish", { value: "from AWS" });
  await readyCondition(controlPlane, ownPath("secretstores", "reader"), ({ status }) => status === "True");
});

test("a wrong subject is refused, and the store names the role and what its trust policy has to allow", async () => {
  await serviceAccount("stranger");
  await store("stranger");
  const message = await refusalOf("stranger");
  assert.ok(message.includes(ROLE), message);
  assert.match(message, /trust policy allow sts:AssumeRoleWithWebIdentity/);
  assert.match(message, /request/i);
});

test("a wrong audience is refused, and the store says where the audience stands", async () => {
  await serviceAccount("elsewhere", { "eks.amazonaws.com/audience": "another" });
  await store("elsewhere");
  const message = await refusalOf("elsewhere");
  assert.match(message, /InvalidIdentityToken.*OIDC provider.*eks\.amazonaws\.com\/audience/s);
});

test("a token that has ended is refused, and the store speaks of the clocks", async () => {
  aheadMs = 24 * HOUR_MS;
  await serviceAccount("late");
  await store("late");
  assert.match(await refusalOf("late"), /ExpiredToken.*clocks/s);
});
