/** A credential configuration file of the type `external_account`, as gcloud makes it. */
import { InvalidConfiguration } from "../errors.ts";
import type { AuthTools, Impersonation } from "./auth-calls.ts";
import { type ExternalAccount, JWT_TYPE } from "./external-account.ts";
import { objectOf } from "./google-failure.ts";
import { subjectSourceOf } from "./subject-sources.ts";

type JsonObject = Readonly<Record<string, unknown>>;

/** Where a file comes from. */
export interface ConfigurationOrigin {
  readonly tools: AuthTools;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The field that leads to the file. */
  readonly field: string;
  /** In place of the file's. */
  readonly audience?: string;
  /** Set where the file is a store's and not the controller's own, and so may not do everything. */
  readonly tenant?: { readonly externalTokenEndpoint: string; readonly isNamespaced: boolean };
}

const TOKEN_URL = /^https:\/\/sts\.([^/\s?#@:]+)\/v1\/token$/;
const IMPERSONATION_URL =
  /^https:\/\/iamcredentials\.(?:[a-z0-9-]+\.)*googleapis\.com\/v1\/projects\/[^/]+\/serviceAccounts\/([a-z0-9-]+@[a-z0-9.-]+\.gserviceaccount\.com):generateAccessToken$/;

/** @throws InvalidConfiguration where the file is none of that type, or leads to where no token may go. */
export function externalAccountIn(file: JsonObject, origin: ConfigurationOrigin): ExternalAccount {
  const { field } = origin;
  if (file.type !== "external_account") throw unusable(field, 'type is not "external_account"');
  const audience = origin.audience ?? textOf(file, "audience");
  if (audience === undefined) throw unusable(field, "audience is empty");
  const tokenUrl = tokenUrlOf(file, origin);
  const source = objectOf(file.credential_source);
  if (source === undefined) throw unusable(field, "credential_source is missing");
  const impersonation = impersonationOf(file, field);
  const [id, secret] = [textOf(file, "client_id"), textOf(file, "client_secret")];
  const userProject = textOf(file, "workforce_pool_user_project");
  const quotaProject = textOf(file, "quota_project_id");
  return {
    audience,
    subjectTokenType: textOf(file, "subject_token_type") ?? JWT_TYPE,
    subjectToken: subjectSourceOf(source, { ...origin, audience }),
    field,
    ...(tokenUrl === undefined ? {} : { tokenUrl }),
    ...(impersonation === undefined ? {} : { impersonation }),
    ...(id === undefined ? {} : { client: { id, secret: secret ?? "" } }),
    ...(userProject === undefined ? {} : { userProject }),
    ...(quotaProject === undefined ? {} : { quotaProject }),
  };
}

/**
 * Undefined for the usual one, which the environment may move. What a store's file makes the controller read goes to Google and
 * to no other universe, whoever writes the store.
 */
function tokenUrlOf(file: JsonObject, { field, tenant }: ConfigurationOrigin): string | undefined {
  const url = textOf(file, "token_url");
  if (url === undefined) return undefined;
  const domain = TOKEN_URL.exec(url)?.[1];
  if (domain === "googleapis.com") return undefined;
  const universe = (tenant === undefined && textOf(file, "universe_domain")) || "googleapis.com";
  if (domain === universe || domain?.endsWith(".googleapis.com")) return url;
  throw unusable(field, `token_url is not https://sts.${universe}/v1/token`);
}

/** The account of `service_account_impersonation_url`, unset where there is none. @throws InvalidConfiguration */
export function impersonationOf(file: JsonObject, field: string): Omit<Impersonation, "field"> | undefined {
  const url = textOf(file, "service_account_impersonation_url");
  if (url === undefined) return undefined;
  const account = IMPERSONATION_URL.exec(url)?.[1];
  if (account === undefined) {
    throw unusable(field, "service_account_impersonation_url is not that of a service account at Google's IAM");
  }
  const lifetime = objectOf(file.service_account_impersonation)?.token_lifetime_seconds;
  return { account, ...(typeof lifetime === "number" && lifetime > 0 ? { lifetimeSeconds: lifetime } : {}) };
}

/** A text of the file that is not empty. */
export function textOf(file: JsonObject, name: string): string | undefined {
  const value = file[name];
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** The error of a file that cannot be used. */
export function unusable(field: string, defect: string): InvalidConfiguration {
  return new InvalidConfiguration(`invalid external_account config of ${field}: ${defect}`, {
    field,
    remedy: "make the file anew with gcloud iam workload-identity-pools create-cred-config",
  });
}
