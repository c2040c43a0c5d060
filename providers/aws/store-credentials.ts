/** As whom a store acts: the credentials that its block names, and the roles assumed with them. */
import type { AwsProviderSpec } from "../../api/stores/aws.ts";
import type { KeySelector, ServiceAccountSelector, StoreContext } from "../contract.ts";
import { InvalidConfiguration, ReferentNamespaceMissing } from "../errors.ts";
import type { CallLimits } from "./aws-call.ts";
import type { ConnectionOptions } from "./connection.ts";
import { controllerCredentials } from "./controller-credentials.ts";
import { CredentialCache, type CredentialSource } from "./credential-cache.ts";
import type { RoleRequest, SecurityTokenService } from "./security-token-service.ts";

/** What resolving needs. */
export interface StoreCredentialsOptions {
  readonly spec: AwsProviderSpec;
  readonly context: StoreContext;
  readonly connection: ConnectionOptions;
  readonly limits: CallLimits;
  readonly sts: SecurityTokenService;
  /** Paths of the fields, for errors. Default: those of `spec.provider.aws`. */
  readonly fields?: CredentialFields;
}

/** Where the credentials are named. */
export interface CredentialFields {
  /** Of `role`. */
  readonly block: string;
  /** Of `jwt` and `secretRef`. */
  readonly auth: string;
}

const FIELDS: CredentialFields = { block: "spec.provider.aws", auth: "spec.provider.aws.auth" };
const ROLE_ANNOTATION = "eks.amazonaws.com/role-arn";
const AUDIENCE_ANNOTATION = "eks.amazonaws.com/audience";
const DEFAULT_AUDIENCE = "sts.amazonaws.com";
/** The shortest that Kubernetes issues; the token is used once, at once. */
const TOKEN_SECONDS = 600;

/**
 * The store's credentials, cached. Static keys are read now, all else on first use.
 * @throws InvalidConfiguration where a Secret or key is not there; ReferentNamespaceMissing.
 */
export async function storeCredentials(
  options: StoreCredentialsOptions,
  signal: AbortSignal,
): Promise<CredentialCache> {
  const { spec, context, sts, fields = FIELDS } = options;
  let cache = new CredentialCache(context.clock, await baseSource(options, signal));
  for (const request of roleRequests(spec, context, fields.block)) {
    const before = cache;
    cache = new CredentialCache(context.clock, (abort) => sts.assumeRole((s) => before.get(s), request, abort));
  }
  return cache;
}

/** A service account's token goes before access keys, access keys before the controller's own identity. */
async function baseSource(options: StoreCredentialsOptions, signal: AbortSignal): Promise<CredentialSource> {
  const { jwt, secretRef } = options.spec.auth ?? {};
  const field = (options.fields ?? FIELDS).auth;
  if (jwt?.serviceAccountRef !== undefined) return serviceAccountSource(options, jwt.serviceAccountRef, field);
  if (secretRef !== undefined) return staticSource(options.context, secretRef, field, signal);
  return controllerCredentials({ ...options, environment: options.context.environment, field });
}

function serviceAccountSource(
  { context, sts }: StoreCredentialsOptions,
  reference: ServiceAccountSelector,
  authField: string,
): CredentialSource {
  const field = `${authField}.jwt.serviceAccountRef`;
  return async (signal) => {
    const annotations = await context.readServiceAccountAnnotations(reference, field, signal);
    const roleArn = annotations[ROLE_ANNOTATION];
    if (!roleArn) {
      throw new InvalidConfiguration(`service account "${reference.name}" names no IAM role`, {
        field,
        remedy: `annotate it with ${ROLE_ANNOTATION}`,
      });
    }
    const { token } = await context.requestToken(
      reference,
      {
        defaultAudiences: [annotations[AUDIENCE_ANNOTATION] || DEFAULT_AUDIENCE],
        expirationSeconds: TOKEN_SECONDS,
        field,
      },
      signal,
    );
    return sts.assumeRoleWithWebIdentity(token, { roleArn, field }, signal);
  };
}

async function staticSource(
  context: StoreContext,
  secretRef: NonNullable<NonNullable<AwsProviderSpec["auth"]>["secretRef"]>,
  authField: string,
  signal: AbortSignal,
): Promise<CredentialSource> {
  const read = async (selector: KeySelector | undefined, name: string) => {
    const field = `${authField}.secretRef.${name}`;
    if (selector === undefined) {
      throw new InvalidConfiguration(`${field} is missing`, {
        field,
        remedy: "name the Secret and the key that hold it",
      });
    }
    const text = new TextDecoder().decode(await context.readSecretKey(selector, field, signal));
    // A newline at the end, as `echo` leaves it, would break the signature in a way that nobody finds.
    const trimmed = text.trim();
    if (trimmed === "") {
      throw new InvalidConfiguration(`${field} refers to an empty value`, { field, remedy: "put the value in" });
    }
    return trimmed;
  };
  const { sessionTokenSecretRef: tokenRef } = secretRef;
  const credentials = {
    accessKeyId: await read(secretRef.accessKeyIDSecretRef, "accessKeyIDSecretRef"),
    secretAccessKey: await read(secretRef.secretAccessKeySecretRef, "secretAccessKeySecretRef"),
    ...(tokenRef === undefined ? {} : { sessionToken: await read(tokenRef, "sessionTokenSecretRef") }),
  };
  return async () => credentials;
}

function roleRequests(spec: AwsProviderSpec, context: StoreContext, block: string): readonly RoleRequest[] {
  const additional = (spec.additionalRoles ?? []).map((roleArn, index) => ({
    roleArn,
    field: `${block}.additionalRoles[${index}]`,
  }));
  if (!spec.role) return additional;
  return [
    ...additional,
    {
      roleArn: spec.role,
      field: `${block}.role`,
      tags: sessionTags(spec, context, block),
      transitiveTagKeys: spec.transitiveTagKeys ?? [],
      ...(spec.externalID ? { externalId: spec.externalID } : {}),
    },
  ];
}

/** `sessionTags`; with `Simple` also who is served, with `Custom` also `customSessionTags`. */
function sessionTags(spec: AwsProviderSpec, context: StoreContext, block: string): Readonly<Record<string, string>> {
  const tags = Object.fromEntries((spec.sessionTags ?? []).map(({ key, value }) => [key, value]));
  const policy = spec.sessionTagsPolicy ?? "None";
  if (policy === "None") return tags;
  if (context.namespace === undefined) {
    throw new ReferentNamespaceMissing("the session tag esoNamespace is that of an ExternalSecret", {
      field: `${block}.sessionTagsPolicy`,
    });
  }
  return {
    ...tags,
    ...(policy === "Custom" ? spec.customSessionTags : {}),
    esoNamespace: context.namespace,
    esoStoreName: context.store.name,
    esoStoreKind: context.store.kind,
  };
}
