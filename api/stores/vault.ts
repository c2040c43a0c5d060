/** HashiCorp Vault and OpenBao: the KV secrets engine. */
import * as z from "zod";
import type { DeepReadonly } from "../deep-readonly.ts";
import { base64Bytes, stringMap } from "../formats.ts";
import { caProviderSchema, secretKeySelectorSchema } from "../selectors.ts";
import { vaultAuthSchema } from "./vault-auth.ts";

const vaultTlsSchema = z.object({
  certSecretRef: secretKeySelectorSchema.optional().describe("Client certificate as PEM; key `tls.crt` by default."),
  keySecretRef: secretKeySelectorSchema
    .optional()
    .describe("Key of the client certificate as PEM; key `tls.key` by default."),
});

/** Vault: which server and mount, and as whom. */
export const vaultProviderSchema = z.object({
  server: z.string().describe("URL of the server, such as https://vault.example.com:8200."),
  path: z
    .string()
    .optional()
    .describe("Path where the KV engine is mounted, such as secret. Default: the first part of each key."),
  version: z.enum(["v1", "v2"]).default("v2").describe("Version of the KV engine."),
  namespace: z.string().optional().describe("Namespace of the secrets (Enterprise). Default: the root."),
  auth: vaultAuthSchema.optional().describe("How to log in. Default: not at all, for an agent that does it."),
  caBundle: base64Bytes
    .optional()
    .describe("PEM of the certificates that the server is checked with. Default: the system's."),
  caProvider: caProviderSchema.optional().describe("Where that PEM is kept in the cluster."),
  tls: vaultTlsSchema.optional().describe("Client certificate of the connection (mTLS)."),
  headers: stringMap.optional().describe("Headers that are added to each request."),
  readYourWrites: z
    .boolean()
    .optional()
    .describe("Waits for a replica to have what was written (Enterprise). Default: false."),
  forwardInconsistent: z
    .boolean()
    .optional()
    .describe("Asks replicas that are behind to forward the request (Enterprise). Default: false."),
  checkAndSet: z
    .object({
      required: z.boolean().optional().describe("Writes only over the version that was read. Default: false."),
    })
    .optional()
    .describe("Guards writes against those of others (KV v2)."),
});
/** Vault: which server and mount, and as whom. */
export type VaultProviderSpec = DeepReadonly<z.input<typeof vaultProviderSchema>>;
