/** Arguments of stores and ExternalSecrets. Made by `npm run generate` from api/. Do not edit. */
import type { Input } from "@pulumi/pulumi";

/** How a secret backend is reached. */
export interface SecretStoreSpecArgs {
  /** Class of the controller that serves this store. Default: whichever controller sees it. */
  readonly controller?: Input<string>;
  /** The backend: exactly one of the fields. */
  readonly provider: Input<ProviderArgs>;
  /** How often the store is validated: a Go duration ("5m") or seconds. Default, also of 0: the controller's, 5m. */
  readonly refreshInterval?: Input<number | string>;
  /** How failed requests to the backend are repeated. Default: not set. */
  readonly retrySettings?: Input<SecretStoreSpecRetrySettingsArgs>;
  /** Which namespaces may use this ClusterSecretStore. Default: all. Range: at most 64 of them. */
  readonly conditions?: Input<readonly Input<StoreConditionArgs>[]>;
}

/** The backend: exactly one of the fields. */
export type ProviderArgs =
  | {
  /** Amazon Web Services: Secrets Manager, Parameter Store, Certificate Manager. */
  readonly aws: Input<AwsProviderArgs>;
  readonly azurekv?: never;
  readonly fake?: never;
  readonly gcpsm?: never;
  readonly kubernetes?: never;
  readonly vault?: never;
  readonly webhook?: never;
}
  | {
  readonly aws?: never;
  /** Azure Key Vault. */
  readonly azurekv: Input<AzureKvProviderArgs>;
  readonly fake?: never;
  readonly gcpsm?: never;
  readonly kubernetes?: never;
  readonly vault?: never;
  readonly webhook?: never;
}
  | {
  readonly aws?: never;
  readonly azurekv?: never;
  /** Values in the store itself, for trying things out. */
  readonly fake: Input<FakeProviderArgs>;
  readonly gcpsm?: never;
  readonly kubernetes?: never;
  readonly vault?: never;
  readonly webhook?: never;
}
  | {
  readonly aws?: never;
  readonly azurekv?: never;
  readonly fake?: never;
  /** Google Cloud Secret Manager. */
  readonly gcpsm: Input<GcpSmProviderArgs>;
  readonly kubernetes?: never;
  readonly vault?: never;
  readonly webhook?: never;
}
  | {
  readonly aws?: never;
  readonly azurekv?: never;
  readonly fake?: never;
  readonly gcpsm?: never;
  /** Secrets of another namespace or cluster. */
  readonly kubernetes: Input<KubernetesProviderArgs>;
  readonly vault?: never;
  readonly webhook?: never;
}
  | {
  readonly aws?: never;
  readonly azurekv?: never;
  readonly fake?: never;
  readonly gcpsm?: never;
  readonly kubernetes?: never;
  /** HashiCorp Vault or OpenBao: the KV engine. */
  readonly vault: Input<VaultProviderArgs>;
  readonly webhook?: never;
}
  | {
  readonly aws?: never;
  readonly azurekv?: never;
  readonly fake?: never;
  readonly gcpsm?: never;
  readonly kubernetes?: never;
  readonly vault?: never;
  /** Any HTTP service. */
  readonly webhook: Input<WebhookProviderArgs>;
};

/** Amazon Web Services: Secrets Manager, Parameter Store, Certificate Manager. */
export interface AwsProviderArgs {
  /** Service that holds the secrets. */
  readonly service: Input<"SecretsManager" | "ParameterStore" | "CertificateManager">;
  /** Region, such as eu-central-1. */
  readonly region: Input<string>;
  /** Credentials. Default: the controller's own (IRSA, Pod Identity, environment, instance metadata). */
  readonly auth?: Input<AwsProviderAuthArgs>;
  /** ARN of a role that is assumed last. Default: none. */
  readonly role?: Input<string>;
  /** ARNs of roles that are assumed one after the other, before role. Default: none. */
  readonly additionalRoles?: Input<readonly Input<string>[]>;
  /** External id for assuming role. Default: none. */
  readonly externalID?: Input<string>;
  /** Put before every key. Default: none. */
  readonly prefix?: Input<string>;
  /** Session tags for assuming role. Default: none. */
  readonly sessionTags?: Input<readonly Input<AwsProviderSessionTagsArgs>[]>;
  /**
   * Simple adds the session tags esoNamespace, esoStoreName and esoStoreKind; Custom adds those and
   * customSessionTags. Default: None.
   */
  readonly sessionTagsPolicy?: Input<"None" | "Simple" | "Custom">;
  /** More session tags, for sessionTagsPolicy Custom. Default: none. */
  readonly customSessionTags?: Input<Readonly<Record<string, Input<string>>>>;
  /** Session tags that go on to the roles that are assumed from role. Default: none. */
  readonly transitiveTagKeys?: Input<readonly Input<string>[]>;
  /** How Secrets Manager deletes what was pushed. Default: not set. */
  readonly secretsManager?: Input<AwsProviderSecretsManagerArgs>;
}

/** Credentials. Default: the controller's own (IRSA, Pod Identity, environment, instance metadata). */
export interface AwsProviderAuthArgs {
  /** Role by a ServiceAccount's token. Goes before secretRef. Default: not set. */
  readonly jwt?: Input<AwsJwtAuthArgs>;
  /** Access keys in Secrets. Default: not set. */
  readonly secretRef?: Input<AwsSecretRefAuthArgs>;
}

/** Session tags for assuming role. Default: none. */
export interface AwsProviderSessionTagsArgs {
  /** Key of the tag. */
  readonly key: Input<string>;
  /** Value of the tag. */
  readonly value: Input<string>;
}

/** How Secrets Manager deletes what was pushed. */
export interface AwsProviderSecretsManagerArgs {
  /** Deletes at once, with no way back. Not together with recoveryWindowInDays. Default: false. */
  readonly forceDeleteWithoutRecovery?: Input<boolean>;
  /** Days until a deleted secret is gone, 7 to 30. Default: AWS's, 30. */
  readonly recoveryWindowInDays?: Input<number>;
}

