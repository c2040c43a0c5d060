/** Opens a store of the backend `aws`, Secrets Manager, which stands on the official SDK. */
import { awsBackend } from "../../../providers/aws/index.ts";
import { reportBackend } from "./probe.ts";

await reportBackend(awsBackend, {
  service: "SecretsManager",
  region: "us-east-1",
  auth: {
    secretRef: {
      accessKeyIDSecretRef: { name: "aws", key: "id" },
      secretAccessKeySecretRef: { name: "aws", key: "key" },
    },
  },
});
