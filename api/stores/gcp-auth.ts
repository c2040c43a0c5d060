/** Credentials for Google Cloud, shared by the gcpsm backend and Vault's GCP login. */
import * as z from "zod";
import { dataKey, dnsLabel, dnsSubdomain } from "../formats.ts";
import { secretKeySelectorSchema, serviceAccountSelectorSchema } from "../selectors.ts";

const NAMESPACE = "Namespace of the object. A ClusterSecretStore only.";

/** A service account key in a Secret. */
export const gcpSecretRefAuthSchema = z.object({
  secretAccessKeySecretRef: secretKeySelectorSchema.exactOptional().describe("The service account's JSON key."),
});

/** GKE workload identity. */
export const gcpWorkloadIdentitySchema = z.object({
  serviceAccountRef: serviceAccountSelectorSchema.describe(
    "ServiceAccount; its annotation iam.gke.io/gcp-service-account names the account to impersonate.",
  ),
  clusterLocation: z.string().exactOptional().describe("Location of the cluster. Default: from the metadata server."),
  clusterName: z.string().exactOptional().describe("Name of the cluster. Default: from the metadata server."),
  clusterProjectID: z.string().exactOptional().describe("Project of the cluster. Default: from the metadata server."),
});

const credConfigSchema = z.object({
  name: dnsSubdomain.describe("Name of the ConfigMap."),
  key: dataKey.describe("Key in the ConfigMap's data."),
  namespace: dnsLabel.exactOptional().describe(NAMESPACE),
});

const awsCredentialsSchema = z.object({
  region: z
    .string()
    .regex(/^[a-z0-9-]+$/)
    .min(1)
    .max(50)
    .describe("AWS region of the credentials."),
  awsCredentialsSecretRef: z
    .object({
      name: dnsSubdomain.describe("Name of the Secret."),
      namespace: dnsLabel.exactOptional().describe(NAMESPACE),
    })
    .describe("Secret with the keys aws_access_key_id, aws_secret_access_key and, if need be, aws_session_token."),
});

/** Workload identity federation: credentials from outside of Google Cloud. */
export const gcpFederationSchema = z.object({
  credConfig: credConfigSchema
    .exactOptional()
    .describe("ConfigMap that holds an external_account credential configuration."),
  serviceAccountRef: serviceAccountSelectorSchema.exactOptional().describe("ServiceAccount whose token is exchanged."),
  awsSecurityCredentials: awsCredentialsSchema.exactOptional().describe("AWS credentials that are exchanged."),
  audience: z
    .string()
    .exactOptional()
    .describe(
      "Audience of the exchange: the full name of the workload identity provider. Default: that of credConfig.",
    ),
  externalTokenEndpoint: z
    .string()
    .exactOptional()
    .describe("URL that gives the token to exchange. Default: that of credConfig."),
  gcpServiceAccountEmail: z
    .string()
    .regex(/^.*@.*\.iam\.gserviceaccount\.com$/)
    .min(1)
    .exactOptional()
    .describe("Service account to impersonate. Default: none."),
});
