/** The logins of Vault: each reads its credentials anew and says what to send where. */
import { readFile } from "node:fs/promises";
import type { VaultProviderSpec } from "../../api/stores/vault.ts";
import type { KeySelector, StoreContext } from "../contract.ts";
import { InvalidConfiguration } from "../errors.ts";
import { awsLogin } from "./aws-login.ts";
import { gcpLogin } from "./gcp-login.ts";

export type VaultAuth = NonNullable<VaultProviderSpec["auth"]>;

/** A login of which the credentials have been read. */
export interface PreparedLogin {
  /** Below `/v1/`. */
  readonly path: string;
  readonly body: Readonly<Record<string, string>>;
}

export interface LoginMethod {
  /** As the schema names it. */
  readonly name: Exclude<keyof VaultAuth, "namespace" | "tokenSecretRef">;
  /** @throws what the context throws. */
  prepare(signal: AbortSignal): Promise<PreparedLogin>;
}

const FIELD = "spec.provider.vault.auth";
const TOKEN_SECONDS = 600;
const POD_TOKEN_FILE = "/var/run/secrets/kubernetes.io/serviceaccount/token";

/** `random` spreads retries. The method that the store sets, in ESO's order where several are; undefined where none is. */
export function loginMethodOf(auth: VaultAuth, context: StoreContext, random: () => number): LoginMethod | undefined {
  if (auth.appRole !== undefined) return appRole(auth.appRole, context);
  if (auth.kubernetes !== undefined) return kubernetes(auth.kubernetes, context);
  if (auth.ldap !== undefined) return password("ldap", auth.ldap, context);
  if (auth.userPass !== undefined) return password("userPass", auth.userPass, context);
  if (auth.jwt !== undefined) return jwt(auth.jwt, context);
  if (auth.cert !== undefined) return certificate(auth.cert);
  if (auth.iam !== undefined) return awsLogin(auth.iam, context, random);
  if (auth.gcp !== undefined) return gcpLogin(auth.gcp, context, random);
  return undefined;
}

/** Whose policies decide, as far as the store says. */
export function granteeOf(auth: VaultAuth): string {
  const { tokenSecretRef, appRole, kubernetes, ldap, userPass, jwt, cert, iam, gcp } = auth;
  if (tokenSecretRef !== undefined) return "the token";
  if (appRole !== undefined) return "the AppRole";
  const user = kubernetes === undefined ? (ldap ?? userPass)?.username : undefined;
  if (user) return `user "${user}"`;
  const role = kubernetes?.role || jwt?.role || cert?.vaultRole || iam?.vaultRole || gcp?.role;
  return role ? `role "${role}"` : "the token";
}

/** A key of a Secret as text, blanks and line feeds at its ends cut off. */
export async function readTrimmed(context: StoreContext, ref: KeySelector, field: string, signal: AbortSignal) {
  return new TextDecoder().decode(await context.readSecretKey(ref, field, signal)).trim();
}

function appRole(spec: NonNullable<VaultAuth["appRole"]>, context: StoreContext): LoginMethod {
  return {
    name: "appRole",
    async prepare(signal) {
      const roleId =
        spec.roleId || (await readTrimmed(context, spec.roleRef ?? {}, `${FIELD}.appRole.roleRef`, signal));
      const secretId = await readTrimmed(context, spec.secretRef, `${FIELD}.appRole.secretRef`, signal);
      return { path: `auth/${mount(spec.path, "approle")}/login`, body: { role_id: roleId, secret_id: secretId } };
    },
  };
}

function kubernetes(spec: NonNullable<VaultAuth["kubernetes"]>, context: StoreContext): LoginMethod {
  return {
    name: "kubernetes",
    async prepare(signal) {
      const token = await kubernetesToken(spec, context, signal);
      return { path: `auth/${mount(spec.mountPath, "kubernetes")}/login`, body: { role: spec.role, jwt: token } };
    },
  };
}

/** A token by TokenRequest, one in a Secret, or that of the pod we run in. */
async function kubernetesToken(
  { serviceAccountRef, secretRef }: NonNullable<VaultAuth["kubernetes"]>,
  context: StoreContext,
  signal: AbortSignal,
): Promise<string> {
  if (serviceAccountRef !== undefined) {
    const field = `${FIELD}.kubernetes.serviceAccountRef`;
    const options = { defaultAudiences: [], expirationSeconds: TOKEN_SECONDS, field };
    return (await context.requestToken(serviceAccountRef, options, signal)).token;
  }
  if (secretRef !== undefined) {
    return readTrimmed(context, { key: "token", ...secretRef }, `${FIELD}.kubernetes.secretRef`, signal);
  }
  return podToken(context.environment.SERVICE_ACCOUNT_TOKEN_FILE || POD_TOKEN_FILE, signal);
}

async function podToken(path: string, signal: AbortSignal): Promise<string> {
  try {
    return (await readFile(path, { encoding: "utf8", signal })).trim();
  } catch (cause) {
    if (signal.aborted) throw signal.reason;
    throw new InvalidConfiguration(`${FIELD}.kubernetes names no token, and ${path} cannot be read`, {
      cause,
      field: `${FIELD}.kubernetes`,
      remedy: "set serviceAccountRef or secretRef",
    });
  }
}

function password(name: "ldap" | "userPass", spec: NonNullable<VaultAuth["ldap"]>, context: StoreContext): LoginMethod {
  return {
    name,
    async prepare(signal) {
      const bytes = await context.readSecretKey(spec.secretRef ?? {}, `${FIELD}.${name}.secretRef`, signal);
      const path = `auth/${mount(spec.path, name.toLowerCase())}/login/${spec.username}`;
      return { path, body: { password: new TextDecoder().decode(bytes) } };
    },
  };
}

function jwt(spec: NonNullable<VaultAuth["jwt"]>, context: StoreContext): LoginMethod {
  return {
    name: "jwt",
    async prepare(signal) {
      const token = await jwtOf(spec, context, signal);
      return { path: `auth/${mount(spec.path, "jwt")}/login`, body: { role: spec.role?.trim() ?? "", jwt: token } };
    },
  };
}

async function jwtOf(spec: NonNullable<VaultAuth["jwt"]>, context: StoreContext, signal: AbortSignal): Promise<string> {
  if (spec.secretRef !== undefined) return readTrimmed(context, spec.secretRef, `${FIELD}.jwt.secretRef`, signal);
  const source = spec.kubernetesServiceAccountToken;
  if (source === undefined) {
    throw new InvalidConfiguration(`${FIELD}.jwt names no token`, {
      field: `${FIELD}.jwt`,
      remedy: "set secretRef or kubernetesServiceAccountToken",
    });
  }
  const options = {
    defaultAudiences: source.audiences ?? ["vault"],
    expirationSeconds: source.expirationSeconds ?? TOKEN_SECONDS,
    field: `${FIELD}.jwt.kubernetesServiceAccountToken.serviceAccountRef`,
  };
  return (await context.requestToken(source.serviceAccountRef, options, signal)).token;
}

/** The connection's client certificate is the credential. */
function certificate(spec: NonNullable<VaultAuth["cert"]>): LoginMethod {
  const body = spec.vaultRole ? { name: spec.vaultRole } : {};
  return { name: "cert", prepare: async () => ({ path: `auth/${mount(spec.path, "cert")}/login`, body }) };
}

function mount(path: string | undefined, fallback: string): string {
  return path?.replace(/^\/+|\/+$/g, "") || fallback;
}
