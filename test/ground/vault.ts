/** A real HashiCorp Vault in development mode: in memory, unsealed, KV version 2 at `secret/`. */
import { createHash } from "node:crypto";
import { constants, copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { isIPv6 } from "node:net";
import { join } from "node:path";
import { freePort } from "./free-port.ts";
import { issueServerCertificate } from "./pki.ts";
import type { SupervisedProcess } from "./process/supervised-process.ts";
import { createSupervisor, type Supervisor } from "./process/supervisor.ts";
import { resolveTool } from "./tools/resolve-tool.ts";
import { createVaultClient, type VaultClient } from "./vault-client.ts";

export interface VaultOptions {
  /** Must be one of this machine. Default 127.0.0.1. */
  readonly listenAddress?: string;
  /** Default: a free one. */
  readonly port?: number;
  /** The auth methods `kubernetes` and `ldap`, where the Vault at hand has them not built in. Default false. */
  readonly plugins?: boolean;
  /** HTTPS with a certificate of an authority of its own. Default false. */
  readonly tls?: boolean;
  readonly onProgress?: (line: string) => void;
  readonly signal?: AbortSignal;
}

/** A running Vault; its client's calls are made with the root token. */
export interface Vault extends VaultClient {
  /** `http://address:port`, or `https://` with `tls`. */
  readonly address: string;
  /** `root`. */
  readonly token: string;
  /** The authority to trust; unset without `tls`. */
  readonly caPem: string | undefined;
  readonly folder: string;
  /** SIGKILL; all that it held is lost. */
  kill(): Promise<void>;
  /** It stops answering, with its connections open, until it is resumed. */
  pause(): void;
  resume(): void;
  /** Ends it and removes its folder. Idempotent. */
  stop(): Promise<void>;
  /** Leaves it running for good, also when this process ends; returns the process ids. */
  release(): Promise<readonly number[]>;
}

const ROOT_TOKEN = "root";
const PLUGINS = { kubernetes: "vault-plugin-kubernetes", ldap: "vault-plugin-ldap" } as const;

/**
 * Starts a Vault and waits until it is unsealed (about 0.3 s); several may run at once. Should this process die, it ends.
 * @throws ToolUnavailable; an error with the last lines of its log. Nothing is left then.
 */
export async function startVault(options: VaultOptions = {}): Promise<Vault> {
  const { signal, onProgress = () => {} } = options;
  const program = await resolveTool("vault", { onProgress, signal });
  const supervisor = await createSupervisor({ prefix: "ground-vault" });
  try {
    const startedAt = performance.now();
    const vault = await startIn(supervisor, program.path, options);
    if (options.plugins === true) await addPlugins(vault, options);
    onProgress(`Vault ready after ${((performance.now() - startedAt) / 1000).toFixed(1)} s: ${vault.address}`);
    return vault;
  } catch (error) {
    await supervisor.stop(0);
    throw error;
  }
}

async function startIn(supervisor: Supervisor, program: string, options: VaultOptions): Promise<Vault> {
  const { folder } = supervisor;
  const listenAddress = options.listenAddress ?? "127.0.0.1";
  const hostPort = `${isIPv6(listenAddress) ? `[${listenAddress}]` : listenAddress}:${options.port ?? (await freePort(listenAddress))}`;
  await mkdir(pluginFolder(folder));
  const plain = [
    "-dev",
    `-dev-root-token-id=${ROOT_TOKEN}`,
    "-dev-no-store-token",
    `-dev-plugin-dir=${pluginFolder(folder)}`,
  ];
  // With TLS, Vault's own development listener would make the certificate; ours names all hosts that tests use.
  const secured = options.tls === true ? await writeTlsListener(folder, hostPort, listenAddress) : undefined;
  const [address, caPem] =
    secured === undefined ? [`http://${hostPort}`, undefined] : [`https://${hostPort}`, secured.caPem];
  const client = createVaultClient({ address, token: ROOT_TOKEN, caPem });
  const started: SupervisedProcess = await supervisor.start({
    name: "vault",
    command: program,
    args: ["server", ...plain, ...(secured?.args ?? [`-dev-listen-address=${hostPort}`])],
    // Variables of a user's own Vault are none of this one's business.
    env: Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("VAULT_"))),
    isReady: () => isUnsealed(client),
    readyTimeoutMs: 30_000,
    signal: options.signal,
  });
  return {
    ...client,
    address,
    token: ROOT_TOKEN,
    caPem,
    folder,
    kill: async () => void (await started.stop(0)),
    pause: () => started.pause(),
    resume: () => started.resume(),
    stop: () => supervisor.stop(0),
    release: () => supervisor.release(),
  };
}

/** A second listener beside the one that development mode insists on, which gets a random port and is not used. */
async function writeTlsListener(
  folder: string,
  hostPort: string,
  listenAddress: string,
): Promise<{ readonly args: readonly string[]; readonly caPem: string }> {
  const issued = await issueServerCertificate([...new Set(["localhost", "127.0.0.1", listenAddress])]);
  const file = (name: string) => join(folder, name);
  await writeFile(file("vault.crt"), issued.certificatePem);
  await writeFile(file("vault.key"), issued.privateKeyPem, { mode: 0o600 });
  const listener = { tcp: { address: hostPort, tls_cert_file: file("vault.crt"), tls_key_file: file("vault.key") } };
  await writeFile(file("listener.json"), JSON.stringify({ listener }));
  return {
    args: [`-config=${file("listener.json")}`, `-dev-listen-address=127.0.0.1:${await freePort()}`],
    caPem: issued.caPem,
  };
}

async function isUnsealed(client: VaultClient): Promise<boolean> {
  try {
    // KV is mounted last; before that, a test's first write would be refused.
    if ((await client.request({ path: "sys/health" })).status !== 200) return false;
    return (await client.request({ path: "secret/config" })).status === 200;
  } catch {
    // Not listening yet: the deadline of the start decides.
    return false;
  }
}

async function addPlugins(vault: Vault, { onProgress, signal }: VaultOptions): Promise<void> {
  const present = (await vault.read("sys/plugins/catalog"))?.auth;
  for (const [method, tool] of Object.entries(PLUGINS)) {
    if (Array.isArray(present) && present.includes(method)) continue;
    const { path } = await resolveTool(tool, { onProgress, signal });
    // Vault runs no plugin that a symbolic link leads out of its folder.
    await copyFile(path, join(pluginFolder(vault.folder), method), constants.COPYFILE_FICLONE);
    const sha256 = createHash("sha256")
      .update(await readFile(path))
      .digest("hex");
    await vault.write(`sys/plugins/catalog/auth/${method}`, { sha256, command: method });
  }
}

function pluginFolder(folder: string): string {
  return join(folder, "plugins");
}
