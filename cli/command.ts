/** Chooses the command and turns errors into a message and an exit code. */
import { describeError } from "../controller/describe-error.ts";
import { KubeConfigError } from "../controller/kube/credentials.ts";
import { controllerCommand } from "./controller-command.ts";
import { GENERAL_HELP } from "./help.ts";
import { migrateStorageCommand } from "./migrate-storage-command.ts";
import { UsageError } from "./parse-flags.ts";
import type { ProcessSurroundings } from "./process-surroundings.ts";
import { releaseCommand } from "./release-command.ts";
import { renderCommand } from "./render-command.ts";
import { templateCommand } from "./template-command.ts";

/** All went well; something failed; the command line is wrong. */
export const EXIT_CODES = { success: 0, failure: 1, usage: 2 } as const;

/**
 * Runs a command line (without node and the script). Flags without a command are the controller's, as the image of ESO is called.
 * Never throws; no stack is shown.
 */
export async function runCommand(args: readonly string[], surroundings: ProcessSurroundings): Promise<number> {
  try {
    await dispatch(args, surroundings);
    return EXIT_CODES.success;
  } catch (error) {
    surroundings.writeError(`external-secrets: ${messageOf(error)}\n`);
    return error instanceof UsageError ? EXIT_CODES.usage : EXIT_CODES.failure;
  }
}

async function dispatch(args: readonly string[], surroundings: ProcessSurroundings): Promise<void> {
  const [command = "", ...rest] = args;
  if (command === "controller") return controllerCommand(rest, surroundings);
  if (command === "render") return renderCommand(rest, surroundings);
  if (command === "template") return templateCommand(rest, surroundings);
  if (command === "release") return releaseCommand(rest, surroundings);
  if (command === "migrate-storage") return migrateStorageCommand(rest, surroundings);
  if (command === "version" || command === "--version") return surroundings.writeOutput(`${surroundings.version}\n`);
  if (command === "help" || command === "--help" || command === "-h") return surroundings.writeOutput(GENERAL_HELP);
  if (command === "" || command.startsWith("-")) return controllerCommand(args, surroundings);
  throw new UsageError(`unknown command "${command}"; see external-secrets help`);
}

/** Errors that this program makes itself say what to do; of others only the class and code are told. */
function messageOf(error: unknown): string {
  if (error instanceof UsageError || error instanceof KubeConfigError) return error.message;
  if (error instanceof Error && error.constructor === Error) return error.message;
  return describeError(error);
}
