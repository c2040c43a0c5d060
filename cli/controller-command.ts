/** `external-secrets controller`: runs the controller, in a cluster or from outside of it. */
import { systemClock } from "../api/clock.ts";
import type { Logger } from "../controller/kube/contracts.ts";
import { createLogger } from "../controller/log.ts";
import { runController } from "../controller/run.ts";
import { kubeClientOf, kubeConfigOf } from "./cluster-connection.ts";
import { CONTROLLER_FLAGS } from "./controller-flags.ts";
import { controllerOptionsOf, logLevelOf, timeEncodingOf } from "./controller-options.ts";
import { flagsHelp } from "./help.ts";
import { type GivenFlags, parseFlags } from "./parse-flags.ts";
import type { ProcessSurroundings } from "./process-surroundings.ts";

/**
 * Runs until the process is told to stop. Logs go to standard error.
 * @throws UsageError for a wrong command line; KubeConfigError where no cluster is configured; Error where an address is taken.
 */
export async function controllerCommand(args: readonly string[], surroundings: ProcessSurroundings): Promise<void> {
  const flags = parseFlags(CONTROLLER_FLAGS, args);
  if (flags.isTrue("help")) {
    surroundings.writeOutput(`Usage: external-secrets controller [flags]\n\n${flagsHelp(CONTROLLER_FLAGS)}`);
    return;
  }
  const { environment, signal } = surroundings;
  // Told before anything is connected to.
  controllerOptionsOf(flags, { name: surroundings.identity, namespace: "default" });
  const logger = createLogger({
    level: logLevelOf(flags),
    timeEncoding: timeEncodingOf(flags),
    now: systemClock.now,
    write: surroundings.writeError,
  });
  tellNoEffect(flags, logger);
  const config = await kubeConfigOf(flags, surroundings);
  const options = controllerOptionsOf(flags, { name: surroundings.identity, namespace: config.namespace });
  const kube = kubeClientOf(config, flags, surroundings.version);
  logger.info("starting", { version: surroundings.version, cluster: config.source, server: config.server.origin });
  try {
    const { random } = Math;
    await runController(options, {
      kube,
      clock: systemClock,
      random,
      logger,
      environment,
      signal,
      processMetrics: true,
    });
  } finally {
    kube.close();
  }
}

function tellNoEffect(flags: GivenFlags, logger: Logger): void {
  for (const { name, noEffect } of CONTROLLER_FLAGS) {
    if (noEffect !== undefined && flags.has(name)) logger.info(`--${name} has no effect here: ${noEffect}`);
  }
}
