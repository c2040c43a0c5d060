/** A real API server over HTTPS: authorities, client certificates, tokens that it refuses, and what it says of its own. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, describe, it } from "node:test";
import type { KubernetesProviderSpec } from "../../api/stores/kubernetes.ts";
import { AccessDenied, InvalidConfiguration, SecretNotFound } from "../../providers/errors.ts";
import { kubernetesBackend } from "../../providers/kubernetes/index.ts";
import { refusal } from "../contract/refusal.ts";
import { createStoreContext } from "../contract/store-context.ts";
import { type ControlPlane, createCertificateAuthority, startControlPlane } from "../ground/index.ts";

const limit = () => AbortSignal.timeout(20_000);
const NAMESPACE = "/api/v1/namespaces/default";
const CERT = { cert: { clientCert: { name: "admin" }, clientKey: { name: "admin" } } };

describe("an API server over HTTPS", { timeout: 60_000 }, () => {
  let cluster: ControlPlane;
  const secrets: Record<string, string> = {};

  before(async () => {
    cluster = await startControlPlane({ controllerManager: false });
    Object.assign(secrets, {
      "admin/tls.crt": cluster.adminCertificatePem,
      "admin/tls.key": cluster.adminPrivateKeyPem,
      "kubeconfig/config": await readFile(cluster.kubeconfigPath, "utf8"),
      "user/token": "c4n4ry.no.token",
    });
    await cluster.request({
      method: "POST",
      path: `${NAMESPACE}/serviceaccounts`,
      body: { metadata: { name: "none" } },
    });
  });
  after(async () => cluster?.stop());

  const open = (spec: Partial<KubernetesProviderSpec>) => {
    const server = { url: cluster.server, caProvider: { type: "ConfigMap", name: "ca" } } as const;
    const context = createStoreContext({ secrets, configMaps: { "ca/ca.crt": cluster.caPem }, issueToken });
    return kubernetesBackend.open({ server, auth: CERT, ...spec }, context, limit());
  };
  const put = (name: string, more: object = {}) => {
    const body = { metadata: { name, labels: { "managed-by": "external-secrets" } }, data: { a: "/wA=" }, ...more };
    return cluster.request({ method: "POST", path: `${NAMESPACE}/secrets`, body });
  };
  async function issueToken(name: string, audiences: readonly string[]): Promise<string> {
    const path = `${NAMESPACE}/serviceaccounts/${name}/token`;
    const spec = { expirationSeconds: 600, ...(audiences.length === 0 ? {} : { audiences }) };
    const { body } = await cluster.request({ method: "POST", path, body: { spec } });
    return (body as { readonly status: { readonly token: string } }).status.token;
  }

  it("lets in a client certificate, by itself and in a kubeconfig", async () => {
    await put("binary");
    const byBundle = { url: cluster.server, caBundle: Buffer.from(cluster.caPem).toString("base64") };
    const specs: Partial<KubernetesProviderSpec>[] = [{}, { server: byBundle }];
    for (const spec of specs) {
      const client = await open(spec);
      assert.equal(await client.validate(limit()), "Ready");
      const value = await client.getSecret({ key: "binary", property: "a" }, limit());
      assert.deepEqual([...value], [0xff, 0x00]);
      await client.close();
    }
    const context = createStoreContext({ secrets });
    const authRef = { name: "kubeconfig", key: "config" };
    const client = await kubernetesBackend.open({ authRef }, context, limit());
    assert.equal(await client.validate(limit()), "Ready");
    await client.close();
  });

  it("is not trusted with the certificate of another authority", async () => {
    const other = await createCertificateAuthority("other");
    const caBundle = Buffer.from(other.certificatePem).toString("base64");
    const client = await open({ server: { url: cluster.server, caBundle } });
    const error = await refusal(InvalidConfiguration, client.validate(limit()));
    assert.equal(error.details.field, "spec.provider.kubernetes.server.caBundle");
    await client.close();
  });

  it("refuses a token of no one, and one for another audience", async () => {
    const serviceAccount = { name: "none", audiences: ["elsewhere"] };
    for (const auth of [{ token: { bearerToken: { name: "user" } } }, { serviceAccount }]) {
      const client = await open({ auth });
      const error = await refusal(AccessDenied, client.getSecret({ key: "binary" }, limit()));
      assert.match(error.message, /does not accept the credentials/);
      await client.close();
    }
  });

  it("fails the validation of a service account without rights, and names what to grant", async () => {
    const client = await open({ auth: { serviceAccount: { name: "none" } } });
    const error = await refusal(AccessDenied, client.validate(limit()));
    const grant = 'grant service account "none" the verb "get" on the resource "secrets" in namespace "default"';
    assert.equal(error.details.remedy, grant);
    await client.close();
  });

  it("tells a missing namespace from a missing Secret", async () => {
    const missing = await open({ remoteNamespace: "nowhere" });
    await refusal(InvalidConfiguration, missing.getSecret({ key: "binary" }, limit()));
    await refusal(InvalidConfiguration, missing.findSecrets({ nameRegexp: "." }, limit()));
    await refusal(
      InvalidConfiguration,
      missing.pushSecret({ remoteKey: "x", property: "a" }, Buffer.from("1"), limit()),
    );
    await missing.close();
    const client = await open({});
    await refusal(SecretNotFound, client.getSecret({ key: "none" }, limit()));
    await client.close();
  });

  it("leaves an equal Secret at its version, and refuses to change an immutable one or a key that none can have", async () => {
    await put("fixed", { immutable: true });
    const client = await open({});
    const versionOf = async () => {
      const { body } = await cluster.request({ path: `${NAMESPACE}/secrets/fixed` });
      return (body as { readonly metadata: { readonly resourceVersion: string } }).metadata.resourceVersion;
    };
    const version = await versionOf();
    await client.pushSecret({ remoteKey: "fixed", property: "a" }, Uint8Array.from([0xff, 0x00]), limit());
    assert.equal(await versionOf(), version);
    const value = Buffer.from("c4n4ry");
    const change = client.pushSecret({ remoteKey: "fixed", property: "a" }, value, limit());
    assert.match((await refusal(InvalidConfiguration, change)).message, /HTTP 422\): data$/);
    const odd = client.pushSecret({ remoteKey: "odd", property: "a/b" }, value, limit());
    assert.match((await refusal(InvalidConfiguration, odd)).message, /HTTP 422\): data\[a\/b\]$/);
    await client.close();
  });
});
