/** Where a store keeps a credential that does not end by itself, although its backend knows a way without one. */

/** One place of a store's spec. */
export interface StaticCredentialRule {
  /** Path below `spec.provider`; a policy's `allowed` names it. */
  readonly path: string;
  readonly credential: string;
  /** A sentence: what to write in its place. */
  readonly remedy: string;
}

const AWS = "Use auth.jwt.serviceAccountRef with a role (IRSA), or Pod Identity; AwsSecretStore makes both.";
const AZURE =
  "Use authType: WorkloadIdentity with serviceAccountRef and a federated credential; AzureKeyVaultStore makes them.";
const GOOGLE = "Use auth.workloadIdentity or auth.workloadIdentityFederation; GcpSecretStore makes them.";
const VAULT =
  "Use auth.kubernetes or auth.jwt with a serviceAccountRef, whose tokens are short-lived; VaultStore makes them.";
const KUBERNETES = "Use auth.serviceAccount: in this cluster the controller asks for a token of it.";

/**
 * Not here: what knows no other way (`webhook`), and `kubernetes.authRef`, which leads to another cluster. Tokens of a
 * ServiceAccount that are kept in a Secret are here: they do not end by themselves.
 */
export const STATIC_CREDENTIALS: readonly StaticCredentialRule[] = [
  { path: "aws.auth.secretRef", credential: "access keys", remedy: AWS },
  { path: "azurekv.authSecretRef.clientSecret", credential: "a client secret", remedy: AZURE },
  { path: "azurekv.authSecretRef.clientCertificate", credential: "a client certificate and its key", remedy: AZURE },
  { path: "gcpsm.auth.secretRef", credential: "a service account key", remedy: GOOGLE },
  {
    path: "gcpsm.auth.workloadIdentityFederation.awsSecurityCredentials",
    credential: "AWS access keys",
    remedy: GOOGLE,
  },
  { path: "vault.auth.tokenSecretRef", credential: "a Vault token", remedy: VAULT },
  { path: "vault.auth.appRole", credential: "an AppRole's secret id", remedy: VAULT },
  { path: "vault.auth.userPass", credential: "a password", remedy: VAULT },
  { path: "vault.auth.ldap", credential: "a password", remedy: VAULT },
  { path: "vault.auth.cert", credential: "a client certificate's key", remedy: VAULT },
  { path: "vault.auth.jwt.secretRef", credential: "a JWT", remedy: VAULT },
  { path: "vault.auth.kubernetes.secretRef", credential: "a ServiceAccount's token", remedy: VAULT },
  { path: "vault.auth.iam.secretRef", credential: "AWS access keys", remedy: VAULT },
  { path: "vault.auth.gcp.secretRef", credential: "a service account key", remedy: VAULT },
  { path: "kubernetes.auth.token", credential: "a bearer token", remedy: KUBERNETES },
  { path: "kubernetes.auth.cert", credential: "a client certificate's key", remedy: KUBERNETES },
];
