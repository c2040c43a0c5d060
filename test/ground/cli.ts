/** `node test/ground/cli.ts up`: a control plane and a Vault until Ctrl-C. `… tools [NAME…]`: finds the tools. */
import { once } from "node:events";
import { resolveTool, startControlPlane, startVault } from "./index.ts";
import { TOOLS, type ToolName } from "./tools/tool-table.ts";

const USAGE = `usage: node test/ground/cli.ts COMMAND
  up            starts a Kubernetes control plane and a Vault, prints how to reach them, stops them on Ctrl-C
  tools [NAME…] finds the tools (default: all), fills the cache with what is missing, prints their paths
`;

const interrupted = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => interrupted.abort(new Error(`ended by ${signal}`)));
}

const [command, ...names] = process.argv.slice(2);
try {
  if (command === "up" && names.length === 0) await up(interrupted.signal);
  else if (command === "tools") await tools(names, interrupted.signal);
  else {
    process.stderr.write(USAGE);
    process.exitCode = 2;
  }
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = interrupted.signal.aborted ? 130 : 1;
}

async function up(signal: AbortSignal): Promise<void> {
  const running: { stop(): Promise<void> }[] = [];
  try {
    const controlPlane = await startControlPlane({ onProgress, signal });
    running.push(controlPlane);
    const vault = await startVault({ plugins: true, onProgress, signal });
    running.push(vault);
    process.stdout.write(
      [
        "",
        `export KUBECONFIG=${controlPlane.kubeconfigPath}`,
        `export VAULT_ADDR=${vault.address} VAULT_TOKEN=${vault.token}`,
        `kubectl: ${controlPlane.kubectlPath}`,
        `logs:    ${controlPlane.folder}, ${vault.folder}`,
        "Ctrl-C stops all of it.",
        "",
      ].join("\n"),
    );
    // Something must keep this process alive: the servers do not.
    const alive = setInterval(() => {}, 60_000);
    if (!signal.aborted) await once(signal, "abort");
    clearInterval(alive);
  } finally {
    await Promise.all(running.map((each) => each.stop()));
    onProgress("stopped");
  }
}

async function tools(given: readonly string[], signal: AbortSignal): Promise<void> {
  const all = Object.keys(TOOLS).filter(isToolName);
  const unknown = given.filter((name) => !isToolName(name));
  if (unknown.length > 0) throw new Error(`no such tool: ${unknown.join(", ")}; there are ${all.join(", ")}`);
  for (const name of given.length === 0 ? all : given.filter(isToolName)) {
    const { path } = await resolveTool(name, { onProgress, signal });
    process.stdout.write(`${name}=${path}\n`);
  }
}

function isToolName(name: string): name is ToolName {
  return Object.hasOwn(TOOLS, name);
}

function onProgress(line: string): void {
  process.stderr.write(`${process.uptime().toFixed(1).padStart(6)} s  ${line}\n`);
}
