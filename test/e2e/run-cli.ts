/** Runs a command line of the executable in the process of the test. */
import { runCommand } from "../../cli/command.ts";
import type { ControlPlane } from "../ground/index.ts";

export interface CliResult {
  readonly code: number;
  readonly output: string;
  readonly errors: string;
}

/** With the control plane's kubeconfig. */
export async function runCli(plane: ControlPlane, ...args: string[]): Promise<CliResult> {
  let output = "";
  let errors = "";
  const code = await runCommand([...args, "--kubeconfig", plane.kubeconfigPath], {
    version: "0.0.0-test",
    environment: {},
    homeFolder: undefined,
    identity: "test",
    signal: AbortSignal.timeout(60_000),
    writeOutput: (text) => {
      output += text;
    },
    writeError: (text) => {
      errors += text;
    },
  });
  return { code, output, errors };
}
