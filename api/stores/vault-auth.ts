/** The ways to log in to Vault. */
import * as z from "zod";
import { REQUIRED_DESPITE_DEFAULT } from "../schema-extensions.ts";
import { secretKeySelectorSchema, serviceAccountSelectorSchema } from "../selectors.ts";
import { awsJwtAuthSchema, awsSecretRefAuthSchema } from "./aws-auth.ts";
import { gcpSecretRefAuthSchema, gcpWorkloadIdentitySchema } from "./gcp-auth.ts";

/** A mount path that the CRD lists as required although it has a default. */
function requiredMountPath(method: string) {
  return z.string().default(method).describe("Path where the auth method is mounted.").meta(REQUIRED_DESPITE_DEFAULT);
}

const appRoleSchema = z.object({
  path: requiredMountPath("approle"),
  roleId: z.string().exactOptional().describe("Role id. Either this or roleRef."),
  roleRef: secretKeySelectorSchema.exactOptional().describe("Secret that holds the role id."),
  secretRef: secretKeySelectorSchema.describe("Secret that holds the secret id."),
});

const kubernetesSchema = z.object({
  mountPath: requiredMountPath("kubernetes"),
  role: z.string().describe("Role of the auth method."),
  serviceAccountRef: serviceAccountSelectorSchema
    .exactOptional()
    .describe("ServiceAccount whose token is requested. Goes before secretRef."),
  secretRef: secretKeySelectorSchema
    .exactOptional()
    .describe("Secret that holds a token; key `token` by default. Default: the controller's own token."),
});

const passwordSchema = (method: string) =>
  z.object({
    path: requiredMountPath(method),
    username: z.string().describe("Name of the user."),
    secretRef: secretKeySelectorSchema.exactOptional().describe("Secret that holds the password."),
  });

const jwtSchema = z.object({
  path: requiredMountPath("jwt"),
  role: z.string().exactOptional().describe("Role of the auth method. Default: the method's default role."),
  secretRef: secretKeySelectorSchema
    .exactOptional()
    .describe("Secret that holds a JWT. Goes before kubernetesServiceAccountToken."),
  kubernetesServiceAccountToken: z
    .object({
      serviceAccountRef: serviceAccountSelectorSchema.describe("ServiceAccount whose token is requested."),
      audiences: z
        .array(z.string())
        .exactOptional()
        .describe("Audiences of the token. Default: vault. Deprecated: serviceAccountRef has audiences, too."),
      expirationSeconds: z
        .int()
        .meta({ format: "int64" })
        .exactOptional()
        .describe("Life of the token in seconds, at least 600. Default: 600."),
    })
    .exactOptional()
    .describe("A ServiceAccount's token as the JWT."),
});

const certSchema = z.object({
  path: z.string().default("cert").describe("Path where the auth method is mounted."),
  clientCert: secretKeySelectorSchema.exactOptional().describe("Client certificate as PEM; key `tls.crt` by default."),
  secretRef: secretKeySelectorSchema
    .exactOptional()
    .describe("Key of the client certificate as PEM; key `tls.key` by default."),
  vaultRole: z.string().exactOptional().describe("Role of the auth method. Default: whichever matches."),
});

const iamSchema = z.object({
  path: z.string().exactOptional().describe("Path where the auth method is mounted. Default: aws."),
  region: z.string().exactOptional().describe("AWS region of the request that is signed. Default: us-east-1."),
  role: z.string().exactOptional().describe("ARN of an AWS role that is assumed first. Default: none."),
  externalID: z.string().exactOptional().describe("External id for assuming role. Default: none."),
  vaultRole: z.string().describe("Role of the auth method."),
  vaultAwsIamServerID: z
    .string()
    .exactOptional()
    .describe("Value of the header X-Vault-AWS-IAM-Server-ID. Default: not sent."),
  jwt: awsJwtAuthSchema.exactOptional().describe("AWS role by a ServiceAccount's token."),
  secretRef: awsSecretRefAuthSchema.exactOptional().describe("AWS access keys in Secrets."),
});

const gcpSchema = z.object({
  path: z.string().default("gcp").describe("Path where the auth method is mounted."),
  role: z.string().describe("Role of the auth method."),
  projectID: z.string().exactOptional().describe("Project of the service account."),
  location: z.string().exactOptional().describe("Location of the cluster, for workloadIdentity."),
  serviceAccountRef: serviceAccountSelectorSchema.exactOptional().describe("ServiceAccount for GKE workload identity."),
  secretRef: gcpSecretRefAuthSchema.exactOptional().describe("A service account key in a Secret."),
  workloadIdentity: gcpWorkloadIdentitySchema.exactOptional().describe("GKE workload identity."),
});

/** The ways to log in to Vault; the first that is set is taken. */
export const vaultAuthSchema = z.object({
  namespace: z
    .string()
    .exactOptional()
    .describe("Namespace of the login, where it is not that of the secrets (Enterprise)."),
  tokenSecretRef: secretKeySelectorSchema.exactOptional().describe("Secret that holds a Vault token."),
  appRole: appRoleSchema.exactOptional().describe("AppRole."),
  kubernetes: kubernetesSchema
    .exactOptional()
    .describe("Kubernetes: Vault checks a ServiceAccount's token with the API server."),
  ldap: passwordSchema("ldap").exactOptional().describe("LDAP."),
  userPass: passwordSchema("userpass").exactOptional().describe("User name and password."),
  jwt: jwtSchema.exactOptional().describe("JWT or OIDC."),
  cert: certSchema.exactOptional().describe("TLS client certificate."),
  iam: iamSchema.exactOptional().describe("AWS IAM: a signed request proves who we are."),
  gcp: gcpSchema.exactOptional().describe("Google Cloud IAM."),
});
