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
  roleId: z.string().optional().describe("Role id. Either this or roleRef."),
  roleRef: secretKeySelectorSchema.optional().describe("Secret that holds the role id."),
  secretRef: secretKeySelectorSchema.describe("Secret that holds the secret id."),
});

const kubernetesSchema = z.object({
  mountPath: requiredMountPath("kubernetes"),
  role: z.string().describe("Role of the auth method."),
  serviceAccountRef: serviceAccountSelectorSchema
    .optional()
    .describe("ServiceAccount whose token is requested. Goes before secretRef."),
  secretRef: secretKeySelectorSchema
    .optional()
    .describe("Secret that holds a token; key `token` by default. Default: the controller's own token."),
});

const passwordSchema = (method: string) =>
  z.object({
    path: requiredMountPath(method),
    username: z.string().describe("Name of the user."),
    secretRef: secretKeySelectorSchema.optional().describe("Secret that holds the password."),
  });

const jwtSchema = z.object({
  path: requiredMountPath("jwt"),
  role: z.string().optional().describe("Role of the auth method. Default: the method's default role."),
  secretRef: secretKeySelectorSchema
    .optional()
    .describe("Secret that holds a JWT. Goes before kubernetesServiceAccountToken."),
  kubernetesServiceAccountToken: z
    .object({
      serviceAccountRef: serviceAccountSelectorSchema.describe("ServiceAccount whose token is requested."),
      audiences: z
        .array(z.string())
        .optional()
        .describe("Audiences of the token. Default: vault. Deprecated: serviceAccountRef has audiences, too."),
      expirationSeconds: z
        .int()
        .meta({ format: "int64" })
        .optional()
        .describe("Life of the token in seconds, at least 600. Default: 600."),
    })
    .optional()
    .describe("A ServiceAccount's token as the JWT."),
});

const certSchema = z.object({
  path: z.string().default("cert").describe("Path where the auth method is mounted."),
  clientCert: secretKeySelectorSchema.optional().describe("Client certificate as PEM; key `tls.crt` by default."),
  secretRef: secretKeySelectorSchema
    .optional()
    .describe("Key of the client certificate as PEM; key `tls.key` by default."),
  vaultRole: z.string().optional().describe("Role of the auth method. Default: whichever matches."),
});

const iamSchema = z.object({
  path: z.string().optional().describe("Path where the auth method is mounted. Default: aws."),
  region: z.string().optional().describe("AWS region of the request that is signed. Default: us-east-1."),
  role: z.string().optional().describe("ARN of an AWS role that is assumed first. Default: none."),
  externalID: z.string().optional().describe("External id for assuming role. Default: none."),
  vaultRole: z.string().describe("Role of the auth method."),
  vaultAwsIamServerID: z
    .string()
    .optional()
    .describe("Value of the header X-Vault-AWS-IAM-Server-ID. Default: not sent."),
  jwt: awsJwtAuthSchema.optional().describe("AWS role by a ServiceAccount's token."),
  secretRef: awsSecretRefAuthSchema.optional().describe("AWS access keys in Secrets."),
});

const gcpSchema = z.object({
  path: z.string().default("gcp").describe("Path where the auth method is mounted."),
  role: z.string().describe("Role of the auth method."),
  projectID: z.string().optional().describe("Project of the service account."),
  location: z.string().optional().describe("Location of the cluster, for workloadIdentity."),
  serviceAccountRef: serviceAccountSelectorSchema.optional().describe("ServiceAccount for GKE workload identity."),
  secretRef: gcpSecretRefAuthSchema.optional().describe("A service account key in a Secret."),
  workloadIdentity: gcpWorkloadIdentitySchema.optional().describe("GKE workload identity."),
});

/** The ways to log in to Vault; the first that is set is taken. */
export const vaultAuthSchema = z.object({
  namespace: z
    .string()
    .optional()
    .describe("Namespace of the login, where it is not that of the secrets (Enterprise)."),
  tokenSecretRef: secretKeySelectorSchema.optional().describe("Secret that holds a Vault token."),
  appRole: appRoleSchema.optional().describe("AppRole."),
  kubernetes: kubernetesSchema
    .optional()
    .describe("Kubernetes: Vault checks a ServiceAccount's token with the API server."),
  ldap: passwordSchema("ldap").optional().describe("LDAP."),
  userPass: passwordSchema("userpass").optional().describe("User name and password."),
  jwt: jwtSchema.optional().describe("JWT or OIDC."),
  cert: certSchema.optional().describe("TLS client certificate."),
  iam: iamSchema.optional().describe("AWS IAM: a signed request proves who we are."),
  gcp: gcpSchema.optional().describe("Google Cloud IAM."),
});