/** Azure Key Vault. */
export interface AzureKvProviderArgs {
  /** URL of the vault, such as https://my-vault.vault.azure.net. */
  readonly vaultUrl: Input<string>;
  /**
   * How to log in: authSecretRef, the node's managed identity, or a ServiceAccount's token. Default:
   * ServicePrincipal.
   */
  readonly authType?: Input<"ServicePrincipal" | "ManagedIdentity" | "WorkloadIdentity">;
  /** Tenant id. Needed by ServicePrincipal. Default: not set. */
  readonly tenantId?: Input<string>;
  /** Credentials in Secrets, for ServicePrincipal and WorkloadIdentity. Default: not set. */
  readonly authSecretRef?: Input<AzureKvProviderAuthSecretRefArgs>;
  /** ServiceAccount for WorkloadIdentity. Default: the controller's own. */
  readonly serviceAccountRef?: Input<ServiceAccountSelectorArgs>;
  /** Client id of the managed identity. Default: the only one of the node. */
  readonly identityId?: Input<string>;
  /** Which Azure. AzureStackCloud needs customCloudConfig. Default: PublicCloud. */
  readonly environmentType?: Input<"PublicCloud" | "USGovernmentCloud" | "ChinaCloud" | "GermanCloud" | "AzureStackCloud">;
  /** Endpoints of an own Azure. Default: those of environmentType. */
  readonly customCloudConfig?: Input<AzureKvProviderCustomCloudConfigArgs>;
  /** Accepted for compatibility: chose between two client libraries, of which there is one here. Default: false. */
  readonly useAzureSDK?: Input<boolean>;
}

/** Credentials in Secrets, for ServicePrincipal and WorkloadIdentity. */
export interface AzureKvProviderAuthSecretRefArgs {
  /** Client id of the application. Default: not set. */
  readonly clientId?: Input<SecretKeySelectorArgs>;
  /** Tenant id, for WorkloadIdentity. Default: tenantId. */
  readonly tenantId?: Input<SecretKeySelectorArgs>;
  /** Client secret. Not together with clientCertificate. Default: not set. */
  readonly clientSecret?: Input<SecretKeySelectorArgs>;
  /** Certificate and RSA key of the application, as PEM or as PKCS#12 without a password. Default: not set. */
  readonly clientCertificate?: Input<SecretKeySelectorArgs>;
}

/** Endpoints of an own Azure. Default: those of environmentType. */
export interface AzureKvProviderCustomCloudConfigArgs {
  /** URL where tokens are issued. */
  readonly activeDirectoryEndpoint: Input<string>;
  /** Resource that tokens are issued for. Default: not set. */
  readonly keyVaultEndpoint?: Input<string>;
  /** Domain of the vaults. Default: not set. */
  readonly keyVaultDNSSuffix?: Input<string>;
  /** URL of the resource manager. Default: not set. */
  readonly resourceManagerEndpoint?: Input<string>;
}

/** Values in the store itself, for trying things out. */
export interface FakeProviderArgs {
  /** The secrets. */
  readonly data: Input<readonly Input<FakeProviderDataArgs>[]>;
  /** What validating the store gives: 0 Ready, 1 Unknown, 2 Error. Default: 0. */
  readonly validationResult?: Input<number>;
}

/** The secrets. */
export interface FakeProviderDataArgs {
  /** Name of the secret. */
  readonly key: Input<string>;
  /** Value of the secret, readable by all who may read the store. */
  readonly value: Input<string>;
  /** Version of the secret. Default: none. */
  readonly version?: Input<string>;
}

/** Google Cloud Secret Manager. */
export interface GcpSmProviderArgs {
  /** Project that holds the secrets. Default: the cluster's. */
  readonly projectID?: Input<string>;
  /** Location of regional secrets. Default: global secrets. */
  readonly location?: Input<string>;
  /** Credentials. Default: the controller's application default credentials. */
  readonly auth?: Input<GcpSmProviderAuthArgs>;
  /**
   * What is read when the latest version is disabled or destroyed: nothing (LatestOrFail) or the newest enabled one
   * (LatestOrFetch). Default: LatestOrFail.
   */
  readonly secretVersionSelectionPolicy?: Input<string>;
}

/** Credentials. Default: the controller's application default credentials. */
export interface GcpSmProviderAuthArgs {
  /** A service account key in a Secret. Tried first. Default: not set. */
  readonly secretRef?: Input<GcpSecretRefAuthArgs>;
  /** GKE workload identity. Tried second. Default: not set. */
  readonly workloadIdentity?: Input<GcpWorkloadIdentityArgs>;
  /** Credentials from elsewhere. Tried third. Default: not set. */
  readonly workloadIdentityFederation?: Input<GcpSmProviderAuthWorkloadIdentityFederationArgs>;
}

/** Credentials from elsewhere. Tried third. */
export interface GcpSmProviderAuthWorkloadIdentityFederationArgs {
  /** ConfigMap that holds an external_account credential configuration. Default: not set. */
  readonly credConfig?: Input<GcpSmProviderAuthWorkloadIdentityFederationCredConfigArgs>;
  /** ServiceAccount whose token is exchanged. Default: not set. */
  readonly serviceAccountRef?: Input<ServiceAccountSelectorArgs>;
  /** AWS credentials that are exchanged. Default: not set. */
  readonly awsSecurityCredentials?: Input<GcpSmProviderAuthWorkloadIdentityFederationAwsSecurityCredentialsArgs>;
  /** Audience of the exchange: the full name of the workload identity provider. Default: that of credConfig. */
  readonly audience?: Input<string>;
  /** URL that gives the token to exchange. Default: that of credConfig. */
  readonly externalTokenEndpoint?: Input<string>;
  /** Service account to impersonate. Default: none. Range: matching `^.*@.*\.iam\.gserviceaccount\.com$`. */
  readonly gcpServiceAccountEmail?: Input<string>;
}

/** ConfigMap that holds an external_account credential configuration. */
export interface GcpSmProviderAuthWorkloadIdentityFederationCredConfigArgs {
  /**
   * Name of the ConfigMap. Range: up to 253 characters, matching
   * `^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$`.
   */
  readonly name: Input<string>;
  /** Key in the ConfigMap's data. Range: up to 253 characters, matching `^[-._a-zA-Z0-9]+$`. */
  readonly key: Input<string>;
  /**
   * Namespace of the object. A ClusterSecretStore only. Default: not set. Range: up to 63 characters, matching
   * `^[a-z0-9]([-a-z0-9]*[a-z0-9])?$`.
   */
  readonly namespace?: Input<string>;
}

