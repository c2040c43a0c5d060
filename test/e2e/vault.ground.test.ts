/** Vault by every way to log in, from end to end: the controller, a real API server's tokens, and Vault. */
import assert from "node:assert/strict";
import { createPrivateKey, sign } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { type AwsEmulator, EXAMPLE_CREDENTIALS, startAwsEmulator } from "../ground/aws/index.ts";
import { accountOf, type GoogleEmulator, startGoogleEmulator } from "../ground/gcp/index.ts";
import { type ControlPlane, startControlPlane, startVault, type Vault } from "../ground/index.ts";
import { type LdapServer, startLdapServer } from "../ground/ldap/ldap-server.ts";
import { CLOUD_SECRET, type CloudLogins, startCloudLogins } from "../ground/vault-cloud-logins.ts";
import { apply, exampleManifest, installCrds, ownPath, readyCondition, secretWith } from "./cluster-objects.ts";
import { type InProcessController, startInProcessController } from "./in-process-controller.ts";
import { prepareVault, tokenOf, VAULT_PASSWORD, type VaultCredentials } from "./vault-methods.ts";

const SERVER = "server: https://vault.example.com:8200";

let plane: ControlPlane;
let vault: Vault;
let directory: LdapServer;
let aws: AwsEmulator;
let google: GoogleEmulator;
let clouds: CloudLogins;
let controller: InProcessController;

before(async () => {
  directory = await startLdapServer([
    { dn: "cn=vault,dc=example,dc=org", password: VAULT_PASSWORD, attributes: { cn: ["vault"] } },
    { dn: "uid=my-app,dc=example,dc=org", password: VAULT_PASSWORD, attributes: { uid: ["my-app"] } },
  ]);
  [plane, vault, aws, google] = await Promise.all([
    startControlPlane(),
    startVault({ tls: true, plugins: true }),
    startAwsEmulator(),
    startGoogleEmulator({ project: "my-project" }),
  ]);
  const roles = { "my-app": "arn:aws:iam::123456789012:user/user" };
  const googleRoles = { "my-app": { type: "iam", accounts: [accountOf("my-app", "my-project")] } } as const;
  clouds = await startCloudLogins({
    aws: { aws: { stsEndpoint: aws.endpoint, hosts: ["sts.amazonaws.com"], serverId: "vault.example.com", roles } },
    gcp: { gcp: { google, roles: googleRoles } },
  });
  await installCrds(plane);
  await plane.kubectl(["create", "serviceaccount", "my-app"]);
  await plane.kubectl(["create", "serviceaccount", "stranger"]);
  await storeCredentials(await prepareVault(vault, plane, directory.url));
  controller = await startInProcessController(plane);
});

after(async () => {
  await controller?.stop();
  await Promise.all([plane, vault, directory, aws, google, clouds].map((server) => server?.stop()));
});

/** The Secrets that the examples name. */
async function storeCredentials({ token, secretId, client }: VaultCredentials): Promise<void> {
  const { accessKeyId, secretAccessKey } = EXAMPLE_CREDENTIALS;
  const secrets: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    "vault-token": { token },
    "vault-app-role": { "secret-id": secretId },
    "vault-ldap": { password: VAULT_PASSWORD },
    "vault-user-pass": { password: VAULT_PASSWORD },
    "vault-client": { "tls.crt": client.certificatePem, "tls.key": client.privateKeyPem },
    "aws-credentials": { "access-key-id": accessKeyId, "secret-access-key": secretAccessKey },
    "google-credentials": { "key.json": JSON.stringify(google.accountKey("my-app")) },
  };
  for (const [name, stringData] of Object.entries(secrets)) {
    await apply(plane, JSON.stringify({ apiVersion: "v1", kind: "Secret", metadata: { name }, stringData }));
  }
}

/** The server of the tests in place of the example's. */
function address(server: string): string {
  const ca = Buffer.from(vault.caPem ?? "").toString("base64");
  return server.startsWith("https:") ? `server: ${server}\n      caBundle: ${ca}` : `server: ${server}`;
}

/** An ExternalSecret and a Secret `read-<store>`. */
function externalSecret(store: string): string {
  return JSON.stringify({
    apiVersion: "external-secrets.io/v1",
    kind: "ExternalSecret",
    metadata: { name: `read-${store}`, namespace: "default" },
    spec: {
      secretStoreRef: { name: store, kind: "SecretStore" },
      data: [{ secretKey: "v", remoteRef: { key: "app", property: "v" } }],
    },
  });
}

const EXAMPLES = ["token", "app-role", "secret-store", "jwt", "ldap", "user-pass", "cert", "iam", "gcp"];

