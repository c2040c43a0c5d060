/** HashiCorp Vault and OpenBao: the KV secrets engine. */
import * as z from "zod";
import type { DeepReadonly } from "../deep-readonly.ts";
import { base64Bytes, stringMap } from "../formats.ts";
import { caProviderSchema, secretKeySelectorSchema } from "../selectors.ts";
import { vaultAuthSchema } from "./vault-auth.ts";

const vaultTlsSchema = z.object({
  certSecretRef: secretKeySelectorSchema
    .exactOptional()
    .describe("Client certificate as PEM; key `tls.crt` by default."),
  keySecretRef: secretKeySelectorSchema
    .exactOptional()
    .describe("Key of the client certificate as PEM; key `tls.key` by default."),
});

/** Vault: which server and mount, and as whom. */
export const vaultProviderSchema = z.object({
  server: z.string().describe("URL of the server, such as https://vault.example.com:8200."),
  path: z
    .string()
    .exactOptional()
    .describe("Path where the KV engine is mounted, such as secret. Default: the first part of each key."),
  version: z.enum(["v1", "v2"]).default("v2").describe("Version of the KV engine."),
  namespace: z.string().exactOptional().describe("Namespace of the secrets (Enterprise). Default: the root."),
  auth: vaultAuthSchema.exactOptional().describe("How to log in. Default: not at all, for an agent that does it."),
  caBundle: base64Bytes
    .exactOptional()
    .describe("PEM of the certificates that the server is checked with. Default: the system's."),
  caProvider: caProviderSchema.exactOptional().describe("Where that PEM is kept in the cluster."),
  tls: vaultTlsSchema.exactOptional().describe("Client certificate of the connection (mTLS)."),
  headers: stringMap.exactOptional().describe("Headers that are added to each request."),
  readYourWrites: z
    .boolean()
    .exactOptional()
    .describe("Waits for a replica to have what was written (Enterprise). Default: false."),
  forwardInconsistent: z
    .boolean()
    .exactOptional()
    .describe("Asks replicas that are behind to forward the request (Enterprise). Default: false."),
  checkAndSet: z
    .object({
      required: z.boolean().exactOptional().describe("Writes only over the version that was read. Default: false."),
    })
    .exactOptional()
    .describe("Guards writes against those of others (KV v2)."),
});
/** Vault: which server and mount, and as whom. */
export type VaultProviderSpec = DeepReadonly<z.input<typeof vaultProviderSchema>>;
