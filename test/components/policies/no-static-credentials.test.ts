import assert from "node:assert/strict";
import { test } from "node:test";
import { secretStoreSpecSchema } from "../../../api/secret-store.ts";
import { noStaticCredentials } from "../../../components/policies/no-static-credentials.ts";
import { STATIC_CREDENTIALS } from "../../../components/policies/static-credential-rules.ts";
import { violations } from "./violations.ts";

const selector = { name: "credentials", key: "key" };
const store = (provider: object) => ({
  kind: "SecretStore",
  props: { metadata: { name: "s", namespace: "n" }, spec: { provider } },
});

/** A provider's block with something written at the path. */
function written(path: string): Record<string, unknown> {
  return path.split(".").reduceRight<Record<string, unknown>>((inner, name) => ({ [name]: inner }), selector);
}

test("a stored credential is refused, with the object, the field and the remedy", async () => {
  const provider = {
    aws: { service: "SecretsManager", region: "a", auth: { secretRef: { accessKeyIDSecretRef: selector } } },
  };
  assert.deepEqual(await violations(noStaticCredentials(), store(provider)), [
    'SecretStore n/s (resource "resource"): spec.provider.aws.auth.secretRef logs in with access keys, a credential that is stored and does not end by itself. Use auth.jwt.serviceAccountRef with a role (IRSA), or Pod Identity; AwsSecretStore makes both.',
  ]);
});

test("each of the places is refused, in stores of both scopes, and allowed where the configuration names it", async () => {
  for (const { path } of STATIC_CREDENTIALS) {
    for (const kind of ["SecretStore", "ClusterSecretStore"]) {
      const judged = { ...store(written(path)), kind };
      const messages = await violations(noStaticCredentials(), judged);
      assert.equal(messages.length, 1, path);
      assert.ok(messages[0]?.includes(`spec.provider.${path} `), path);
      assert.deepEqual(await violations(noStaticCredentials({ allowed: [path] }), judged), [], path);
      const parent = path.slice(0, path.lastIndexOf("."));
      assert.deepEqual(await violations(noStaticCredentials(), { ...judged, config: { allowed: [parent] } }), [], path);
    }
  }
});

test("each of the places is a field of the store's schema", () => {
  for (const { path } of STATIC_CREDENTIALS) {
    let schema: unknown = secretStoreSpecSchema.shape.provider;
    for (const name of path.split(".")) {
      schema = fieldOf(schema, name);
      assert.ok(schema !== undefined, `${path}: no field ${name}`);
    }
  }
});

function fieldOf(schema: unknown, name: string): unknown {
  const object = schema as { shape?: Record<string, unknown>; unwrap?: () => unknown };
  return object.shape === undefined ? fieldOf(object.unwrap?.(), name) : object.shape[name];
}

test("an identity of the workload is allowed with every backend that takes one", async () => {
  const serviceAccountRef = { name: "reader" };
  for (const provider of [
    { aws: { service: "SecretsManager", region: "a", auth: { jwt: { serviceAccountRef } } } },
    { aws: { service: "ParameterStore", region: "a" } },
    { azurekv: { vaultUrl: "https://v", authType: "WorkloadIdentity", serviceAccountRef } },
    { azurekv: { vaultUrl: "https://v", authType: "WorkloadIdentity", authSecretRef: { clientId: selector } } },
    { azurekv: { vaultUrl: "https://v", authType: "ManagedIdentity" } },
    { gcpsm: { auth: { workloadIdentity: { serviceAccountRef } } } },
    { gcpsm: { auth: { workloadIdentityFederation: { audience: "a", serviceAccountRef } } } },
    { vault: { server: "https://v", auth: { kubernetes: { mountPath: "k", role: "r", serviceAccountRef } } } },
    {
      vault: {
        server: "https://v",
        auth: { jwt: { path: "jwt", kubernetesServiceAccountToken: { serviceAccountRef } } },
      },
    },
    { kubernetes: { auth: { serviceAccount: serviceAccountRef } } },
    { webhook: { url: "https://w", secrets: [{ name: "s", secretRef: selector }] } },
  ]) {
    assert.deepEqual(await violations(noStaticCredentials(), store(provider)), [], JSON.stringify(provider));
  }
});

test("another cluster does not know this one's service accounts: a token for it is allowed", async () => {
  const auth = { token: { bearerToken: selector } };
  const to = (url: string) => store({ kubernetes: { server: { url }, auth } });
  assert.deepEqual(await violations(noStaticCredentials(), to("https://other.example.com:6443")), []);
  for (const url of [
    "kubernetes.default",
    "https://kubernetes.default.svc",
    "https://kubernetes.default.svc.cluster.local:443",
  ]) {
    assert.equal((await violations(noStaticCredentials(), to(url))).length, 1, url);
  }
});