/** AWS credentials that are exchanged. */
export interface GcpSmProviderAuthWorkloadIdentityFederationAwsSecurityCredentialsArgs {
  /** AWS region of the credentials. Range: up to 50 characters, matching `^[a-z0-9-]+$`. */
  readonly region: Input<string>;
  /** Secret with the keys aws_access_key_id, aws_secret_access_key and, if need be, aws_session_token. */
  readonly awsCredentialsSecretRef: Input<GcpSmProviderAuthWorkloadIdentityFederationAwsSecurityCredentialsAwsCredentialsSecretRefArgs>;
}

/** Secret with the keys aws_access_key_id, aws_secret_access_key and, if need be, aws_session_token. */
export interface GcpSmProviderAuthWorkloadIdentityFederationAwsSecurityCredentialsAwsCredentialsSecretRefArgs {
  /**
   * Name of the Secret. Range: up to 253 characters, matching
   * `^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$`.
   */
  readonly name: Input<string>;
  /**
   * Namespace of the object. A ClusterSecretStore only. Default: not set. Range: up to 63 characters, matching
   * `^[a-z0-9]([-a-z0-9]*[a-z0-9])?$`.
   */
  readonly namespace?: Input<string>;
}

/** Secrets of another namespace or cluster. */
export interface KubernetesProviderArgs {
  /** API server of the other cluster. Default: this one's. */
  readonly server?: Input<KubernetesProviderServerArgs>;
  /**
   * Namespace that holds the Secrets. Default: default. Range: up to 63 characters, matching
   * `^[a-z0-9]([-a-z0-9]*[a-z0-9])?$`.
   */
  readonly remoteNamespace?: Input<string>;
  /** Credentials: exactly one of the ways. Either this or authRef. Default: not set. */
  readonly auth?: Input<KubernetesProviderAuthArgs>;
  /** Secret that holds a kubeconfig. Default: not set. */
  readonly authRef?: Input<SecretKeySelectorArgs>;
}

/** API server of the other cluster. Default: this one's. */
export interface KubernetesProviderServerArgs {
  /** URL of the API server. Default: kubernetes.default. */
  readonly url?: Input<string>;
  /** PEM of the certificates that the server is checked with. Default: not set. Range: in Base64. */
  readonly caBundle?: Input<string>;
  /** Where that PEM is kept in the cluster. Default: not set. */
  readonly caProvider?: Input<CaProviderArgs>;
}

/** Credentials: exactly one of the ways. Either this or authRef. */
export type KubernetesProviderAuthArgs =
  | {
  /** Client certificate. */
  readonly cert: Input<KubernetesProviderAuthCertArgs>;
  readonly token?: never;
  readonly serviceAccount?: never;
}
  | {
  readonly cert?: never;
  /** Bearer token. */
  readonly token: Input<KubernetesProviderAuthTokenArgs>;
  readonly serviceAccount?: never;
}
  | {
  readonly cert?: never;
  readonly token?: never;
  /** ServiceAccount whose token is requested. */
  readonly serviceAccount: Input<ServiceAccountSelectorArgs>;
};

/** Client certificate. */
export interface KubernetesProviderAuthCertArgs {
  /** Client certificate as PEM; key `tls.crt` by default. */
  readonly clientCert: Input<SecretKeySelectorArgs>;
  /** Key of the certificate as PEM; key `tls.key` by default. */
  readonly clientKey: Input<SecretKeySelectorArgs>;
}

/** Bearer token. */
export interface KubernetesProviderAuthTokenArgs {
  /** Secret that holds the token; key `token` by default. */
  readonly bearerToken: Input<SecretKeySelectorArgs>;
}

/** HashiCorp Vault or OpenBao: the KV engine. */
export interface VaultProviderArgs {
  /** URL of the server, such as https://vault.example.com:8200. */
  readonly server: Input<string>;
  /** Path where the KV engine is mounted, such as secret. Default: the first part of each key. */
  readonly path?: Input<string>;
  /** Version of the KV engine. Default: v2. */
  readonly version?: Input<"v1" | "v2">;
  /** Namespace of the secrets (Enterprise). Default: the root. */
  readonly namespace?: Input<string>;
  /** How to log in. Default: not at all, for an agent that does it. */
  readonly auth?: Input<VaultProviderAuthArgs>;
  /** PEM of the certificates that the server is checked with. Default: the system's. Range: in Base64. */
  readonly caBundle?: Input<string>;
  /** Where that PEM is kept in the cluster. Default: not set. */
  readonly caProvider?: Input<CaProviderArgs>;
  /** Client certificate of the connection (mTLS). Default: not set. */
  readonly tls?: Input<VaultProviderTlsArgs>;
  /** Headers that are added to each request. Default: not set. */
  readonly headers?: Input<Readonly<Record<string, Input<string>>>>;
  /** Waits for a replica to have what was written (Enterprise). Default: false. */
  readonly readYourWrites?: Input<boolean>;
  /** Asks replicas that are behind to forward the request (Enterprise). Default: false. */
  readonly forwardInconsistent?: Input<boolean>;
  /** Guards writes against those of others (KV v2). Default: not set. */
  readonly checkAndSet?: Input<VaultProviderCheckAndSetArgs>;
}

/** How to log in. Default: not at all, for an agent that does it. */
export interface VaultProviderAuthArgs {
  /** Namespace of the login, where it is not that of the secrets (Enterprise). Default: not set. */
  readonly namespace?: Input<string>;
  /** Secret that holds a Vault token. Default: not set. */
  readonly tokenSecretRef?: Input<SecretKeySelectorArgs>;
  /** AppRole. Default: not set. */
  readonly appRole?: Input<VaultProviderAuthAppRoleArgs>;
  /** Kubernetes: Vault checks a ServiceAccount's token with the API server. Default: not set. */
  readonly kubernetes?: Input<VaultProviderAuthKubernetesArgs>;
  /** LDAP. Default: not set. */
  readonly ldap?: Input<VaultProviderAuthLdapArgs>;
  /** User name and password. Default: not set. */
  readonly userPass?: Input<VaultProviderAuthUserPassArgs>;
  /** JWT or OIDC. Default: not set. */
  readonly jwt?: Input<VaultProviderAuthJwtArgs>;
  /** TLS client certificate. Default: not set. */
  readonly cert?: Input<VaultProviderAuthCertArgs>;
  /** AWS IAM: a signed request proves who we are. Default: not set. */
  readonly iam?: Input<VaultProviderAuthIamArgs>;
  /** Google Cloud IAM. Default: not set. */
  readonly gcp?: Input<VaultProviderAuthGcpArgs>;
}

