/** Opens the official client of Google Secret Manager, for comparison. */
import { SecretManagerServiceClient } from "@google-cloud/secret-manager";
import { report } from "./probe.ts";

const credentials = { client_email: "reader@project.iam.gserviceaccount.com", private_key: "key" };
await report(() => new SecretManagerServiceClient({ projectId: "project", credentials }).initialize());
