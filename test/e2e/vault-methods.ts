/** Sets up each auth method of a Vault for the role, or the user, `my-app`, which may read everything. */

import type { ControlPlane, Vault } from "../ground/index.ts";
import { type CertificatePem, createCertificateAuthority } from "../ground/pki.ts";

/** Of the user, in Vault and in the directory. */
export const VAULT_PASSWORD = "c4n4ry-password";

export interface VaultCredentials {
  readonly token: string;
  readonly secretId: string;
  readonly client: CertificatePem;
}

/** A token of a service account in the namespace `default`. */
export async function tokenOf(plane: ControlPlane, name: string, audiences?: readonly string[]): Promise<string> {
  const path = `/api/v1/namespaces/default/serviceaccounts/${name}/token`;
  const spec = { expirationSeconds: 3_600, ...(audiences === undefined ? {} : { audiences }) };
  const { status, body } = await plane.request({ method: "POST", path, body: { spec } });
  if (status !== 201) throw new Error(`the API server answers ${status} to the token request for "${name}"`);
  return (body as { readonly status: { readonly token: string } }).status.token;
}

/** `ldapUrl`: a directory that lets `cn=vault,dc=example,dc=org` search. */
export async function prepareVault(vault: Vault, plane: ControlPlane, ldapUrl: string): Promise<VaultCredentials> {
  await vault.write("secret/data/app", { data: { v: "from Vault" } });
  await vault.write("sys/policies/acl/my-app", { policy: 'path "secret/*" { capabilities = ["read", "list"] }' });
  for (const type of ["approle", "kubernetes", "jwt", "ldap", "userpass", "cert"]) {
    await vault.write(`sys/auth/${type}`, { type });
  }
  await trustCluster(vault, plane);
  await trustDirectory(vault, ldapUrl);
  await vault.write("auth/userpass/users/my-app", { password: VAULT_PASSWORD, token_policies: "my-app" });
  await vault.write("auth/approle/role/my-app", { token_policies: "my-app" });
  await vault.write("auth/approle/role/my-app/role-id", { role_id: "my-app" });
  const { data } = await vault.write("auth/approle/role/my-app/secret-id");
  const { auth } = await vault.write("auth/token/create", { policies: ["my-app"] });
  const authority = await createCertificateAuthority("clients");
  await vault.write("auth/cert/certs/my-app", { certificate: authority.certificatePem, token_policies: "my-app" });
  return {
    token: (auth as { readonly client_token: string }).client_token,
    secretId: (data as { readonly secret_id: string }).secret_id,
    client: await authority.issue({ commonName: "my-app" }),
  };
}

/** By the API server's reviews of tokens, and by its public keys. */
async function trustCluster(vault: Vault, plane: ControlPlane): Promise<void> {
  await plane.kubectl(["create", "serviceaccount", "vault"]);
  const bind = (name: string, ...to: readonly string[]) => plane.kubectl(["create", "clusterrolebinding", name, ...to]);
  await bind("vault-reviews", "--clusterrole=system:auth-delegator", "--serviceaccount=default:vault");
  await bind("public-keys", "--clusterrole=system:service-account-issuer-discovery", "--group=system:unauthenticated");
  await vault.write("auth/kubernetes/config", {
    kubernetes_host: plane.server,
    kubernetes_ca_cert: plane.caPem,
    token_reviewer_jwt: await tokenOf(plane, "vault"),
  });
  await vault.write("auth/kubernetes/role/my-app", {
    bound_service_account_names: "my-app",
    bound_service_account_namespaces: "default",
    audience: "https://kubernetes.default.svc.cluster.local",
    token_policies: "my-app",
  });
  await vault.write("auth/jwt/config", {
    jwks_url: `${plane.server}/openid/v1/jwks`,
    jwks_ca_pem: plane.caPem,
    bound_issuer: "https://kubernetes.default.svc.cluster.local",
  });
  await vault.write("auth/jwt/role/my-app", {
    role_type: "jwt",
    user_claim: "sub",
    bound_subject: "system:serviceaccount:default:my-app",
    bound_audiences: "vault",
    token_policies: "my-app",
  });
}

async function trustDirectory(vault: Vault, url: string): Promise<void> {
  await vault.write("auth/ldap/config", {
    url,
    binddn: "cn=vault,dc=example,dc=org",
    bindpass: VAULT_PASSWORD,
    userdn: "dc=example,dc=org",
    userattr: "uid",
    groupdn: "dc=example,dc=org",
  });
  await vault.write("auth/ldap/users/my-app", { policies: "my-app" });
}
