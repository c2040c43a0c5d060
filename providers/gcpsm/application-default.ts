/** The controller's own credentials: Google's application default credentials. */
import { readFile } from "node:fs/promises";
import path from "node:path";
import { InvalidConfiguration } from "../errors.ts";
import { type AuthTools, fetchToken, impersonate } from "./auth-calls.ts";
import { externalAccountIn, impersonationOf, textOf, unusable } from "./credential-configuration.ts";
import { externalAccountToken } from "./external-account.ts";
import { objectIn, objectOf } from "./google-failure.ts";
import type { GoogleToken } from "./google-token.ts";
import { metadataToken } from "./metadata-server.ts";
import { exchangeAssertion, serviceAccountKeyIn } from "./service-account-key.ts";

type Environment = Readonly<Record<string, string | undefined>>;
type JsonObject = Readonly<Record<string, unknown>>;

const FIELD = "spec.provider.gcpsm.auth";
const VARIABLE = "GOOGLE_APPLICATION_CREDENTIALS";

/**
 * A token by the file that GOOGLE_APPLICATION_CREDENTIALS names, else by that of `gcloud auth application-default login`, else
 * by the metadata server.
 * @throws InvalidConfiguration where a file cannot be used; AccessDenied where there are no credentials.
 */
export async function applicationDefaultToken(
  tools: AuthTools,
  environment: Environment,
  signal: AbortSignal,
): Promise<GoogleToken> {
  const file = await credentialsFile(environment, signal);
  return file === undefined ? metadataToken(tools, signal) : tokenOf(tools, environment, file, signal);
}

/** The project that the environment or the file names. */
export async function applicationDefaultProject(
  environment: Environment,
  signal: AbortSignal,
): Promise<string | undefined> {
  const { GOOGLE_CLOUD_PROJECT: project } = environment;
  if (project) return project;
  const file = await credentialsFile(environment, signal);
  return file === undefined ? undefined : textOf(file, "project_id");
}

async function credentialsFile(environment: Environment, signal: AbortSignal): Promise<JsonObject | undefined> {
  const named = environment[VARIABLE];
  if (named) {
    const bytes = await readIfThere(named, signal);
    const file = bytes === undefined ? undefined : objectIn(bytes);
    if (file !== undefined) return file;
    throw new InvalidConfiguration(`the file that ${VARIABLE} of the controller names cannot be read as JSON`, {
      field: FIELD,
      remedy: `correct ${VARIABLE}, or set a way to authenticate in ${FIELD}`,
    });
  }
  const folder = environment.CLOUDSDK_CONFIG || (environment.HOME && path.join(environment.HOME, ".config/gcloud"));
  const bytes = folder && (await readIfThere(path.join(folder, "application_default_credentials.json"), signal));
  return bytes ? objectIn(bytes) : undefined;
}

async function readIfThere(file: string, signal: AbortSignal): Promise<Uint8Array | undefined> {
  try {
    return await readFile(file, { signal });
  } catch {
    signal.throwIfAborted();
    // What is wrong with a file that was named, the caller says.
    return undefined;
  }
}

/** By the file's type. */
async function tokenOf(
  tools: AuthTools,
  environment: Environment,
  file: JsonObject,
  signal: AbortSignal,
): Promise<GoogleToken> {
  const quotaProject = environment.GOOGLE_CLOUD_QUOTA_PROJECT || textOf(file, "quota_project_id");
  const billed = quotaProject === undefined ? {} : { quotaProject };
  switch (file.type) {
    case "service_account":
      return { ...(await exchangeAssertion(tools, serviceAccountKeyIn(file, FIELD), FIELD, signal)), ...billed };
    case "authorized_user":
      return { ...(await refreshedToken(tools, file, signal)), ...billed };
    case "external_account": {
      const account = externalAccountIn(file, { tools, environment, field: FIELD });
      return { ...(await externalAccountToken(tools, account, signal)), ...billed };
    }
    case "impersonated_service_account":
      return { ...(await impersonatedToken(tools, environment, file, signal)), ...billed };
    default:
      throw new InvalidConfiguration(
        "the controller's application default credentials are of a type that is not known",
        {
          field: FIELD,
          remedy: "use service_account, authorized_user, external_account or impersonated_service_account",
        },
      );
  }
}

function refreshedToken(tools: AuthTools, file: JsonObject, signal: AbortSignal): Promise<GoogleToken> {
  const part = (name: string) => textOf(file, name) ?? "";
  return fetchToken(
    tools,
    {
      service: "Google's token service",
      url: tools.endpoints.oauthToken ?? "https://oauth2.googleapis.com/token",
      parameters: {
        grant_type: "refresh_token",
        client_id: part("client_id"),
        client_secret: part("client_secret"),
        refresh_token: part("refresh_token"),
      },
      field: FIELD,
      remedy: "log in anew: gcloud auth application-default login",
    },
    signal,
  );
}

async function impersonatedToken(
  tools: AuthTools,
  environment: Environment,
  file: JsonObject,
  signal: AbortSignal,
): Promise<GoogleToken> {
  const source = objectOf(file.source_credentials);
  const target = impersonationOf(file, FIELD);
  if (source === undefined || source.type === "impersonated_service_account" || target === undefined) {
    throw unusable(FIELD, "source_credentials or service_account_impersonation_url is missing");
  }
  const delegates = Array.isArray(file.delegates)
    ? file.delegates.filter((name): name is string => typeof name === "string")
    : [];
  const caller = await tokenOf(tools, environment, source, signal);
  return impersonate(tools, caller, { ...target, delegates, field: FIELD }, signal);
}
