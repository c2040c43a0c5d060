/** Pulumi policies for resources of external-secrets.io. Needs the peer `@pulumi/policy`. */
export { type NoLiteralSecretsOptions, noLiteralSecrets } from "./no-literal-secrets.ts";
export { type NoStaticCredentialsOptions, noStaticCredentials } from "./no-static-credentials.ts";
export { type NoWildcardFindOptions, noWildcardFind } from "./no-wildcard-find.ts";
export {
  type ExternalSecretsPoliciesOptions,
  type ExternalSecretsPolicyPackOptions,
  externalSecretsPolicies,
  externalSecretsPolicyPack,
} from "./policy-pack.ts";
export { type RefreshIntervalFloorOptions, refreshIntervalFloor } from "./refresh-interval-floor.ts";