/** AppRole. */
export interface VaultProviderAuthAppRoleArgs {
  /** Path where the auth method is mounted. Default: approle. */
  readonly path?: Input<string>;
  /** Role id. Either this or roleRef. Default: not set. */
  readonly roleId?: Input<string>;
  /** Secret that holds the role id. Default: not set. */
  readonly roleRef?: Input<SecretKeySelectorArgs>;
  /** Secret that holds the secret id. */
  readonly secretRef: Input<SecretKeySelectorArgs>;
}

/** Kubernetes: Vault checks a ServiceAccount's token with the API server. */
export interface VaultProviderAuthKubernetesArgs {
  /** Path where the auth method is mounted. Default: kubernetes. */
  readonly mountPath?: Input<string>;
  /** Role of the auth method. */
  readonly role: Input<string>;
  /** ServiceAccount whose token is requested. Goes before secretRef. Default: not set. */
  readonly serviceAccountRef?: Input<ServiceAccountSelectorArgs>;
  /** Secret that holds a token; key `token` by default. Default: the controller's own token. */
  readonly secretRef?: Input<SecretKeySelectorArgs>;
}

/** LDAP. */
export interface VaultProviderAuthLdapArgs {
  /** Path where the auth method is mounted. Default: ldap. */
  readonly path?: Input<string>;
  /** Name of the user. */
  readonly username: Input<string>;
  /** Secret that holds the password. Default: not set. */
  readonly secretRef?: Input<SecretKeySelectorArgs>;
}

/** User name and password. */
export interface VaultProviderAuthUserPassArgs {
  /** Path where the auth method is mounted. Default: userpass. */
  readonly path?: Input<string>;
  /** Name of the user. */
  readonly username: Input<string>;
  /** Secret that holds the password. Default: not set. */
  readonly secretRef?: Input<SecretKeySelectorArgs>;
}

/** JWT or OIDC. */
export interface VaultProviderAuthJwtArgs {
  /** Path where the auth method is mounted. Default: jwt. */
  readonly path?: Input<string>;
  /** Role of the auth method. Default: the method's default role. */
  readonly role?: Input<string>;
  /** Secret that holds a JWT. Goes before kubernetesServiceAccountToken. Default: not set. */
  readonly secretRef?: Input<SecretKeySelectorArgs>;
  /** A ServiceAccount's token as the JWT. Default: not set. */
  readonly kubernetesServiceAccountToken?: Input<VaultProviderAuthJwtKubernetesServiceAccountTokenArgs>;
}

/** A ServiceAccount's token as the JWT. */
export interface VaultProviderAuthJwtKubernetesServiceAccountTokenArgs {
  /** ServiceAccount whose token is requested. */
  readonly serviceAccountRef: Input<ServiceAccountSelectorArgs>;
  /** Audiences of the token. Default: vault. Deprecated: serviceAccountRef has audiences, too. */
  readonly audiences?: Input<readonly Input<string>[]>;
  /** Life of the token in seconds, at least 600. Default: 600. */
  readonly expirationSeconds?: Input<number>;
}

/** TLS client certificate. */
export interface VaultProviderAuthCertArgs {
  /** Path where the auth method is mounted. Default: cert. */
  readonly path?: Input<string>;
  /** Client certificate as PEM; key `tls.crt` by default. */
  readonly clientCert?: Input<SecretKeySelectorArgs>;
  /** Key of the client certificate as PEM; key `tls.key` by default. */
  readonly secretRef?: Input<SecretKeySelectorArgs>;
  /** Role of the auth method. Default: whichever matches. */
  readonly vaultRole?: Input<string>;
}

/** AWS IAM: a signed request proves who we are. */
export interface VaultProviderAuthIamArgs {
  /** Path where the auth method is mounted. Default: aws. */
  readonly path?: Input<string>;
  /** AWS region of the request that is signed. Default: us-east-1. */
  readonly region?: Input<string>;
  /** ARN of an AWS role that is assumed first. Default: none. */
  readonly role?: Input<string>;
  /** External id for assuming role. Default: none. */
  readonly externalID?: Input<string>;
  /** Role of the auth method. */
  readonly vaultRole: Input<string>;
  /** Value of the header X-Vault-AWS-IAM-Server-ID. Default: not sent. */
  readonly vaultAwsIamServerID?: Input<string>;
  /** AWS role by a ServiceAccount's token. Default: not set. */
  readonly jwt?: Input<AwsJwtAuthArgs>;
  /** AWS access keys in Secrets. Default: not set. */
  readonly secretRef?: Input<AwsSecretRefAuthArgs>;
}

/** Google Cloud IAM. */
export interface VaultProviderAuthGcpArgs {
  /** Path where the auth method is mounted. Default: gcp. */
  readonly path?: Input<string>;
  /** Role of the auth method. */
  readonly role: Input<string>;
  /** Project of the service account. Default: not set. */
  readonly projectID?: Input<string>;
  /** Location of the cluster, for workloadIdentity. Default: not set. */
  readonly location?: Input<string>;
  /** ServiceAccount for GKE workload identity. Default: not set. */
  readonly serviceAccountRef?: Input<ServiceAccountSelectorArgs>;
  /** A service account key in a Secret. Default: not set. */
  readonly secretRef?: Input<GcpSecretRefAuthArgs>;
  /** GKE workload identity. Default: not set. */
  readonly workloadIdentity?: Input<GcpWorkloadIdentityArgs>;
}

/** Client certificate of the connection (mTLS). */
export interface VaultProviderTlsArgs {
  /** Client certificate as PEM; key `tls.crt` by default. */
  readonly certSecretRef?: Input<SecretKeySelectorArgs>;
  /** Key of the client certificate as PEM; key `tls.key` by default. */
  readonly keySecretRef?: Input<SecretKeySelectorArgs>;
}

