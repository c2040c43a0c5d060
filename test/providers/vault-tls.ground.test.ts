/** A real Vault over HTTPS: the authority of the store, and logins by client certificate and by password. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { VaultProviderSpec } from "../../api/stores/vault.ts";
import { AccessDenied, InvalidConfiguration } from "../../providers/errors.ts";
import { vaultBackend } from "../../providers/vault/index.ts";
import { refusal } from "../contract/refusal.ts";
import { createStoreContext } from "../contract/store-context.ts";
import { createCertificateAuthority, startVault, type Vault } from "../ground/index.ts";

const limit = () => AbortSignal.timeout(20_000);
const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

describe("a Vault over HTTPS", { timeout: 60_000 }, () => {
  let vault: Vault;
  const secrets: Record<string, string> = {};

  before(async () => {
    vault = await startVault({ tls: true });
    const authority = await createCertificateAuthority("clients");
    const issued = await authority.issue({ commonName: "controller" });
    Object.assign(secrets, {
      "client/tls.crt": issued.certificatePem,
      "client/tls.key": issued.privateKeyPem,
      "ca/ca.crt": vault.caPem ?? "",
      "user/password": "c4n4ry-password",
    });
    await vault.write("secret/data/app", { data: { v: "1" } });
    await vault.write("sys/policies/acl/read", { policy: 'path "secret/data/*" { capabilities = ["read"] }' });
    await vault.write("sys/auth/cert", { type: "cert" });
    await vault.write("auth/cert/certs/controller", { certificate: authority.certificatePem, token_policies: "read" });
    await vault.write("sys/auth/userpass", { type: "userpass" });
    await vault.write("auth/userpass/users/bob", { password: "c4n4ry-password", token_policies: "read" });
  });
  after(async () => vault?.stop());

  const open = (spec: Partial<VaultProviderSpec>) => {
    const whole = {
      server: vault.address,
      path: "secret",
      caProvider: { type: "Secret", name: "ca" },
      ...spec,
    } as const;
    return vaultBackend.open(whole, createStoreContext({ secrets }), limit());
  };

  it("serves a login by client certificate, and none without it", async () => {
    const cert = { clientCert: { name: "client" }, secretRef: { name: "client" } };
    const client = await open({ auth: { cert: { path: "cert", vaultRole: "controller", ...cert } } });
    assert.equal(await client.validate(limit()), "Ready");
    assert.equal(decode(await client.getSecret({ key: "app", property: "v" }, limit())), "1");
    await client.close();
    const without = await open({ auth: { cert: { path: "cert" } } });
    await refusal(AccessDenied, without.validate(limit()));
    await without.close();
  });

  it("serves a login by password, and refuses a wrong one without showing it", async () => {
    const secretRef = { name: "user", key: "password" };
    const client = await open({ auth: { userPass: { path: "userpass", username: "bob", secretRef } } });
    assert.equal(decode(await client.getSecret({ key: "app", property: "v" }, limit())), "1");
    await client.close();
    const mallory = await open({ auth: { userPass: { path: "userpass", username: "mallory", secretRef } } });
    await refusal(AccessDenied, mallory.validate(limit()));
    await mallory.close();
  });

  it("is not trusted without its authority", async () => {
    const caBundle = (await createCertificateAuthority("another")).certificatePem;
    const secretRef = { name: "user", key: "password" };
    const client = await open({ caBundle, auth: { userPass: { path: "userpass", username: "bob", secretRef } } });
    assert.match(
      (await refusal(InvalidConfiguration, client.validate(limit()))).describe(),
      /is not trusted.*caBundle/,
    );
    await client.close();
  });
});
