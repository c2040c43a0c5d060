/** A kubeconfig out of a Secret: the server and the credentials of its current context, with nothing of the controller's machine. */
import { InvalidConfiguration } from "../errors.ts";

/** What a kubeconfig says about one cluster and one user. */
export interface KubeconfigContext {
  readonly server: string;
  readonly ca?: string;
  readonly serverName?: string;
  readonly proxyUrl?: string;
  /** As PEM. */
  readonly clientCertificate?: { readonly cert: string; readonly key: string };
  readonly authorization?: string;
}

/** The field that holds the kubeconfig. */
export const KUBECONFIG_FIELD = "spec.provider.kubernetes.authRef";

/**
 * The current context. It comes from a Secret, which its owner may fill: programs (`exec`) and files of the controller's
 * machine are refused.
 * @throws InvalidConfiguration; the message names parts of the kubeconfig, never their content.
 */
export async function readKubeconfig(text: string): Promise<KubeconfigContext> {
  const config = await parseYaml(text);
  const context = entryOf(config, "contexts", textOf(config, "current-context"), "context");
  const cluster = entryOf(config, "clusters", textOf(context, "cluster"), "cluster");
  const user = entryOf(config, "users", textOf(context, "user"), "user");
  refuse(cluster, "the cluster", {
    "certificate-authority": "put its content into certificate-authority-data",
    "insecure-skip-tls-verify": "give certificate-authority-data instead",
  });
  refuse(user, "the user", {
    exec: "give a token or a client certificate",
    "auth-provider": "give a token or a client certificate",
    tokenFile: "put its content into token",
    "client-certificate": "put its content into client-certificate-data",
    "client-key": "put its content into client-key-data",
    as: "give the credentials of that user",
  });
  const ca = pemOf(cluster, "certificate-authority-data");
  const serverName = textOf(cluster, "tls-server-name");
  const proxyUrl = textOf(cluster, "proxy-url");
  return {
    server: textOf(cluster, "server") ?? "",
    ...(ca === undefined ? {} : { ca }),
    ...(serverName === undefined ? {} : { serverName }),
    ...(proxyUrl === undefined ? {} : { proxyUrl }),
    ...userOf(user),
  };
}

type Fields = Readonly<Record<string, unknown>>;

async function parseYaml(text: string): Promise<Fields> {
  const { parse } = await import("yaml");
  try {
    const config: unknown = parse(text, { logLevel: "error" });
    if (isObject(config)) return config;
  } catch {
    // The parser's message quotes the text, which holds credentials.
  }
  throw invalid("holds no kubeconfig", "put a kubeconfig (YAML or JSON) into that key of the Secret");
}

function entryOf(config: Fields, list: string, name: string | undefined, kind: "context" | "cluster" | "user"): Fields {
  if (name === undefined) {
    const field = kind === "context" ? "current-context" : kind;
    throw invalid(`has no ${field}`, `set ${field} in the kubeconfig`);
  }
  const entries = config[list];
  const entry = Array.isArray(entries) ? entries.find((each) => isObject(each) && each.name === name) : undefined;
  const found: unknown = isObject(entry) ? entry[kind] : undefined;
  if (isObject(found)) return found;
  throw invalid(`names a ${kind} that is not in its ${list}`, `add it to ${list} in the kubeconfig`);
}

function refuse(fields: Fields, owner: string, remedies: Readonly<Record<string, string>>): void {
  for (const [field, remedy] of Object.entries(remedies)) {
    if (fields[field] === undefined || fields[field] === false || fields[field] === "") continue;
    throw invalid(`sets ${field} of ${owner}, which a store does not take from a Secret`, remedy);
  }
}

function userOf(user: Fields): Pick<KubeconfigContext, "authorization" | "clientCertificate"> {
  const cert = pemOf(user, "client-certificate-data");
  const key = pemOf(user, "client-key-data");
  if ((cert === undefined) !== (key === undefined)) {
    throw invalid("has half a client certificate", "give both client-certificate-data and client-key-data");
  }
  const authorization = authorizationOf(user);
  if (cert === undefined && authorization === undefined) {
    throw invalid("has no credentials for its user", "give a token or a client certificate");
  }
  return {
    ...(cert === undefined || key === undefined ? {} : { clientCertificate: { cert, key } }),
    ...(authorization === undefined ? {} : { authorization }),
  };
}

function authorizationOf(user: Fields): string | undefined {
  const token = textOf(user, "token");
  if (token !== undefined) return `Bearer ${token.trim()}`;
  const username = textOf(user, "username");
  if (username === undefined) return undefined;
  return `Basic ${Buffer.from(`${username}:${textOf(user, "password") ?? ""}`).toString("base64")}`;
}

function textOf(fields: Fields, name: string): string | undefined {
  const value = fields[name];
  return typeof value === "string" && value !== "" ? value : undefined;
}

function pemOf(fields: Fields, name: string): string | undefined {
  const encoded = textOf(fields, name);
  return encoded === undefined ? undefined : Buffer.from(encoded, "base64").toString("latin1");
}

function isObject(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function invalid(defect: string, remedy: string): InvalidConfiguration {
  return new InvalidConfiguration(`the kubeconfig of ${KUBECONFIG_FIELD} ${defect}`, {
    field: KUBECONFIG_FIELD,
    remedy,
  });
}