/** Guards writes against those of others (KV v2). */
export interface VaultProviderCheckAndSetArgs {
  /** Writes only over the version that was read. Default: false. */
  readonly required?: Input<boolean>;
}

/** Any HTTP service. */
export interface WebhookProviderArgs {
  /** URL; a template with .remoteRef.{key,version,property,namespace} and each of secrets. */
  readonly url: Input<string>;
  /** HTTP method. Default: GET; POST where values are pushed. */
  readonly method?: Input<string>;
  /** Headers; values are templates. Default: not set. */
  readonly headers?: Input<Readonly<Record<string, Input<string>>>>;
  /** Body of the request; a template. Default: none. */
  readonly body?: Input<string>;
  /** Limit of a request, as a Go duration. Default: the controller's. */
  readonly timeout?: Input<string>;
  /** What of the answer is taken. Default: not set. */
  readonly result?: Input<WebhookProviderResultArgs>;
  /** Secrets of the cluster for the templates. Default: not set. */
  readonly secrets?: Input<readonly Input<WebhookProviderSecretsArgs>[]>;
  /** How to log in. Default: not at all. */
  readonly auth?: Input<WebhookProviderAuthArgs>;
  /** PEM of the certificates that the server is checked with. Default: the system's. Range: in Base64. */
  readonly caBundle?: Input<string>;
  /** Where that PEM is kept in the cluster. Default: not set. */
  readonly caProvider?: Input<CaProviderArgs>;
}

/** What of the answer is taken. */
export interface WebhookProviderResultArgs {
  /** JSONPath of the value in the answer; a template. Default: all of it. */
  readonly jsonPath?: Input<string>;
}

/** Secrets of the cluster for the templates. */
export interface WebhookProviderSecretsArgs {
  /** Name by which templates use it. */
  readonly name: Input<string>;
  /** Secret, which must have the label external-secrets.io/type=webhook. */
  readonly secretRef: Input<SecretKeySelectorArgs>;
}

/** How to log in. Default: not at all. */
export interface WebhookProviderAuthArgs {
  /** NTLM. Default: not set. */
  readonly ntlm?: Input<WebhookProviderAuthNtlmArgs>;
}

/** NTLM. */
export interface WebhookProviderAuthNtlmArgs {
  /** Secret that holds the user name. */
  readonly usernameSecret: Input<SecretKeySelectorArgs>;
  /** Secret that holds the password. */
  readonly passwordSecret: Input<SecretKeySelectorArgs>;
}

/** How failed requests to the backend are repeated. */
export interface SecretStoreSpecRetrySettingsArgs {
  /** How often a failed request is repeated. Default: the backend's. */
  readonly maxRetries?: Input<number>;
  /** Time between repetitions, as a Go duration. Default: the backend's. */
  readonly retryInterval?: Input<string>;
}

/** Which namespaces may use this ClusterSecretStore. Default: all. */
export interface StoreConditionArgs {
  /** Namespaces by their labels. Default: not set. */
  readonly namespaceSelector?: Input<LabelSelectorArgs>;
  /**
   * Namespaces by their names. Default: not set. Each: Range: up to 63 characters, matching
   * `^[a-z0-9]([-a-z0-9]*[a-z0-9])?$`.
   */
  readonly namespaces?: Input<readonly Input<string>[]>;
  /**
   * Namespaces whose name matches a regular expression (RE2). Not anchored: write ^team-a$ for one name. Default:
   * not set. Range: at most 128 of them. Each: Range: up to 1024 characters.
   */
  readonly namespaceRegexes?: Input<readonly Input<string>[]>;
}

/** What an ExternalSecret asks for. */
export interface ExternalSecretSpecArgs {
  /** The store that values are read from, unless an item names its own. Default: not set. */
  readonly secretStoreRef?: Input<StoreRefArgs>;
  /** The Secret that is written. Default: creationPolicy Owner, deletionPolicy Retain. */
  readonly target?: Input<ExternalSecretTargetArgs>;
  /**
   * Periodic refreshes each refreshInterval and on changes; OnChange only when the ExternalSecret changes;
   * CreatedOnce only once. Default: Periodic.
   */
  readonly refreshPolicy?: Input<"CreatedOnce" | "Periodic" | "OnChange">;
  /** How often the backend is read, as a Go duration ("1h30m"). 0 reads it once and never again. Default: 1h0m0s. */
  readonly refreshInterval?: Input<string>;
  /** When periodic refreshes are permitted. Default: always. */
  readonly syncWindows?: Input<ExternalSecretSpecSyncWindowsArgs>;
  /** Single values. They win over dataFrom. Default: not set. Range: at most 10000 of them. */
  readonly data?: Input<readonly Input<ExternalSecretDataArgs>[]>;
  /** Whole maps of values, in order; later ones win. Default: not set. */
  readonly dataFrom?: Input<readonly Input<ExternalSecretDataFromArgs>[]>;
}

/** The Secret that is written. */
export interface ExternalSecretTargetArgs {
  /**
   * Name of the Secret. Default: that of the ExternalSecret. Range: up to 253 characters, matching
   * `^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$`.
   */
  readonly name?: Input<string>;
  /**
   * Owner creates the Secret and owns it; Orphan creates it without an owner; Merge only adds keys to one that is
   * there; CreateOrMerge does either; None writes nothing. Default: Owner.
   */
  readonly creationPolicy?: Input<"Owner" | "Orphan" | "Merge" | "None" | "CreateOrMerge">;
  /**
   * When the backend has none of the values any longer: Retain keeps the Secret, Delete deletes it (creationPolicy
   * Owner only), Merge removes the keys of this ExternalSecret. Default: Retain.
   */
  readonly deletionPolicy?: Input<"Delete" | "Merge" | "Retain">;
  /** Makes the Secret immutable: its data is written once. Default: false. */
  readonly immutable?: Input<boolean>;
  /** How the Secret is rendered. Default: the values as they are. */
  readonly template?: Input<ExternalSecretTargetTemplateArgs>;
  /** Another kind of target than Secret. Must be permitted by a flag of the controller. Default: not set. */
  readonly manifest?: Input<ExternalSecretTargetManifestArgs>;
}

