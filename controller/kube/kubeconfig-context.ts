/** Turns one context of a kubeconfig into what the client needs: its cluster and its user. */
import {
  type ClientCertificate,
  type CredentialSource,
  certificateCredentials,
  fixedCredentials,
  KubeConfigError,
  readBytes,
  rereadValue,
  tokenFileCredentials,
} from "./credentials.ts";
import { execCredentials } from "./exec-credentials.ts";
import type { Surroundings } from "./in-cluster-config.ts";
import type { KubeConfig } from "./kube-config.ts";
import { base64Field, type ConfigEntry, type MergedKubeconfig, pathField, stringField } from "./kubeconfig-files.ts";

/**
 * The configuration of `context`, or of the current context.
 * @throws KubeConfigError where the context, its cluster or its user is missing, contradicts itself, or needs what is not supported.
 */
export function kubeConfigOfFiles(
  merged: MergedKubeconfig,
  context: string | undefined,
  surroundings: Surroundings,
): KubeConfig {
  const name = context || merged.currentContext;
  if (name === undefined) {
    throw new KubeConfigError(`${merged.files}: current-context is not set; set it or give --context`);
  }
  const entry = merged.contexts.get(name);
  if (entry === undefined) {
    const known = [...merged.contexts.keys()].map((key) => `"${key}"`).join(", ") || "none";
    throw new KubeConfigError(`${merged.files}: there is no context "${name}"; there are: ${known}`);
  }
  const cluster = referenced(entry, "cluster", merged.clusters);
  const user = stringField(entry, "user") === undefined ? undefined : referenced(entry, "user", merged.users);
  return {
    server: serverOf(cluster),
    source: entry.place,
    namespace: stringField(entry, "namespace") ?? "default",
    tls: tlsOf(cluster, surroundings),
    credentials: user === undefined ? fixedCredentials({ headers: {} }) : credentialsOf(user, cluster, surroundings),
  };
}

function referenced(context: ConfigEntry, field: string, among: ReadonlyMap<string, ConfigEntry>): ConfigEntry {
  const name = stringField(context, field);
  if (name === undefined) throw new KubeConfigError(`${context.place}: ${field} is missing`);
  const entry = among.get(name);
  if (entry === undefined)
    throw new KubeConfigError(`${context.place}: ${field} "${name}" is not defined in any kubeconfig`);
  return entry;
}

function serverOf(cluster: ConfigEntry): URL {
  const server = stringField(cluster, "server");
  if (server === undefined) throw new KubeConfigError(`${cluster.place}: server is missing`);
  const address = server.includes("://") ? server : `http://${server}`;
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined || (url.protocol !== "https:" && url.protocol !== "http:")) {
    throw new KubeConfigError(`${cluster.place}: server must be an https:// or http:// address`);
  }
  if (stringField(cluster, "proxy-url") !== undefined) {
    throw new KubeConfigError(
      `${cluster.place}: proxy-url is not supported; remove it, or run a local forwarder and name that as server`,
    );
  }
  return url;
}

function tlsOf(cluster: ConfigEntry, { readFile, clock }: Surroundings): KubeConfig["tls"] {
  const data = base64Field(cluster, "certificate-authority-data");
  const path = pathField(cluster, "certificate-authority");
  const serverName = stringField(cluster, "tls-server-name");
  const skipVerify = cluster.fields["insecure-skip-tls-verify"] === true;
  if (skipVerify && (data !== undefined || path !== undefined)) {
    throw new KubeConfigError(`${cluster.place}: insecure-skip-tls-verify excludes certificate-authority; remove one`);
  }
  const authorities =
    data !== undefined
      ? async () => data
      : path !== undefined
        ? rereadValue(clock, () => readBytes(readFile, path, `certificate-authority of ${cluster.place}`)).get
        : undefined;
  return {
    ...(authorities === undefined ? {} : { authorities }),
    ...(serverName === undefined ? {} : { serverName }),
    skipVerify,
  };
}

function credentialsOf(user: ConfigEntry, cluster: ConfigEntry, surroundings: Surroundings): CredentialSource {
  if (user.fields["auth-provider"] !== undefined) {
    throw new KubeConfigError(`${user.place}: auth-provider is no longer supported by Kubernetes; use exec`);
  }
  const sources = [certificateOf(user, surroundings), secretOf(user, cluster, surroundings)].filter(
    (source) => source !== undefined,
  );
  const impersonated = impersonationOf(user);
  if (impersonated !== undefined) sources.push(fixedCredentials({ headers: impersonated }));
  return combined(sources);
}

/** token and tokenFile come before username, and exec is asked only where none of these is there: as client-go does. */
function secretOf(user: ConfigEntry, cluster: ConfigEntry, surroundings: Surroundings): CredentialSource | undefined {
  const tokenFile = pathField(user, "tokenFile");
  if (tokenFile !== undefined) {
    return tokenFileCredentials(surroundings.clock, surroundings.readFile, tokenFile, `tokenFile of ${user.place}`);
  }
  const token = stringField(user, "token");
  if (token !== undefined) return fixedCredentials({ headers: { authorization: `Bearer ${token}` } });
  const username = stringField(user, "username");
  if (username !== undefined) {
    const pair = Buffer.from(`${username}:${stringField(user, "password") ?? ""}`).toString("base64");
    return fixedCredentials({ headers: { authorization: `Basic ${pair}` } });
  }
  return user.fields.exec === undefined ? undefined : execCredentials(user, cluster, surroundings);
}

function certificateOf(user: ConfigEntry, { readFile, clock }: Surroundings): CredentialSource | undefined {
  const part = (field: string): (() => Promise<Uint8Array>) | undefined => {
    const data = base64Field(user, `${field}-data`);
    if (data !== undefined) return async () => data;
    const path = pathField(user, field);
    return path === undefined ? undefined : () => readBytes(readFile, path, `${field} of ${user.place}`);
  };
  const cert = part("client-certificate");
  const key = part("client-key");
  if (cert === undefined && key === undefined) return undefined;
  if (cert === undefined) throw new KubeConfigError(`${user.place}: client-key is set, client-certificate is missing`);
  if (key === undefined) throw new KubeConfigError(`${user.place}: client-certificate is set, client-key is missing`);
  return certificateCredentials(
    clock,
    async (): Promise<ClientCertificate> => ({ cert: await cert(), key: await key() }),
  );
}

function impersonationOf(user: ConfigEntry): Record<string, string | readonly string[]> | undefined {
  const name = stringField(user, "as");
  if (name === undefined) return undefined;
  const uid = stringField(user, "as-uid");
  const groups = user.fields["as-groups"];
  return {
    "impersonate-user": name,
    ...(uid === undefined ? {} : { "impersonate-uid": uid }),
    ...(Array.isArray(groups) ? { "impersonate-group": groups.map(String) } : {}),
  };
}

function combined(sources: readonly CredentialSource[]): CredentialSource {
  return {
    async get(signal) {
      const all = await Promise.all(sources.map((source) => source.get(signal)));
      return Object.assign({}, ...all, { headers: Object.assign({}, ...all.map((each) => each.headers)) });
    },
    invalidate(used) {
      for (const source of sources) source.invalidate(used);
    },
  };
}
