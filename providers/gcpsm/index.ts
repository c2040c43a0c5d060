/** The `gcpsm` backend: Google Cloud Secret Manager, global and regional. */
import type { GcpSmProviderSpec } from "../../api/stores/gcpsm.ts";
import type { Backend, SecretsClient, StoreContext } from "../contract.ts";
import { retryPolicyOf } from "../retry.ts";
import { createTokenCache } from "../token-cache.ts";
import { checkGcpSmSpec } from "./check.ts";
import { createGcpSmClient } from "./client.ts";
import { endpointsOf } from "./endpoints.ts";
import { createGoogleHttp } from "./google-http.ts";
import { type GoogleIdentity, identityOf } from "./identity.ts";
import type { SecretPlace } from "./resource-names.ts";
import { createSecretManagerApi } from "./secret-manager-api.ts";
import { createSecretManagerSession } from "./secret-manager-session.ts";

/** `random` spreads the delays before repetitions. */
export function createGcpSmBackend({ random }: { readonly random: () => number }): Backend<GcpSmProviderSpec> {
  return {
    capabilities: "ReadWrite",
    check: checkGcpSmSpec,
    open: async (spec, context) => open(spec, context, random),
  };
}

/** The one that the table of backends loads. */
export const gcpSmBackend: Backend<GcpSmProviderSpec> = createGcpSmBackend({ random: Math.random });

/** Reads nothing yet: credentials are read when a token is needed. */
function open(spec: GcpSmProviderSpec, context: StoreContext, random: () => number): SecretsClient {
  const { clock, environment } = context;
  const endpoints = endpointsOf(environment, spec.location);
  const http = createGoogleHttp({
    clock,
    random,
    environment,
    observeCall: context.observeCall,
    timeoutMs: context.requestTimeoutMs,
    retry: retryPolicyOf(context.retrySettings),
  });
  const identity = identityOf(spec, context, { http, endpoints, clock });
  let quotaProject: string | undefined;
  const tokens = createTokenCache(clock, async (signal) => {
    const token = await identity.token(signal);
    ({ quotaProject } = token);
    return token;
  });
  const session = createSecretManagerSession({
    http,
    tokens,
    endpoint: endpoints.secretManager,
    identityField: identity.field,
    quotaProject: () => quotaProject,
  });
  const api = createSecretManagerApi(session, placeOf(spec, identity));
  return createGcpSmClient(spec, api);
}

/** The project is asked for once, where the store does not name it. */
function placeOf(spec: GcpSmProviderSpec, identity: GoogleIdentity): (signal: AbortSignal) => Promise<SecretPlace> {
  let project = spec.projectID || undefined;
  return async (signal) => {
    signal.throwIfAborted();
    project ??= await identity.project(signal);
    return { project, location: spec.location };
  };
}