/** How the Secret is rendered. Default: the values as they are. */
export interface ExternalSecretTargetTemplateArgs {
  /** Type of the Secret. Default: Opaque. */
  readonly type?: Input<string>;
  /** Version of the template engine. Default: v2. */
  readonly engineVersion?: Input<"v2">;
  /** Whether the values of the backend are kept beside the rendered ones (Merge) or not (Replace). Default: Replace. */
  readonly mergePolicy?: Input<"Replace" | "Merge">;
  /** Metadata of the Secret. Default: that of the ExternalSecret. */
  readonly metadata?: Input<ExternalSecretTargetTemplateMetadataArgs>;
  /** Templates by the Secret's key. They win over templateFrom. Default: not set. */
  readonly data?: Input<Readonly<Record<string, Input<string>>>>;
  /** Templates from elsewhere, in order; later ones win. Default: not set. Range: at most 1000 of them. */
  readonly templateFrom?: Input<readonly Input<ExternalSecretTargetTemplateTemplateFromArgs>[]>;
}

/** Metadata of the Secret. Default: that of the ExternalSecret. */
export interface ExternalSecretTargetTemplateMetadataArgs {
  /** Annotations; values are templates. Default: not set. */
  readonly annotations?: Input<Readonly<Record<string, Input<string>>>>;
  /** Labels; values are templates. Default: not set. */
  readonly labels?: Input<Readonly<Record<string, Input<string>>>>;
  /** Finalizers of the Secret. Default: not set. */
  readonly finalizers?: Input<readonly Input<string>[]>;
}

/** Templates from elsewhere, in order; later ones win. */
export interface ExternalSecretTargetTemplateTemplateFromArgs {
  /**
   * What the result becomes: Data, Annotations or Labels of a Secret; of another kind of target, a path such as
   * spec.config. Default: Data. Range: up to 1024 characters.
   */
  readonly target?: Input<string>;
  /** Templates in a ConfigMap. Default: not set. */
  readonly configMap?: Input<ExternalSecretTargetTemplateTemplateFromConfigMapArgs>;
  /** Templates in a Secret. Default: not set. */
  readonly secret?: Input<ExternalSecretTargetTemplateTemplateFromSecretArgs>;
  /** A template that gives YAML of keys and values. Default: not set. */
  readonly literal?: Input<string>;
  /** How the rendered values are decoded. Default: None. */
  readonly valuesDecodingStrategy?: Input<"Auto" | "Base64" | "Base64URL" | "None">;
}

/** Templates in a ConfigMap. */
export interface ExternalSecretTargetTemplateTemplateFromConfigMapArgs {
  /**
   * Name of the object, in the namespace of the ExternalSecret. Range: up to 253 characters, matching
   * `^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$`.
   */
  readonly name: Input<string>;
  /** Keys that hold templates. */
  readonly items: Input<readonly Input<ExternalSecretTargetTemplateTemplateFromConfigMapItemsArgs>[]>;
}

/** Keys that hold templates. */
export interface ExternalSecretTargetTemplateTemplateFromConfigMapItemsArgs {
  /** Key in the object's data. Range: up to 253 characters, matching `^[-._a-zA-Z0-9]+$`. */
  readonly key: Input<string>;
  /**
   * Values renders the text as the value of this key; KeysAndValues renders it as YAML of keys and values. Default:
   * Values.
   */
  readonly templateAs?: Input<"Values" | "KeysAndValues">;
}

/** Templates in a Secret. */
export interface ExternalSecretTargetTemplateTemplateFromSecretArgs {
  /**
   * Name of the object, in the namespace of the ExternalSecret. Range: up to 253 characters, matching
   * `^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$`.
   */
  readonly name: Input<string>;
  /** Keys that hold templates. */
  readonly items: Input<readonly Input<ExternalSecretTargetTemplateTemplateFromSecretItemsArgs>[]>;
}

/** Keys that hold templates. */
export interface ExternalSecretTargetTemplateTemplateFromSecretItemsArgs {
  /** Key in the object's data. Range: up to 253 characters, matching `^[-._a-zA-Z0-9]+$`. */
  readonly key: Input<string>;
  /**
   * Values renders the text as the value of this key; KeysAndValues renders it as YAML of keys and values. Default:
   * Values.
   */
  readonly templateAs?: Input<"Values" | "KeysAndValues">;
}

/** Another kind of target than Secret. Must be permitted by a flag of the controller. */
export interface ExternalSecretTargetManifestArgs {
  /** API version of the target. */
  readonly apiVersion: Input<string>;
  /** Kind of the target. */
  readonly kind: Input<string>;
}

/** When periodic refreshes are permitted. Default: always. */
export interface ExternalSecretSpecSyncWindowsArgs {
  /** allow refreshes only while a window is open; deny refreshes only while none is. */
  readonly kind: Input<"allow" | "deny">;
  /** The windows; at least one. Range: at least 1 of them. */
  readonly windows: Input<readonly Input<ExternalSecretSpecSyncWindowsWindowsArgs>[]>;
}

/** The windows; at least one. */
export interface ExternalSecretSpecSyncWindowsWindowsArgs {
  /**
   * When the window opens, in UTC: five cron fields or a descriptor such as @daily. Range: matching
   * `^(@(annually|yearly|monthly|weekly|daily|midnight|hourly)|@every [^\s]+.*|[^\s]+( [^\s]+){4})$`.
   */
  readonly schedule: Input<string>;
  /** How long the window stays open, as a Go duration ("1h30m"). */
  readonly duration: Input<string>;
}

/** Single values. They win over dataFrom. */
export interface ExternalSecretDataArgs {
  /**
   * Key in the Secret, up to 253 characters of letters, digits, `-`, `.` and `_`. Range: up to 253 characters,
   * matching `^[-._a-zA-Z0-9]+$`.
   */
  readonly secretKey: Input<string>;
  /** Where the value is in the backend. */
  readonly remoteRef: Input<RemoteRefArgs>;
  /** A store for this item alone. Default: spec.secretStoreRef. */
  readonly sourceRef?: Input<SourceRefArgs>;
  /**
   * Whether the rest is written when the backend has no such key or property. ESO ignores this field. Default:
   * false.
   */
  readonly optional?: Input<boolean>;
  /**
   * Value when the backend has no such key or property; everyone who reads the manifest sees it. ESO ignores this
   * field. Default: none.
   */
  readonly default?: Input<string>;
}

