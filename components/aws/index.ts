/** Stores of AWS. Needs the peer `@pulumi/aws`. */
export type { AssumedByArgs, AwsIdentityArgs, AwsRoleArgs, IrsaArgs, PodIdentityArgs } from "./aws-identity.ts";
export { AwsSecretStore, type AwsSecretStoreArgs } from "./aws-secret-store.ts";
export type { AwsSecretService } from "./read-statements.ts";
