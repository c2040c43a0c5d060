/** `auth.workloadIdentityFederation` of a store as an external account. */
import type { GcpSmProviderSpec } from "../../api/stores/gcpsm.ts";
import type { StoreContext } from "../contract.ts";
import { InvalidConfiguration, ReferentNamespaceMissing } from "../errors.ts";
import type { AuthTools, Impersonation } from "./auth-calls.ts";
import { type AwsSubject, awsSubjectToken } from "./aws-subject-token.ts";
import { externalAccountIn } from "./credential-configuration.ts";
import { AWS_TYPE, type ExternalAccount, JWT_TYPE } from "./external-account.ts";
import { objectIn } from "./google-failure.ts";
import { ACCOUNT_ANNOTATION, SUBJECT_TOKEN_SECONDS } from "./workload-identity.ts";

type Federation = NonNullable<NonNullable<GcpSmProviderSpec["auth"]>["workloadIdentityFederation"]>;

const BLOCK = "spec.provider.gcpsm.auth.workloadIdentityFederation";

/**
 * Reads what the block refers to. A service account's token is asked for when it is needed.
 * @throws InvalidConfiguration; what the context throws.
 */
export async function federatedAccount(
  tools: AuthTools,
  context: StoreContext,
  spec: Federation,
  signal: AbortSignal,
): Promise<ExternalAccount> {
  const base = await baseAccount(tools, context, spec, signal);
  const account = spec.gcpServiceAccountEmail || (await annotatedAccount(context, spec, signal));
  if (!account) return base;
  const impersonation: Omit<Impersonation, "field"> = { ...base.impersonation, account };
  return { ...base, impersonation };
}

async function baseAccount(
  tools: AuthTools,
  context: StoreContext,
  spec: Federation,
  signal: AbortSignal,
): Promise<ExternalAccount> {
  const { credConfig, serviceAccountRef, awsSecurityCredentials } = spec;
  if (credConfig !== undefined) return configuredAccount(tools, context, spec, credConfig, signal);
  const audience = spec.audience ?? "";
  if (audience === "") throw incomplete(`${BLOCK}.audience`, "is not set", "set the name of the identity provider");
  if (serviceAccountRef !== undefined) {
    const field = `${BLOCK}.serviceAccountRef`;
    // An audience of the reference is what the provider was set up for; the provider's own name is the default.
    const defaultAudiences = serviceAccountRef.audiences?.length ? [] : [audience];
    const options = { defaultAudiences, expirationSeconds: SUBJECT_TOKEN_SECONDS, field };
    const subjectToken = async (abort: AbortSignal) =>
      (await context.requestToken(serviceAccountRef, options, abort)).token;
    return { audience, subjectTokenType: JWT_TYPE, subjectToken, field };
  }
  if (awsSecurityCredentials !== undefined) {
    const subject = await awsSubjectOf(context, awsSecurityCredentials, signal);
    const subjectToken = async () => awsSubjectToken(subject, audience, context.clock.now());
    return { audience, subjectTokenType: AWS_TYPE, subjectToken, field: `${BLOCK}.awsSecurityCredentials` };
  }
  throw incomplete(BLOCK, "names no credentials", "set credConfig, serviceAccountRef or awsSecurityCredentials");
}

async function configuredAccount(
  tools: AuthTools,
  context: StoreContext,
  spec: Federation,
  reference: NonNullable<Federation["credConfig"]>,
  signal: AbortSignal,
): Promise<ExternalAccount> {
  const field = `${BLOCK}.credConfig`;
  const file = objectIn(await context.readConfigMapKey(reference, field, signal));
  if (file === undefined) throw incomplete(field, "holds no JSON object", "store the file that gcloud makes");
  return externalAccountIn(file, {
    tools,
    environment: context.environment,
    field,
    ...(spec.audience ? { audience: spec.audience } : {}),
    tenant: {
      externalTokenEndpoint: spec.externalTokenEndpoint ?? "",
      isNamespaced: context.store.kind === "SecretStore",
    },
  });
}

async function annotatedAccount(
  context: StoreContext,
  { serviceAccountRef }: Federation,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (serviceAccountRef === undefined) return undefined;
  const field = `${BLOCK}.serviceAccountRef`;
  return (await context.readServiceAccountAnnotations(serviceAccountRef, field, signal))[ACCOUNT_ANNOTATION];
}

async function awsSubjectOf(
  context: StoreContext,
  { region, awsCredentialsSecretRef }: NonNullable<Federation["awsSecurityCredentials"]>,
  signal: AbortSignal,
): Promise<AwsSubject> {
  const field = `${BLOCK}.awsSecurityCredentials.awsCredentialsSecretRef`;
  const read = async (key: string) => {
    const bytes = await context.readSecretKey({ ...awsCredentialsSecretRef, key }, field, signal);
    return new TextDecoder().decode(bytes).trim();
  };
  const accessKeyId = await read("aws_access_key_id");
  const secretAccessKey = await read("aws_secret_access_key");
  const sessionToken = await read("aws_session_token").catch((error: unknown) => {
    if (error instanceof InvalidConfiguration && !(error instanceof ReferentNamespaceMissing)) return "";
    throw error;
  });
  if (accessKeyId === "" || secretAccessKey === "") {
    throw incomplete(field, "refers to an empty key", "fill aws_access_key_id and aws_secret_access_key");
  }
  return { region, accessKeyId, secretAccessKey, ...(sessionToken === "" ? {} : { sessionToken }) };
}

function incomplete(field: string, defect: string, remedy: string): InvalidConfiguration {
  return new InvalidConfiguration(`${field} ${defect}`, { field, remedy });
}