/** Whole maps of values, in order; later ones win. */
export type ExternalSecretDataFromArgs =
  | {
  /** Takes every top-level field of one JSON value as a key. */
  readonly extract: Input<RemoteRefArgs>;
  readonly find?: never;
  /** Changes the keys, step by step. Default: none. */
  readonly rewrite?: Input<readonly Input<ExternalSecretDataFromRewriteArgs>[]>;
  /** A store or generator for this item alone. Default: spec.secretStoreRef. */
  readonly sourceRef?: Input<SourceRefArgs>;
  /**
   * Whether the rest is written when the backend has no such key or property. ESO ignores this field. Default:
   * false.
   */
  readonly optional?: Input<boolean>;
}
  | {
  readonly extract?: never;
  /** Takes every secret that is found as a key. */
  readonly find: Input<ExternalSecretDataFromFindArgs>;
  /** Changes the keys, step by step. Default: none. */
  readonly rewrite?: Input<readonly Input<ExternalSecretDataFromRewriteArgs>[]>;
  /** A store or generator for this item alone. Default: spec.secretStoreRef. */
  readonly sourceRef?: Input<SourceRefArgs>;
  /**
   * Whether the rest is written when the backend has no such key or property. ESO ignores this field. Default:
   * false.
   */
  readonly optional?: Input<boolean>;
}
  | {
  readonly extract?: never;
  readonly find?: never;
  /** Changes the keys, step by step. Default: none. */
  readonly rewrite?: Input<readonly Input<ExternalSecretDataFromRewriteArgs>[]>;
  /** A store or generator for this item alone. Default: spec.secretStoreRef. */
  readonly sourceRef: Input<SourceRefArgs>;
  /**
   * Whether the rest is written when the backend has no such key or property. ESO ignores this field. Default:
   * false.
   */
  readonly optional?: Input<boolean>;
};

/** Changes the keys, step by step. Default: none. */
export type ExternalSecretDataFromRewriteArgs =
  | {
  /** Replaces parts of each key. */
  readonly regexp: Input<ExternalSecretDataFromRewriteRegexpArgs>;
  readonly transform?: never;
  readonly merge?: never;
}
  | {
  readonly regexp?: never;
  /** Makes each key by a template. */
  readonly transform: Input<ExternalSecretDataFromRewriteTransformArgs>;
  readonly merge?: never;
}
  | {
  readonly regexp?: never;
  readonly transform?: never;
  /** Merges all values, each of which must be a JSON object. */
  readonly merge: Input<ExternalSecretDataFromRewriteMergeArgs>;
};

/** Replaces parts of each key. */
export interface ExternalSecretDataFromRewriteRegexpArgs {
  /** Regular expression (RE2) that is looked for in each key. */
  readonly source: Input<string>;
  /** Replacement of each match; $1 inserts the first group, $name a named one. */
  readonly target: Input<string>;
}

/** Makes each key by a template. */
export interface ExternalSecretDataFromRewriteTransformArgs {
  /** Go template that gives the new key; `.value` is the old one. */
  readonly template: Input<string>;
}

/** Merges all values, each of which must be a JSON object. */
export interface ExternalSecretDataFromRewriteMergeArgs {
  /** Key of the merged JSON. Needed by strategy JSON; ignored by Extract. Default: not set. */
  readonly into?: Input<string>;
  /** Extract makes a key of each top-level field; JSON makes one object under the key `into`. Default: Extract. */
  readonly strategy?: Input<"Extract" | "JSON">;
  /** What happens where two values have the same field: Error refuses, Ignore lets the later one win. Default: Error. */
  readonly conflictPolicy?: Input<"Ignore" | "Error">;
  /** Keys whose values win over all others; the last one wins most. Default: alphabetical order. */
  readonly priority?: Input<readonly Input<string>[]>;
  /** Whether a key of `priority` that is not there is an error (Strict) or ignored. Default: Strict. */
  readonly priorityPolicy?: Input<"IgnoreNotFound" | "Strict">;
}

/** Takes every secret that is found as a key. */
export interface ExternalSecretDataFromFindArgs {
  /** Root below which is searched, where the backend has paths. Default: not set. */
  readonly path?: Input<string>;
  /** Finds secrets by their name. Default: not set. */
  readonly name?: Input<ExternalSecretDataFromFindNameArgs>;
  /** Finds secrets that have all of these tags. Default: not set. */
  readonly tags?: Input<Readonly<Record<string, Input<string>>>>;
  /** How characters that a Secret's key may not have are replaced: by `_` (Default) or by `_U<hex>_` (Unicode). */
  readonly conversionStrategy?: Input<"Default" | "Unicode">;
  /** How values are decoded. Auto tries Base64, then Base64URL, and else takes the value as it is. Default: None. */
  readonly decodingStrategy?: Input<"Auto" | "Base64" | "Base64URL" | "None">;
  /** What a NUL byte in a value does: nothing (Ignore) or an error (Fail). Default: Ignore. */
  readonly nullBytePolicy?: Input<"Ignore" | "Fail">;
}

/** Finds secrets by their name. */
export interface ExternalSecretDataFromFindNameArgs {
  /** Regular expression (RE2), not anchored. Default: not set. */
  readonly regexp?: Input<string>;
}

/** A key of a Secret in the cluster. */
export interface SecretKeySelectorArgs {
  /**
   * Name of the Secret. Default: not set. Range: up to 253 characters, matching
   * `^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$`.
   */
  readonly name?: Input<string>;
  /**
   * Key in the Secret's data. Default: a name that the field gives, where it gives one. Range: up to 253 characters,
   * matching `^[-._a-zA-Z0-9]+$`.
   */
  readonly key?: Input<string>;
  /**
   * Namespace, in a ClusterSecretStore only. Default: that of the ExternalSecret. Range: up to 63 characters,
   * matching `^[a-z0-9]([-a-z0-9]*[a-z0-9])?$`.
   */
  readonly namespace?: Input<string>;
}

/** A ServiceAccount whose token is requested. */
export interface ServiceAccountSelectorArgs {
  /**
   * Name of the ServiceAccount. Range: up to 253 characters, matching
   * `^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$`.
   */
  readonly name: Input<string>;
  /** Audiences of the requested token, beside those that the backend needs. Default: none. */
  readonly audiences?: Input<readonly Input<string>[]>;
  /**
   * Namespace, in a ClusterSecretStore only. Default: that of the ExternalSecret. Range: up to 63 characters,
   * matching `^[a-z0-9]([-a-z0-9]*[a-z0-9])?$`.
   */
  readonly namespace?: Input<string>;
}

