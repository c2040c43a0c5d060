/** An AWS identity for other backends that log in with one. */
import type { AwsProviderSpec } from "../../api/stores/aws.ts";
import type { StoreContext } from "../contract.ts";
import { retryPolicyOf } from "../retry.ts";
import { connectionOf } from "./connection.ts";
import type { CredentialCache } from "./credential-cache.ts";
import { createSecurityTokenService } from "./security-token-service.ts";
import { type CredentialFields, storeCredentials } from "./store-credentials.ts";

/** Which identity. */
export interface AwsIdentityOptions extends Pick<AwsProviderSpec, "region" | "auth" | "role" | "externalID"> {
  readonly context: StoreContext;
  /** From 0 up to 1; spreads retries. */
  readonly random: () => number;
  readonly fields: CredentialFields;
}

/**
 * The credentials of an identity, kept and renewed, found as a store of the backend `aws` finds them.
 * @throws as `storeCredentials`.
 */
export function openAwsIdentity(options: AwsIdentityOptions, signal: AbortSignal): Promise<CredentialCache> {
  const { context, random, fields, ...identity } = options;
  const connection = connectionOf(identity.region, context);
  const { clock, requestTimeoutMs } = context;
  const limits = { clock, random, requestTimeoutMs, retry: retryPolicyOf(context.retrySettings) };
  const sts = createSecurityTokenService(connection, limits);
  const spec: AwsProviderSpec = { service: "SecretsManager", ...identity };
  return storeCredentials({ spec, context, connection, limits, sts, fields }, signal);
}
