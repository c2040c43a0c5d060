/** The quickstart's flags. */
import { parseArgs } from "node:util";

/** What the person asked for. */
export interface QuickstartOptions {
  /** Starts a real node too, and runs the controller in it as the Deployment's Pod. */
  readonly node: boolean;
  /** Leaves all running when everything was seen, until interrupted. */
  readonly keep: boolean;
  /** A context of the person's own kubeconfig, in place of the embedded control plane. */
  readonly context: string | undefined;
}

/** What `--help` prints. */
export const usage = `npm run quickstart [-- FLAGS]

Takes a secret from Vault and one from AWS Secrets Manager (an emulator) into a Kubernetes cluster, declared by a Pulumi
program, and shows that they follow each change. Everything runs on this machine and is removed at the end.

  --node           also start a real node (Linux, as root) and run the controller's image in it
  --context NAME   use a cluster of your own kubeconfig in place of the embedded control plane
  --keep           leave all running at the end, until Ctrl-C
  --help           print this`;

/**
 * Reads the flags; `undefined` means that help was asked for.
 * @throws Error naming the flag that is wrong and the remedy.
 */
export function parseOptions(args: readonly string[]): QuickstartOptions | undefined {
  const { values } = parseArgs({
    args: [...args],
    options: {
      node: { type: "boolean", default: false },
      keep: { type: "boolean", default: false },
      context: { type: "string" },
      help: { type: "boolean", short: "h", default: false },
    },
    strict: true,
    allowPositionals: false,
  });
  if (values.help) return undefined;
  const { node, keep, context } = values;
  if (context === "") throw new Error("--context: name a context; `kubectl config get-contexts` lists them");
  if (node && context !== undefined)
    throw new Error("--node and --context: choose one; your own cluster has its own nodes");
  if (node && (process.platform !== "linux" || process.getuid?.() !== 0)) {
    throw new Error("--node: a node needs Linux and root; run without it, or as root");
  }
  return { node, keep, context };
}
