/** Google Cloud Secret Manager. */
import * as z from "zod";
import type { DeepReadonly } from "../deep-readonly.ts";
import { gcpFederationSchema, gcpSecretRefAuthSchema, gcpWorkloadIdentitySchema } from "./gcp-auth.ts";

const gcpAuthSchema = z.object({
  secretRef: gcpSecretRefAuthSchema.exactOptional().describe("A service account key in a Secret. Tried first."),
  workloadIdentity: gcpWorkloadIdentitySchema.exactOptional().describe("GKE workload identity. Tried second."),
  workloadIdentityFederation: gcpFederationSchema.exactOptional().describe("Credentials from elsewhere. Tried third."),
});

/** Google Cloud Secret Manager: which project, and as whom. */
export const gcpSmProviderSchema = z.object({
  projectID: z.string().exactOptional().describe("Project that holds the secrets. Default: the cluster's."),
  location: z.string().exactOptional().describe("Location of regional secrets. Default: global secrets."),
  auth: gcpAuthSchema
    .exactOptional()
    .describe("Credentials. Default: the controller's application default credentials."),
  secretVersionSelectionPolicy: z
    .string()
    .default("LatestOrFail")
    .describe(
      "What is read when the latest version is disabled or destroyed: nothing (LatestOrFail) or the newest enabled one (LatestOrFetch).",
    ),
});
/** Google Cloud Secret Manager: which project, and as whom. */
export type GcpSmProviderSpec = DeepReadonly<z.input<typeof gcpSmProviderSchema>>;
