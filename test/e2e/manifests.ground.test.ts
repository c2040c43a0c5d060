import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { type AwsEmulator, EXAMPLE_CREDENTIALS, startAwsEmulator } from "../ground/aws/index.ts";
import { type ControlPlane, startControlPlane, startVault, type Vault } from "../ground/index.ts";
import { startScriptedServer } from "../providers/scripted-server.ts";
import {
  apply,
  exampleManifest,
  installCrds,
  objectAt,
  ownPath,
  readyCondition,
  secretWith,
} from "./cluster-objects.ts";
import { type ControllerProcess, startControllerProcess } from "./controller-process.ts";

const CREDENTIALS = { username: "db_user", password: "supersecretpassword" };
const REMOTE_KEY = "my-app/database-credentials";

let controlPlane: ControlPlane;
let vault: Vault;
let aws: AwsEmulator;
let controller: ControllerProcess;

before(async () => {
  [controlPlane, vault, aws] = await Promise.all([
    startControlPlane(),
    startVault({ plugins: true }),
    startAwsEmulator(),
  ]);
  aws.put(REMOTE_KEY, JSON.stringify(CREDENTIALS));
  // Started before its CRDs are there, as it happens in a cluster.
  const starting = startControllerProcess({
    kubeconfigPath: controlPlane.kubeconfigPath,
    env: {
      AWS_SECRETSMANAGER_ENDPOINT: aws.endpoint,
      AWS_SSM_ENDPOINT: aws.endpoint,
      AWS_STS_ENDPOINT: aws.endpoint,
      AWS_ACCESS_KEY_ID: EXAMPLE_CREDENTIALS.accessKeyId,
      AWS_SECRET_ACCESS_KEY: EXAMPLE_CREDENTIALS.secretAccessKey,
    },
  });
  await installCrds(controlPlane);
  controller = await starting;
});

after(async () => {
  await controller?.stop();
  await Promise.all([controlPlane?.stop(), vault?.stop(), aws?.stop()]);
});

test("ESO's v1beta1 manifests for AWS apply with warnings for their two unknown fields, and the Secret appears", async () => {
  const store = await apply(controlPlane, exampleManifest("aws-secrets-manager/secret-store.yaml"), [
    "--validate=warn",
  ]);
  assert.match(store, /unknown field "spec\.provider\.aws\.auth\.jwt\.serviceAccountToken"/);
  const wish = await apply(controlPlane, exampleManifest("aws-secrets-manager/external-secret.yaml"), [
    "--validate=warn",
  ]);
  assert.match(wish, /unknown field "spec\.secretStoreRef\.key"/);

  const secret = await secretWith(controlPlane, "database-credentials", CREDENTIALS);
  const owner = secret.metadata.ownerReferences?.find((reference) => reference.controller);
  assert.deepEqual([owner?.kind, owner?.name], ["ExternalSecret", "database-credentials-secret"]);
  await readyCondition(
    controlPlane,
    ownPath("secretstores", "aws-secrets-manager-store"),
    ({ status }) => status === "True",
  );
  const ready = await readyCondition(
    controlPlane,
    ownPath("externalsecrets", "database-credentials-secret"),
    ({ status }) => status === "True",
  );
  assert.equal(ready.reason, "SecretSynced");
});

test("the Pod that consumes the Secret by environment and volume applies", async () => {
  assert.match(await apply(controlPlane, exampleManifest("aws-secrets-manager/pod.yaml")), /pod\/my-app created/);
});

test("an object applied as v1beta1 is stored and read as v1, and the other way round", async () => {
  const asV1 = await objectAt(controlPlane, ownPath("externalsecrets", "database-credentials-secret"));
  assert.ok(asV1);
  const path = ownPath("externalsecrets", "database-credentials-secret").replace("/v1/", "/v1beta1/");
  const asBeta = await objectAt(controlPlane, path);
  assert.equal(asBeta?.metadata.uid, asV1.metadata.uid);
});

test("static AWS credentials from a Secret are used", async () => {
  await controlPlane.kubectl([
    "create",
    "secret",
    "generic",
    "aws-credentials",
    `--from-literal=access-key-id=${EXAMPLE_CREDENTIALS.accessKeyId}`,
    `--from-literal=secret-access-key=${EXAMPLE_CREDENTIALS.secretAccessKey}`,
  ]);
  await apply(controlPlane, exampleManifest("aws-static-credentials/secret-store.yaml"));
  await apply(controlPlane, exampleManifest("aws-static-credentials/external-secret.yaml"));
  await secretWith(controlPlane, "settings", CREDENTIALS);
});

