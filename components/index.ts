/** What a Pulumi program imports. */
export type { StoreOperator } from "./declared-store.ts";
export {
  ExternalSecret,
  type ExternalSecretArgs,
  type ReferencedStore,
  type SecretVolumeArgs,
} from "./external-secret.ts";
export { ExternalSecretsOperator } from "./external-secrets-operator.ts";
export type * from "./operator-access-args.ts";
export type { CrdsArgs, ExternalSecretsOperatorArgs } from "./operator-args.ts";
export type * from "./operator-controller-args.ts";
export type * from "./operator-image-args.ts";
export type * from "./operator-pod-args.ts";
export type { StoreDeclaration } from "./operator-scope.ts";
export type * from "./operator-surroundings-args.ts";
export { ClusterSecretStore, SecretStore, type SecretStoreArgs } from "./secret-store.ts";
export type * from "./spec-args.generated.ts";
