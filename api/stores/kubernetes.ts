/** Secrets of another namespace or cluster. */
import * as z from "zod";
import type { DeepReadonly } from "../deep-readonly.ts";
import { base64Bytes, dnsLabel } from "../formats.ts";
import { EXACTLY_ONE_FIELD } from "../schema-extensions.ts";
import { caProviderSchema, secretKeySelectorSchema, serviceAccountSelectorSchema } from "../selectors.ts";

const kubernetesAuthSchema = z
  .object({
    cert: z
      .object({
        clientCert: secretKeySelectorSchema.describe("Client certificate as PEM; key `tls.crt` by default."),
        clientKey: secretKeySelectorSchema.describe("Key of the certificate as PEM; key `tls.key` by default."),
      })
      .exactOptional()
      .describe("Client certificate."),
    token: z
      .object({ bearerToken: secretKeySelectorSchema.describe("Secret that holds the token; key `token` by default.") })
      .exactOptional()
      .describe("Bearer token."),
    serviceAccount: serviceAccountSelectorSchema.exactOptional().describe("ServiceAccount whose token is requested."),
  })
  .meta(EXACTLY_ONE_FIELD);

const kubernetesServerSchema = z.object({
  url: z.string().default("kubernetes.default").describe("URL of the API server."),
  caBundle: base64Bytes.exactOptional().describe("PEM of the certificates that the server is checked with."),
  caProvider: caProviderSchema.exactOptional().describe("Where that PEM is kept in the cluster."),
});

/** Another namespace or cluster: which, and as whom. */
export const kubernetesProviderSchema = z.object({
  server: kubernetesServerSchema.exactOptional().describe("API server of the other cluster. Default: this one's."),
  remoteNamespace: dnsLabel.default("default").describe("Namespace that holds the Secrets."),
  auth: kubernetesAuthSchema.exactOptional().describe("Credentials: exactly one of the ways. Either this or authRef."),
  authRef: secretKeySelectorSchema.exactOptional().describe("Secret that holds a kubeconfig."),
});
/** Another namespace or cluster: which, and as whom. */
export type KubernetesProviderSpec = DeepReadonly<z.input<typeof kubernetesProviderSchema>>;
