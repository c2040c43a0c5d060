/** Credentials from an exec plugin (client.authentication.k8s.io v1 and v1beta1): `aws eks get-token` and its like. */
import { execFile } from "node:child_process";
import { isAbsolute, resolve } from "node:path";
import {
  type ClientCertificate,
  type CredentialSource,
  type Credentials,
  codeOf,
  KubeConfigError,
} from "./credentials.ts";
import type { Surroundings } from "./in-cluster-config.ts";
import { type ConfigEntry, isMapping, stringField } from "./kubeconfig-files.ts";
import { raceAbort } from "./time-limit.ts";

/** A plugin may have to talk to a cloud; a browser login it cannot do, for there is no terminal. */
const PLUGIN_TIMEOUT_MS = 60_000;
/** Asks for new credentials this long before the old ones expire, so that none expires on its way. */
const EXPIRY_MARGIN_MS = 10_000;

const API_VERSIONS = ["client.authentication.k8s.io/v1", "client.authentication.k8s.io/v1beta1"];

interface PluginCommand {
  readonly place: string;
  readonly apiVersion: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly hint: string;
}

/**
 * Runs the plugin when credentials are first needed, when its `expirationTimestamp` comes near, and after a 401. Callers at the
 * same time share one run.
 * @throws KubeConfigError at once where the `exec` block is wrong.
 */
export function execCredentials(user: ConfigEntry, cluster: ConfigEntry, surroundings: Surroundings): CredentialSource {
  const plugin = pluginOf(user, cluster, surroundings.environment);
  let cached: { readonly credentials: Credentials; readonly expiresAtMs: number } | undefined;
  let running: Promise<Credentials> | undefined;
  async function runPlugin(): Promise<Credentials> {
    try {
      const next = readCredential(plugin, await outputOf(plugin));
      // A plugin that gives the same certificate again must not cost the connections that were made with it.
      const credentials = keepCertificate(cached?.credentials, next.credentials);
      cached = { credentials, expiresAtMs: next.expiresAtMs };
      return credentials;
    } finally {
      running = undefined;
    }
  }
  let dropped = false;
  return {
    async get(signal) {
      const now = surroundings.clock.now();
      if (!dropped && cached !== undefined && now < cached.expiresAtMs - EXPIRY_MARGIN_MS) return cached.credentials;
      dropped = false;
      running ??= runPlugin();
      return raceAbort(running, signal);
    },
    invalidate(used) {
      const last = cached?.credentials;
      if (last === undefined || last.headers.authorization !== used.headers.authorization) return;
      dropped = last.certificate === used.certificate;
    },
  };
}

function keepCertificate(old: Credentials | undefined, next: Credentials): Credentials {
  const [a, b] = [old?.certificate, next.certificate];
  if (a === undefined || b === undefined) return next;
  return Buffer.compare(a.cert, b.cert) === 0 && Buffer.compare(a.key, b.key) === 0
    ? { ...next, certificate: a }
    : next;
}

function pluginOf(user: ConfigEntry, cluster: ConfigEntry, environment: Surroundings["environment"]): PluginCommand {
  const fields = user.fields.exec;
  if (!isMapping(fields)) throw new KubeConfigError(`${user.place}: exec must be a mapping`);
  const exec: ConfigEntry = { place: `exec of ${user.place}`, folder: user.folder, fields };
  const apiVersion = stringField(exec, "apiVersion") ?? "";
  if (!API_VERSIONS.includes(apiVersion)) {
    throw new KubeConfigError(`${exec.place}: apiVersion must be one of ${API_VERSIONS.join(", ")}`);
  }
  const command = stringField(exec, "command");
  if (command === undefined) throw new KubeConfigError(`${exec.place}: command is missing`);
  if (exec.fields.interactiveMode === "Always") {
    throw new KubeConfigError(
      `${exec.place}: interactiveMode Always needs a terminal, and there is none; use another user`,
    );
  }
  const isPath = command.includes("/") || command.includes("\\");
  return {
    place: exec.place,
    apiVersion,
    command: isPath && !isAbsolute(command) ? resolve(exec.folder, command) : command,
    args: listOf(exec, "args").map(String),
    environment: { ...environment, ...variablesOf(exec), KUBERNETES_EXEC_INFO: execInfo(apiVersion, exec, cluster) },
    hint: stringField(exec, "installHint") ?? "",
  };
}

