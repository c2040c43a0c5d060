/** All policies of this package at once, as a list and as a pack. */
import { type EnforcementLevel, PolicyPack, type ResourceValidationPolicy } from "@pulumi/policy";
import { type NoLiteralSecretsOptions, noLiteralSecrets } from "./no-literal-secrets.ts";
import { type NoStaticCredentialsOptions, noStaticCredentials } from "./no-static-credentials.ts";
import { type NoWildcardFindOptions, noWildcardFind } from "./no-wildcard-find.ts";
import { type RefreshIntervalFloorOptions, refreshIntervalFloor } from "./refresh-interval-floor.ts";

/** Options of each policy; `false` leaves it out. Default of each: the policy with its defaults. */
export interface ExternalSecretsPoliciesOptions {
  /** In production: no `find` that takes any name. */
  readonly noWildcardFind?: NoWildcardFindOptions | false;
  /** No `refreshInterval` below a floor. */
  readonly refreshIntervalFloor?: RefreshIntervalFloorOptions | false;
  /** No store that logs in with a stored credential where an identity can do it. */
  readonly noStaticCredentials?: NoStaticCredentialsOptions | false;
  /** No credential in a template or as a `default`. */
  readonly noLiteralSecrets?: NoLiteralSecretsOptions | false;
}

/** The policies, for a pack that has others as well: `new PolicyPack("ours", { policies: [...externalSecretsPolicies(), …] })`. */
export function externalSecretsPolicies(options: ExternalSecretsPoliciesOptions = {}): ResourceValidationPolicy[] {
  const chosen = [
    options.noWildcardFind === false ? undefined : noWildcardFind(options.noWildcardFind),
    options.refreshIntervalFloor === false ? undefined : refreshIntervalFloor(options.refreshIntervalFloor),
    options.noStaticCredentials === false ? undefined : noStaticCredentials(options.noStaticCredentials),
    options.noLiteralSecrets === false ? undefined : noLiteralSecrets(options.noLiteralSecrets),
  ];
  return chosen.filter((policy) => policy !== undefined);
}

/** Options of `externalSecretsPolicyPack`. */
export interface ExternalSecretsPolicyPackOptions extends ExternalSecretsPoliciesOptions {
  /** Name of the pack: letters, digits, dashes, underscores and dots. Default: external-secrets. */
  readonly name?: string;
  /** What a violation does, unless a policy says otherwise. Default: mandatory, which stops the update. */
  readonly enforcementLevel?: EnforcementLevel;
}

/**
 * A pack of these policies, served to the Pulumi CLI at once: the one line of a pack's program. One pack per process, as
 * Pulumi has it; the folder that it runs in needs a `package.json` with a version.
 */
export function externalSecretsPolicyPack(options: ExternalSecretsPolicyPackOptions = {}): PolicyPack {
  const { name = "external-secrets", enforcementLevel = "mandatory", ...policies } = options;
  return new PolicyPack(name, { enforcementLevel, policies: externalSecretsPolicies(policies) });
}
