/** The `vault` backend: the KV engine of HashiCorp Vault and OpenBao, versions 1 and 2. */
import type { VaultProviderSpec } from "../../api/stores/vault.ts";
import { resolveCaBundle } from "../ca-bundle.ts";
import type { Backend, SecretsClient, StoreContext } from "../contract.ts";
import { InvalidConfiguration } from "../errors.ts";
import { createHttpClient } from "../http-client.ts";
import { retryPolicyOf } from "../retry.ts";
import { checkVaultSpec } from "./check.ts";
import { createVaultClient } from "./client.ts";
import { granteeOf, type LoginMethod, loginMethodOf, readTrimmed } from "./login.ts";
import { createLoginSession, createStaticSession, noSession, type TokenSession } from "./token-session.ts";
import { createVaultApi } from "./vault-api.ts";
import { createVaultHttp, type VaultHttp } from "./vault-http.ts";

const BLOCK = "spec.provider.vault";

/** `random` spreads the delays before repetitions. */
export function createVaultBackend({ random }: { readonly random: () => number }): Backend<VaultProviderSpec> {
  return {
    capabilities: "ReadWrite",
    check: checkVaultSpec,
    open: (spec, context, signal) => open(spec, context, random, signal),
  };
}

/** The one that the table of backends loads. */
export const vaultBackend: Backend<VaultProviderSpec> = createVaultBackend({ random: Math.random });

/** Reads certificates only; tokens and credentials are read when they are first needed. */
async function open(
  spec: VaultProviderSpec,
  context: StoreContext,
  random: () => number,
  signal: AbortSignal,
): Promise<SecretsClient> {
  const login =
    spec.auth === undefined || spec.auth.tokenSecretRef !== undefined
      ? undefined
      : methodOf(spec.auth, context, random);
  const vault = await openHttp(spec, context, signal);
  const authNamespace = spec.auth?.namespace ?? spec.namespace;
  const api = createVaultApi({
    vault,
    session: openSession(spec, context, login, vault, authNamespace),
    namespace: spec.namespace,
    authNamespace,
    retry: retryPolicyOf(context.retrySettings),
    clock: context.clock,
    random,
    tokenField: login === undefined ? "auth.tokenSecretRef" : `auth.${login.name}`,
    isStatic: login === undefined,
  });
  return createVaultClient(spec, api, login !== undefined, context.clock);
}

function methodOf(
  auth: NonNullable<VaultProviderSpec["auth"]>,
  context: StoreContext,
  random: () => number,
): LoginMethod {
  const method = loginMethodOf(auth, context, random);
  if (method !== undefined) return method;
  throw new InvalidConfiguration(`${BLOCK}.auth sets no authentication method`, {
    field: `${BLOCK}.auth`,
    remedy: "set tokenSecretRef, appRole, kubernetes, ldap, userPass, jwt, cert, iam or gcp",
  });
}

async function openHttp(spec: VaultProviderSpec, context: StoreContext, signal: AbortSignal): Promise<VaultHttp> {
  const ca = await resolveCaBundle(spec, context, BLOCK, signal);
  const clientCertificate = await readClientCertificate(spec, context, signal);
  const http = createHttpClient({
    backend: "Vault",
    baseUrl: spec.server,
    serverField: `${BLOCK}.server`,
    timeoutMs: context.requestTimeoutMs,
    clock: context.clock,
    environment: context.environment,
    ...(ca === undefined ? {} : { ca }),
    ...(clientCertificate === undefined ? {} : { clientCertificate }),
  });
  const forwards = spec.readYourWrites && spec.forwardInconsistent;
  return createVaultHttp({
    http,
    clock: context.clock,
    headers: { ...spec.headers, ...(forwards ? { "x-vault-inconsistent": "forward-active-node" } : {}) },
    tracksState: (spec.readYourWrites || spec.forwardInconsistent) ?? false,
    grantee: granteeOf(spec.auth ?? {}),
    observeCall: context.observeCall,
  });
}

/** That of `auth.cert`, or that of `tls`. */
async function readClientCertificate({ auth, tls }: VaultProviderSpec, context: StoreContext, signal: AbortSignal) {
  const [certRef, keyRef] = auth?.cert
    ? [auth.cert.clientCert, auth.cert.secretRef]
    : [tls?.certSecretRef, tls?.keySecretRef];
  if (certRef === undefined || keyRef === undefined) return undefined;
  const [certField, keyField] = auth?.cert
    ? ["auth.cert.clientCert", "auth.cert.secretRef"]
    : ["tls.certSecretRef", "tls.keySecretRef"];
  const cert = await context.readSecretKey({ key: "tls.crt", ...certRef }, `${BLOCK}.${certField}`, signal);
  const key = await context.readSecretKey({ key: "tls.key", ...keyRef }, `${BLOCK}.${keyField}`, signal);
  return { cert: Buffer.from(cert).toString("latin1"), key: Buffer.from(key).toString("latin1") };
}

function openSession(
  { auth }: VaultProviderSpec,
  context: StoreContext,
  login: LoginMethod | undefined,
  vault: VaultHttp,
  namespace: string | undefined,
): TokenSession {
  const tokenRef = auth?.tokenSecretRef;
  if (tokenRef !== undefined) {
    return createStaticSession((signal) =>
      readTrimmed(context, { key: "token", ...tokenRef }, `${BLOCK}.auth.tokenSecretRef`, signal),
    );
  }
  if (login === undefined) return noSession;
  const { clock, requestTimeoutMs } = context;
  return createLoginSession({ method: login, vault, namespace, clock, closeTimeoutMs: requestTimeoutMs });
}