/** Where the certificate authority's PEM is kept. */
export interface CaProviderArgs {
  /** Kind of the object that holds the certificates. */
  readonly type: Input<"Secret" | "ConfigMap">;
  /**
   * Name of the object. Range: up to 253 characters, matching
   * `^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$`.
   */
  readonly name: Input<string>;
  /** Key in the object's data. Default: not set. Range: up to 253 characters, matching `^[-._a-zA-Z0-9]+$`. */
  readonly key?: Input<string>;
  /**
   * Namespace, in a ClusterSecretStore only. Default: that of the ExternalSecret. Range: up to 63 characters,
   * matching `^[a-z0-9]([-a-z0-9]*[a-z0-9])?$`.
   */
  readonly namespace?: Input<string>;
}

/** Kubernetes' label selector; all its parts must match. */
export interface LabelSelectorArgs {
  /** Labels that must be there with these values. Default: not set. */
  readonly matchLabels?: Input<Readonly<Record<string, Input<string>>>>;
  /** Requirements, all of which must hold. Default: not set. */
  readonly matchExpressions?: Input<readonly Input<LabelSelectorMatchExpressionsArgs>[]>;
}

/** Requirements, all of which must hold. */
export interface LabelSelectorMatchExpressionsArgs {
  /** Label that is looked at. */
  readonly key: Input<string>;
  /** In, NotIn, Exists or DoesNotExist. */
  readonly operator: Input<string>;
  /** Values for In and NotIn; must be empty for Exists and DoesNotExist. Default: not set. */
  readonly values?: Input<readonly Input<string>[]>;
}

/** A reference to a store. */
export interface StoreRefArgs {
  /**
   * Name of the store. Default: not set. Range: up to 253 characters, matching
   * `^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$`.
   */
  readonly name?: Input<string>;
  /** Kind of the store. Default: SecretStore, in the namespace of the ExternalSecret. */
  readonly kind?: Input<"SecretStore" | "ClusterSecretStore">;
}

/** A reference to a generator. */
export interface GeneratorRefArgs {
  /** API version of the generator. Default: generators.external-secrets.io/v1alpha1. */
  readonly apiVersion?: Input<string>;
  /** Kind of the generator. */
  readonly kind: Input<"ACRAccessToken" | "BeyondtrustWorkloadCredentialsDynamicSecret" | "ClusterGenerator" | "CloudsmithAccessToken" | "ECRAuthorizationToken" | "Fake" | "GCRAccessToken" | "GithubAccessToken" | "GitlabDeployToken" | "QuayAccessToken" | "Password" | "SSHKey" | "STSSessionToken" | "UUID" | "VaultDynamicSecret" | "Webhook" | "Grafana" | "MFA">;
  /**
   * Name of the generator, in the namespace of the ExternalSecret. Range: up to 253 characters, matching
   * `^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$`.
   */
  readonly name: Input<string>;
}

/** A source of its own for one item: a store or a generator. */
export type SourceRefArgs =
  | {
  /** Store to read from. */
  readonly storeRef: Input<StoreRefArgs>;
  readonly generatorRef?: never;
}
  | {
  readonly storeRef?: never;
  /** Generator to take values from. In dataFrom only. */
  readonly generatorRef: Input<GeneratorRefArgs>;
};

/** A reference to a secret in a backend. */
export interface RemoteRefArgs {
  /** Name of the secret in the backend. */
  readonly key: Input<string>;
  /** Property inside the value: a literal key first, then a gjson path. Default: the whole value. */
  readonly property?: Input<string>;
  /** Version or stage of the secret, in the backend's own notation. Default: the current one. */
  readonly version?: Input<string>;
  /** Fetch takes the secret's tags or labels as JSON in place of its value. Default: None. */
  readonly metadataPolicy?: Input<"None" | "Fetch">;
  /** How characters that a Secret's key may not have are replaced: by `_` (Default) or by `_U<hex>_` (Unicode). */
  readonly conversionStrategy?: Input<"Default" | "Unicode">;
  /** How values are decoded. Auto tries Base64, then Base64URL, and else takes the value as it is. Default: None. */
  readonly decodingStrategy?: Input<"Auto" | "Base64" | "Base64URL" | "None">;
  /** What a NUL byte in a value does: nothing (Ignore) or an error (Fail). Default: Ignore. */
  readonly nullBytePolicy?: Input<"Ignore" | "Fail">;
}

/** An AWS role by a ServiceAccount's token. */
export interface AwsJwtAuthArgs {
  /**
   * ServiceAccount whose annotation eks.amazonaws.com/role-arn names the role. Default: the controller's own
   * credential chain.
   */
  readonly serviceAccountRef?: Input<ServiceAccountSelectorArgs>;
}

/** AWS access keys in Secrets. */
export interface AwsSecretRefAuthArgs {
  /** The access key id. Default: not set. */
  readonly accessKeyIDSecretRef?: Input<SecretKeySelectorArgs>;
  /** The secret access key. Default: not set. */
  readonly secretAccessKeySecretRef?: Input<SecretKeySelectorArgs>;
  /** The session token of temporary credentials. Default: none. */
  readonly sessionTokenSecretRef?: Input<SecretKeySelectorArgs>;
}

/** A service account key in a Secret. */
export interface GcpSecretRefAuthArgs {
  /** The service account's JSON key. Default: not set. */
  readonly secretAccessKeySecretRef?: Input<SecretKeySelectorArgs>;
}

/** GKE workload identity. */
export interface GcpWorkloadIdentityArgs {
  /** ServiceAccount; its annotation iam.gke.io/gcp-service-account names the account to impersonate. */
  readonly serviceAccountRef: Input<ServiceAccountSelectorArgs>;
  /** Location of the cluster. Default: from the metadata server. */
  readonly clusterLocation?: Input<string>;
  /** Name of the cluster. Default: from the metadata server. */
  readonly clusterName?: Input<string>;
  /** Project of the cluster. Default: from the metadata server. */
  readonly clusterProjectID?: Input<string>;
}