function listOf(entry: ConfigEntry, field: string): readonly unknown[] {
  const list = entry.fields[field] ?? [];
  if (!Array.isArray(list)) throw new KubeConfigError(`${entry.place}: ${field} must be a list`);
  return list;
}

function variablesOf(exec: ConfigEntry): Record<string, string> {
  return Object.fromEntries(
    listOf(exec, "env").map((item, index) => {
      if (!isMapping(item) || typeof item.name !== "string") {
        throw new KubeConfigError(`${exec.place}: env[${index}].name is missing`);
      }
      return [item.name, String(item.value ?? "")];
    }),
  );
}

function execInfo(apiVersion: string, exec: ConfigEntry, cluster: ConfigEntry): string {
  const info = exec.fields.provideClusterInfo === true ? { cluster: cluster.fields } : {};
  return JSON.stringify({ apiVersion, kind: "ExecCredential", spec: { interactive: false, ...info } });
}

function outputOf(plugin: PluginCommand): Promise<string> {
  return new Promise((resolvePromise, reject) => {
    const options = {
      env: plugin.environment,
      timeout: PLUGIN_TIMEOUT_MS,
      maxBuffer: 4 * 1024 * 1024,
      windowsHide: true,
    };
    const child = execFile(plugin.command, plugin.args, options, (error, stdout) => {
      if (error === null) return resolvePromise(stdout);
      // What a plugin prints may hold credentials: it is left out.
      const missing = codeOf(error) === "ENOENT";
      const why = missing ? "is not installed" : error.killed ? "gave no answer in 60 s" : `failed with ${error.code}`;
      const remedy = missing && plugin.hint !== "" ? plugin.hint : "run it by hand to see why";
      reject(new KubeConfigError(`${plugin.place}: command ${plugin.command} ${why}; ${remedy}`));
    });
    child.stdin?.end();
  });
}

function readCredential(plugin: PluginCommand, output: string) {
  const status = statusOf(plugin, output);
  const entry: ConfigEntry = { place: `${plugin.place}: output of ${plugin.command}`, folder: "", fields: status };
  const token = stringField(entry, "token");
  const [cert, key] = [stringField(entry, "clientCertificateData"), stringField(entry, "clientKeyData")];
  if (token === undefined && (cert === undefined || key === undefined)) {
    throw new KubeConfigError(`${entry.place}: status has neither token nor clientCertificateData with clientKeyData`);
  }
  const expiry = Date.parse(stringField(entry, "expirationTimestamp") ?? "");
  const certificate: ClientCertificate | undefined =
    cert === undefined || key === undefined ? undefined : { cert: Buffer.from(cert), key: Buffer.from(key) };
  const credentials: Credentials = {
    headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
    ...(certificate === undefined ? {} : { certificate }),
  };
  return { credentials, expiresAtMs: Number.isNaN(expiry) ? Number.POSITIVE_INFINITY : expiry };
}

function statusOf(plugin: PluginCommand, output: string): Readonly<Record<string, unknown>> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(output);
  } catch {
    throw new KubeConfigError(`${plugin.place}: command ${plugin.command} printed no JSON; run it by hand to see why`);
  }
  if (!isMapping(parsed) || parsed.kind !== "ExecCredential" || parsed.apiVersion !== plugin.apiVersion) {
    throw new KubeConfigError(
      `${plugin.place}: command ${plugin.command} printed no ExecCredential of ${plugin.apiVersion}`,
    );
  }
  if (!isMapping(parsed.status)) throw new KubeConfigError(`${plugin.place}: the ExecCredential has no status`);
  return parsed.status;
}
