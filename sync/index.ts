/** What a Pulumi program imports from `pulumi-external-secrets/sync`: Secrets that the stack owns, by the executable provider. */
export type { DeepInput } from "./deep-input.ts";
export { Provider, type ProviderArgs } from "./provider-resource.ts";
export { type ReadSecretArgs, type ReadSecretOutputArgs, readSecret, readSecretOutput } from "./read-secret.ts";
export type {
  Credentials,
  CredentialValue,
  InlineStore,
  Store,
  StoreReference,
} from "./resource/inputs.ts";
export { OWNER_LABEL } from "./resource/ownership.ts";
export { SyncedSecret } from "./synced-secret.ts";
export type { SyncedSecretArgs } from "./synced-secret-args.ts";
