/** What a Pulumi program imports. */
export type { DeepInput } from "./deep-input.ts";
export { ExternalSecret, type ExternalSecretArgs } from "./external-secret.ts";
export { ExternalSecretsOperator } from "./external-secrets-operator.ts";
export type { CrdsArgs, ExternalSecretsOperatorArgs, ServiceAccountArgs } from "./operator-args.ts";
export {
  ClusterSecretStore,
  type ProviderArgs,
  SecretStore,
  type SecretStoreArgs,
  type SecretStoreSpecArgs,
} from "./secret-store.ts";
