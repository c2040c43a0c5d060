/** The controller's own credentials: the official library's default chain, fed from the environment that is handed in. */
import { AccessDenied } from "../errors.ts";
import { attempt, type CallLimits } from "./aws-call.ts";
import { type ConnectionOptions, clientOptions } from "./connection.ts";
import type { AwsCredentials, CredentialSource } from "./credential-cache.ts";
import type { SecurityTokenService } from "./security-token-service.ts";

type Environment = Readonly<Record<string, string | undefined>>;
type Link = () => Promise<AwsCredentials>;

/** What the chain needs. */
export interface ControllerCredentialsOptions {
  readonly environment: Environment;
  readonly connection: ConnectionOptions;
  readonly limits: CallLimits;
  readonly sts: SecurityTokenService;
  /** Path of the field that could name credentials in place of these: `spec.provider.aws.auth`. */
  readonly field: string;
}

const IMDS_TIMEOUT_MS = 1_000;
/** The chain asks several places one after the other, each with limits of its own. */
const CHAIN_TIMEOUT_FACTOR = 3;

/**
 * The links of the library's default chain, in its order: access keys in the environment, profiles (with SSO, processes
 * and roles), a web-identity token file (IRSA), the container endpoint (Pod Identity, ECS), the instance metadata.
 * Each link is the library's own. What it reads beyond the environment given here (profiles' details, the metadata
 * service's address), it reads from the process.
 */
export function controllerCredentials(options: ControllerCredentialsOptions): CredentialSource {
  return async (signal) => {
    const { createCredentialChain } = await import("@aws-sdk/credential-providers");
    const chain = createCredentialChain(...(await chainLinks(options, signal)));
    const limits = {
      ...options.limits,
      requestTimeoutMs: options.limits.requestTimeoutMs * CHAIN_TIMEOUT_FACTOR,
      // The library's own requests, which it does not tell.
      observeCall: undefined,
    };
    const subject = {
      service: "sts",
      action: "credential chain",
      field: options.field,
      accessRemedy: noCredentialsRemedy(options.field),
    } as const;
    try {
      return await attempt(limits, subject, signal, () => chain());
    } catch (error) {
      if (!(error instanceof AccessDenied) || error.details.requestId !== undefined) throw error;
      throw new AccessDenied("the controller has no AWS credentials of its own", {
        field: options.field,
        remedy: noCredentialsRemedy(options.field),
      });
    }
  };
}

function noCredentialsRemedy(field: string): string {
  return `give the controller's ServiceAccount a role (IRSA or EKS Pod Identity), or set ${field}.secretRef or ${field}.jwt.serviceAccountRef`;
}

async function chainLinks(options: ControllerCredentialsOptions, signal: AbortSignal): Promise<readonly Link[]> {
  const { fromIni, fromTokenFile, fromHttp, fromInstanceMetadata } = await import("@aws-sdk/credential-providers");
  const { environment, connection, sts } = options;
  const clientConfig = await clientOptions(connection, undefined);
  const assumers = roleAssumers(sts, options.field, signal);
  const links: Link[] = [];
  const fromEnvironment = environmentCredentials(environment);
  if (fromEnvironment !== undefined) links.push(async () => fromEnvironment);
  links.push(
    fromIni({
      clientConfig,
      ...assumers,
      ...given("profile", environment.AWS_PROFILE),
      ...given("filepath", environment.AWS_SHARED_CREDENTIALS_FILE),
      ...given("configFilepath", environment.AWS_CONFIG_FILE),
      // A profile may be edited while the controller runs.
      ignoreCache: true,
    }),
  );
  const tokenFile = environment.AWS_WEB_IDENTITY_TOKEN_FILE;
  const roleArn = environment.AWS_ROLE_ARN;
  if (tokenFile && roleArn) {
    links.push(
      fromTokenFile({
        clientConfig,
        webIdentityTokenFile: tokenFile,
        roleArn,
        ...given("roleSessionName", environment.AWS_ROLE_SESSION_NAME),
        roleAssumerWithWebIdentity: assumers.roleAssumerWithWebIdentity,
      }),
    );
  }
  const relative = environment.AWS_CONTAINER_CREDENTIALS_RELATIVE_URI;
  const full = environment.AWS_CONTAINER_CREDENTIALS_FULL_URI;
  if (relative || full) {
    links.push(
      fromHttp({
        ...given("awsContainerCredentialsRelativeUri", relative),
        ...given("awsContainerCredentialsFullUri", full),
        ...given("awsContainerAuthorizationToken", environment.AWS_CONTAINER_AUTHORIZATION_TOKEN),
        ...given("awsContainerAuthorizationTokenFile", environment.AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE),
      }),
    );
  } else if (isMetadataEnabled(environment)) {
    links.push(fromInstanceMetadata({ timeout: IMDS_TIMEOUT_MS, maxRetries: 1 }));
  }
  return links;
}

/** A profile goes before access keys, as in the library. */
function environmentCredentials(environment: Environment): AwsCredentials | undefined {
  const { AWS_ACCESS_KEY_ID: id, AWS_SECRET_ACCESS_KEY: secret, AWS_SESSION_TOKEN: token } = environment;
  if (environment.AWS_PROFILE || !id || !secret) return undefined;
  return { accessKeyId: id, secretAccessKey: secret, ...(token ? { sessionToken: token } : {}) };
}

function isMetadataEnabled(environment: Environment): boolean {
  const disabled = environment.AWS_EC2_METADATA_DISABLED;
  return disabled === undefined || disabled === "" || disabled === "false";
}

interface AssumeParameters {
  readonly RoleArn?: string | undefined;
  readonly RoleSessionName?: string | undefined;
  readonly ExternalId?: string | undefined;
  readonly WebIdentityToken?: string | undefined;
  readonly DurationSeconds?: number | undefined;
}

/** Roles of the chain are assumed by our client, with our endpoint, limits and errors. */
function roleAssumers(sts: SecurityTokenService, field: string, signal: AbortSignal) {
  const requestOf = (parameters: AssumeParameters) => ({
    roleArn: parameters.RoleArn ?? "",
    field,
    ...given("sessionName", parameters.RoleSessionName),
    ...given("externalId", parameters.ExternalId),
    ...given("durationSeconds", parameters.DurationSeconds),
  });
  return {
    roleAssumer: (source: AwsCredentials, parameters: AssumeParameters) =>
      sts.assumeRole(async () => source, requestOf(parameters), signal),
    roleAssumerWithWebIdentity: (parameters: AssumeParameters) =>
      sts.assumeRoleWithWebIdentity(parameters.WebIdentityToken ?? "", requestOf(parameters), signal),
  };
}

/** `{[key]: value}`, or nothing where there is no value. */
function given<K extends string, V>(key: K, value: V | undefined): { readonly [key in K]?: V } {
  return value === undefined || value === "" ? {} : ({ [key]: value } as { readonly [key in K]?: V });
}
