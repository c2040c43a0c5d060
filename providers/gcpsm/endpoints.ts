/** Where Google's services are; each can be moved by the variable that gcloud or Google's libraries know it by. */
import { InvalidConfiguration } from "../errors.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** Base addresses without a slash at the end. */
export interface Endpoints {
  /** `CLOUDSDK_API_ENDPOINT_OVERRIDES_SECRETMANAGER`; regional where the store has a location. */
  readonly secretManager: string;
  /** `CLOUDSDK_API_ENDPOINT_OVERRIDES_IAMCREDENTIALS`. */
  readonly iamCredentials: string;
  /** `CLOUDSDK_API_ENDPOINT_OVERRIDES_STS`. */
  readonly sts: string;
  /** `CLOUDSDK_API_ENDPOINT_OVERRIDES_SECURETOKEN`: GKE's exchange of tokens. */
  readonly secureToken: string;
  /** Whole address, `CLOUDSDK_AUTH_TOKEN_HOST`; unset: the one that the key names. */
  readonly oauthToken: string | undefined;
  /** `GCE_METADATA_HOST`. */
  readonly metadata: string;
}

/** Part of a host name, so that it cannot lead to another host. */
export const LOCATION = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/** @throws InvalidConfiguration where the location cannot be one. */
export function endpointsOf(environment: Environment, location: string | undefined): Endpoints {
  if (location && !LOCATION.test(location)) {
    const field = "spec.provider.gcpsm.location";
    throw new InvalidConfiguration(`${field} is no location of Google Cloud`, {
      field,
      remedy: "name one, such as europe-west3",
    });
  }
  const override = (service: string) => trimmed(environment[`CLOUDSDK_API_ENDPOINT_OVERRIDES_${service}`]);
  const regional = location ? `https://secretmanager.${location}.rep.googleapis.com` : undefined;
  return {
    secretManager: override("SECRETMANAGER") ?? regional ?? "https://secretmanager.googleapis.com",
    iamCredentials: override("IAMCREDENTIALS") ?? "https://iamcredentials.googleapis.com",
    sts: override("STS") ?? "https://sts.googleapis.com",
    secureToken: override("SECURETOKEN") ?? "https://securetoken.googleapis.com",
    oauthToken: trimmed(environment.CLOUDSDK_AUTH_TOKEN_HOST),
    metadata: `http://${environment.GCE_METADATA_HOST || "metadata.google.internal"}`,
  };
}

function trimmed(address: string | undefined): string | undefined {
  return address?.replace(/\/+$/, "") || undefined;
}
