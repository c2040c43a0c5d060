/** Google's own client libraries, led to the emulator. */
import { SecretManagerServiceClient } from "@google-cloud/secret-manager";
import { type AuthClient, gaxios } from "google-auth-library";

/** What the official clients ask for. */
export const SCOPES = ["https://www.googleapis.com/auth/cloud-platform"];

/** An HTTP client for the authentication library that sends every request to Google to the emulator. */
export function transporterTo(endpoint: string): gaxios.Gaxios {
  return new gaxios.Gaxios({
    retry: false,
    adapter: (options, send) => {
      if (options.url.hostname.endsWith(".googleapis.com")) {
        options.url = new URL(options.url.pathname + options.url.search, endpoint);
      }
      return send(options);
    },
  });
}

/** Over REST; without repetitions, so that an error is seen as it is. */
export function officialClient(endpoint: string, authClient: AuthClient): SecretManagerServiceClient {
  const { hostname, port } = new URL(endpoint);
  // Its types know only the newest of the two copies of the authentication library's classes.
  return new SecretManagerServiceClient({
    fallback: true,
    protocol: "http",
    apiEndpoint: hostname,
    port: Number(port),
    authClient: authClient as never,
    projectId: "demo-project",
  });
}
