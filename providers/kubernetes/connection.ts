/** How a store reaches its API server, and as whom: read from the store's block and the Secrets that it names. */
import { readFile } from "node:fs/promises";
import type { KubernetesProviderSpec } from "../../api/stores/kubernetes.ts";
import { resolveCaBundle } from "../ca-bundle.ts";
import type { KeySelector, StoreContext } from "../contract.ts";
import { InvalidConfiguration } from "../errors.ts";
import { createHttpClient, type HttpClient, type HttpClientOptions } from "../http-client.ts";
import { type Credentials, fixedCredentials, requestedToken, storedToken } from "./credentials.ts";
import type { KubeCaller } from "./kube-error.ts";
import { KUBECONFIG_FIELD, readKubeconfig } from "./kubeconfig.ts";
import { isOwnServer, serverUrlOf } from "./server-url.ts";

/** A way to the API server, and who goes it. */
export interface Connection {
  readonly http: HttpClient;
  readonly credentials: Credentials;
  readonly caller: KubeCaller;
}

const BLOCK = "spec.provider.kubernetes";
const SERVER_FIELD = `${BLOCK}.server.url`;
const TOKEN_SECONDS = 3_600;
/** A page of a list may be of 40 Secrets, each of 1 MiB and a third more in base64. */
const MAX_RESPONSE_BYTES = 64 * 1024 * 1024;
/** The authority of the cluster that a pod runs in. */
const POD_CA_FILE = "/var/run/secrets/kubernetes.io/serviceaccount/ca.crt";

/**
 * Opens no connection yet. Reads certificates and a kubeconfig; tokens are read or requested when first needed.
 * @throws InvalidConfiguration; what the context throws.
 */
export async function openConnection(
  spec: KubernetesProviderSpec,
  context: StoreContext,
  signal: AbortSignal,
): Promise<Connection> {
  if (spec.authRef !== undefined) return ofKubeconfig(spec.authRef, context, signal);
  const baseUrl = requireUrl(serverUrlOf(spec.server?.url), SERVER_FIELD);
  const ca = await authorityOf(spec, baseUrl, context, signal);
  const { cert } = spec.auth ?? {};
  const clientCertificate =
    cert === undefined
      ? undefined
      : {
          cert: await readText(context, { key: "tls.crt", ...cert.clientCert }, "auth.cert.clientCert", signal),
          key: await readText(context, { key: "tls.key", ...cert.clientKey }, "auth.cert.clientKey", signal),
        };
  const http = createHttpClient({
    ...commonOptions(context),
    baseUrl,
    serverField: SERVER_FIELD,
    ...(ca === undefined ? {} : { ca }),
    ...(clientCertificate === undefined ? {} : { clientCertificate }),
  });
  return { http, ...loginOf(spec.auth ?? {}, context) };
}

function loginOf(
  { cert, token, serviceAccount }: NonNullable<KubernetesProviderSpec["auth"]>,
  context: StoreContext,
): Omit<Connection, "http"> {
  if (serviceAccount !== undefined) {
    const field = `${BLOCK}.auth.serviceAccount`;
    const options = { defaultAudiences: [], expirationSeconds: TOKEN_SECONDS, field };
    const request = (signal: AbortSignal) => context.requestToken(serviceAccount, options, signal);
    const caller = { identity: `service account "${serviceAccount.name}"`, field, serverField: SERVER_FIELD };
    return { credentials: requestedToken(request, context.clock), caller };
  }
  if (token !== undefined) {
    const read = async (signal: AbortSignal) =>
      (await readText(context, { key: "token", ...token.bearerToken }, "auth.token.bearerToken", signal)).trim();
    return { credentials: storedToken(read), caller: userOf(`${BLOCK}.auth.token.bearerToken`) };
  }
  if (cert !== undefined) return { credentials: fixedCredentials(), caller: userOf(`${BLOCK}.auth.cert`) };
  throw new InvalidConfiguration(`${BLOCK}.auth sets no authentication method`, {
    field: `${BLOCK}.auth`,
    remedy: "set cert, token or serviceAccount, or authRef",
  });
}

function userOf(field: string, serverField = SERVER_FIELD): KubeCaller {
  return { identity: `the user of ${field}`, field, serverField };
}

async function ofKubeconfig(ref: KeySelector, context: StoreContext, signal: AbortSignal): Promise<Connection> {
  const { server, authorization, proxyUrl, ...tls } = await readKubeconfig(
    await readText(context, ref, "authRef", signal),
  );
  const http = createHttpClient({
    ...commonOptions(context),
    ...(proxyUrl === undefined ? {} : { environment: { HTTP_PROXY: proxyUrl, HTTPS_PROXY: proxyUrl } }),
    ...tls,
    baseUrl: requireUrl(server === "" ? undefined : serverUrlOf(server), KUBECONFIG_FIELD),
    serverField: KUBECONFIG_FIELD,
  });
  return {
    http,
    credentials: fixedCredentials(authorization),
    caller: userOf(KUBECONFIG_FIELD, KUBECONFIG_FIELD),
  };
}

function commonOptions({
  clock,
  environment,
  requestTimeoutMs,
}: StoreContext): Omit<HttpClientOptions, "baseUrl" | "serverField"> {
  const backend = "the API server";
  return { backend, clock, environment, timeoutMs: requestTimeoutMs, maxResponseBytes: MAX_RESPONSE_BYTES };
}

function requireUrl(url: string | undefined, field: string): string {
  if (url !== undefined) return url;
  throw new InvalidConfiguration(`${field} gives no http or https URL of the API server`, {
    field,
    remedy: "write it as https://host:port",
  });
}

/** For the server of the controller's own cluster, each pod has the authority at hand. */
async function authorityOf(
  { server = {} }: KubernetesProviderSpec,
  url: string,
  context: StoreContext,
  signal: AbortSignal,
): Promise<string | undefined> {
  const ca = await resolveCaBundle(server, context, `${BLOCK}.server`, signal);
  return ca === undefined && isOwnServer(url) ? podAuthority(signal) : ca;
}

/** Undefined outside of a pod: the system's authorities apply then. */
async function podAuthority(signal: AbortSignal): Promise<string | undefined> {
  try {
    return await readFile(POD_CA_FILE, { encoding: "latin1", signal });
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw new InvalidConfiguration(`${POD_CA_FILE}, the authority of this cluster, cannot be read`, {
      field: `${BLOCK}.server`,
      remedy: "set server.caBundle or server.caProvider",
    });
  }
}

/** A key of a Secret, byte for byte but as text. */
async function readText(context: StoreContext, ref: KeySelector, field: string, signal: AbortSignal): Promise<string> {
  return Buffer.from(await context.readSecretKey(ref, `${BLOCK}.${field}`, signal)).toString("utf8");
}