for (const example of EXAMPLES) {
  test(`a secret is read with the login of vault/${example}.yaml`, { timeout: 60_000 }, async () => {
    const isOfCloud = example === "iam" || example === "gcp";
    const server = address(isOfCloud ? clouds.address : vault.address);
    await apply(plane, exampleManifest(`vault/${example}.yaml`, { [SERVER]: server }));
    const store = example === "secret-store" ? "vault" : `vault-${example}`;
    await apply(plane, externalSecret(store));
    await secretWith(plane, `read-${store}`, isOfCloud ? CLOUD_SECRET : { v: "from Vault" });
    await readyCondition(plane, ownPath("secretstores", store), ({ status }) => status === "True");
  });
}

test("the API server takes the other examples, without unknown fields", async () => {
  for (const example of ["gke", "enterprise"]) {
    await apply(plane, exampleManifest(`vault/${example}.yaml`), ["--dry-run=server", "--validate=strict"]);
  }
});

/** The store's condition once Vault has refused it. */
async function refusedMessage(name: string, manifest: string): Promise<string> {
  await apply(plane, manifest);
  const { message = "" } = await readyCondition(
    plane,
    ownPath("secretstores", name),
    ({ status }) => status === "False",
  );
  return message;
}

test("a wrong audience and a wrong subject are refused, and the store says as whom it came", async () => {
  const cases = [
    {
      example: "jwt",
      name: "jwt-audience",
      changes: { "audiences: [vault]": "audiences: [elsewhere]" },
      expected: /login by jwt.*auth\/jwt\/login for the role "my-app".*for the audience elsewhere/,
    },
    {
      example: "jwt",
      name: "jwt-subject",
      changes: { "              name: my-app": "              name: stranger" },
      expected: /login by jwt.*the subject system:serviceaccount:default:stranger/,
    },
    {
      example: "secret-store",
      name: "kubernetes-audience",
      changes: { "            name: my-app": "            name: my-app\n            audiences: [elsewhere]" },
      expected: /login by kubernetes.*auth\/kubernetes\/login for the role "my-app".*for the audience elsewhere/,
    },
    {
      example: "secret-store",
      name: "kubernetes-subject",
      changes: { "            name: my-app": "            name: stranger" },
      expected: /login by kubernetes.*the subject system:serviceaccount:default:stranger/,
    },
  ];
  for (const { example, name, changes, expected } of cases) {
    const rename = example === "jwt" ? { "name: vault-jwt": `name: ${name}` } : { "name: vault\n": `name: ${name}\n` };
    const replacements = { ...rename, [SERVER]: address(vault.address), ...changes };
    const manifest = exampleManifest(`vault/${example}.yaml`, replacements as Readonly<Record<string, string>>);
    assert.match(await refusedMessage(name, manifest), expected);
  }
});

test("a token that has ended is refused, and the store says when it ended", async () => {
  const token = await endedToken(await tokenOf(plane, "my-app", ["vault"]));
  const stringData = { token };
  await apply(plane, JSON.stringify({ apiVersion: "v1", kind: "Secret", metadata: { name: "ended" }, stringData }));
  const store = (name: string, auth: object) => {
    const provider = { vault: { server: vault.address, path: "secret", caBundle: encoded(vault.caPem), auth } };
    const metadata = { name, namespace: "default" };
    return JSON.stringify({ apiVersion: "external-secrets.io/v1", kind: "SecretStore", metadata, spec: { provider } });
  };
  const secretRef = { name: "ended", key: "token" };
  const jwt = { path: "jwt", role: "my-app", secretRef };
  const kubernetes = { mountPath: "kubernetes", role: "my-app", secretRef };
  for (const auth of [{ jwt }, { kubernetes }]) {
    const name = `ended-${Object.keys(auth).join()}`;
    const message = await refusedMessage(name, store(name, auth));
    assert.match(message, /for the role "my-app"; the token has the subject .*my-app .* and ended at \d{4}-/);
    assert.ok(!message.includes(token));
  }
});

function encoded(text: string | undefined): string {
  return Buffer.from(text ?? "").toString("base64");
}

/** The same token as the cluster would have signed it yesterday. */
async function endedToken(token: string): Promise<string> {
  const [head = "", body = ""] = token.split(".");
  const claims = JSON.parse(Buffer.from(body, "base64url").toString()) as Record<string, unknown>;
  const yesterday = Math.floor(Date.now() / 1_000) - 86_400;
  const ended = { ...claims, iat: yesterday, nbf: yesterday, exp: yesterday + 600 };
  const text = `${head}.${Buffer.from(JSON.stringify(ended)).toString("base64url")}`;
  const key = createPrivateKey(await readFile(join(plane.pki.folder, "sa.key"), "utf8"));
  return `${text}.${sign("sha256", Buffer.from(text), key).toString("base64url")}`;
}