test("parameters are read by property and version", async () => {
  aws.parameters.put("/my-app/database", JSON.stringify(CREDENTIALS));
  aws.parameters.put("/my-app/colour", "blue");
  aws.parameters.put("/my-app/colour", "green");
  await apply(controlPlane, exampleManifest("aws-parameter-store/secret-store.yaml"));
  await apply(controlPlane, exampleManifest("aws-parameter-store/external-secret.yaml"));
  await secretWith(controlPlane, "parameters", { password: CREDENTIALS.password, "first-colour": "blue" });
});

test("Vault lets in the service account that the store names, with no stored credential", async () => {
  await controlPlane.kubectl(["create", "serviceaccount", "my-app"]);
  await trustCluster();
  await vault.write(`secret/data/${REMOTE_KEY}`, { data: CREDENTIALS });
  await vault.write("secret/data/my-app/settings", { data: { colour: "blue", limits: { cpu: 2 } } });
  const server = { "https://vault.example.com:8200": vault.address };
  await apply(controlPlane, exampleManifest("vault/secret-store.yaml", server));
  await apply(controlPlane, exampleManifest("vault/external-secret.yaml"));
  await secretWith(controlPlane, "my-app", { password: CREDENTIALS.password, colour: "blue", limits: '{"cpu":2}' });
});

test("a service account with rights in another namespace reads the Secrets there", async () => {
  await controlPlane.kubectl(["create", "namespace", "shared"]);
  const secrets = {
    "database-credentials": [`--from-literal=password=${CREDENTIALS.password}`],
    settings: ['--from-literal=config={"log":{"level":"debug"}}'],
    tls: ["--from-literal=tls.crt=certificate", "--from-literal=tls.key=key"],
  };
  for (const [name, values] of Object.entries(secrets)) {
    await controlPlane.kubectl(["create", "secret", "generic", name, "-n", "shared", ...values]);
  }
  await apply(controlPlane, exampleManifest("kubernetes/access.yaml"));
  const server = { "https://kubernetes.default.svc": controlPlane.server };
  await apply(controlPlane, exampleManifest("kubernetes/secret-store.yaml", server));
  await apply(controlPlane, exampleManifest("kubernetes/external-secret.yaml"));
  const expected = { password: CREDENTIALS.password, level: "debug", "tls.crt": "certificate", "tls.key": "key" };
  await readyCondition(controlPlane, ownPath("secretstores", "shared"), ({ status }) => status === "True");
  await secretWith(controlPlane, "my-app-shared", expected);
});

test("the fake backend gives versions and properties", async () => {
  await apply(controlPlane, exampleManifest("fake/secret-store.yaml"));
  await apply(controlPlane, exampleManifest("fake/external-secret.yaml"));
  await secretWith(controlPlane, "fake", { greeting: "hello", "old-colour": "blue", colour: "green", size: "4" });
});

test("a webhook is asked with a labelled Secret, and its answer is searched", async () => {
  const service = await startScriptedServer(({ url, headers }) =>
    headers.authorization === "Bearer t0ken" && url === "/v1/secrets?name=my-app"
      ? { body: { data: CREDENTIALS } }
      : { status: 404 },
  );
  try {
    await controlPlane.kubectl(["create", "secret", "generic", "webhook-login", "--from-literal=token=t0ken"]);
    await controlPlane.kubectl(["label", "secret", "webhook-login", "external-secrets.io/type=webhook"]);
    const server = { "https://secrets.example.com": service.address };
    await apply(controlPlane, exampleManifest("webhook/secret-store.yaml", server));
    await apply(controlPlane, exampleManifest("webhook/external-secret.yaml"));
    await secretWith(controlPlane, "webhook", { password: CREDENTIALS.password });
    await readyCondition(controlPlane, ownPath("secretstores", "webhook"), ({ status }) => status === "True");
  } finally {
    await service.stop();
  }
});

/** Kubernetes authentication: Vault asks this API server whose token it was given. */
async function trustCluster(): Promise<void> {
  await controlPlane.kubectl(["create", "serviceaccount", "vault", "-n", "kube-system"]);
  const reviewer = ["--clusterrole=system:auth-delegator", "--serviceaccount=kube-system:vault"];
  await controlPlane.kubectl(["create", "clusterrolebinding", "vault", ...reviewer]);
  const { stdout } = await controlPlane.kubectl(["create", "token", "vault", "-n", "kube-system"]);
  await vault.write("sys/auth/kubernetes", { type: "kubernetes" });
  await vault.write("auth/kubernetes/config", {
    kubernetes_host: controlPlane.server,
    kubernetes_ca_cert: controlPlane.caPem,
    token_reviewer_jwt: stdout.trim(),
  });
  const policy = 'path "secret/data/my-app/*" { capabilities = ["read"] }';
  await vault.write("sys/policies/acl/my-app", { policy });
  await vault.write("auth/kubernetes/role/my-app", {
    bound_service_account_names: ["my-app"],
    bound_service_account_namespaces: ["default"],
    token_policies: ["my-app"],
  });
}
