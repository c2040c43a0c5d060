/** `npm run quickstart`, after the build: the main job on real servers, from `pulumi up` to Secrets that follow their backends. */
import { once } from "node:events";
import { FIRST_VALUE, startBackends } from "./quickstart/backends.ts";
import { Cleanup } from "./quickstart/cleanup.ts";
import { openCluster } from "./quickstart/cluster.ts";
import { startController } from "./quickstart/controller-process.ts";
import * as observations from "./quickstart/observations.ts";
import { parseOptions, type QuickstartOptions, usage } from "./quickstart/options.ts";
import { createProgress, type Progress } from "./quickstart/progress.ts";
import { openStack, stackOutputs } from "./quickstart/stack.ts";

const SECOND_VALUE = { username: "db_user", password: "a-newer-password" } as const;

interface Surroundings {
  readonly cleanup: Cleanup;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

async function showEverything(options: QuickstartOptions, surroundings: Surroundings): Promise<void> {
  const { progress, cleanup, signal } = surroundings;
  progress.step("servers");
  const cluster = await openCluster(options, surroundings);
  const backends = await startBackends(cluster.hostAddress, surroundings);

  progress.step("pulumi up");
  const { pulumi, destroy } = await openStack(cluster, backends, surroundings);
  if (!cluster.embedded) cleanup.add("the stack in your cluster", destroy);
  // The stores become Ready only while a controller runs, so both go on together.
  const controller = cluster.runsPods ? undefined : startController(cluster, backends, surroundings);
  const up = pulumi.up();
  // Whatever ends the quickstart: an interrupted `up` saves its state, and is waited for.
  cleanup.add("pulumi up", () => up.catch(() => undefined));
  const [, started] = await Promise.all([up, controller]);
  const outputs = await stackOutputs(pulumi);
  progress.line(
    `up is done: ${outputs.secretNames.length} ExternalSecrets are Ready in namespace ${outputs.applicationNamespace}`,
  );

  progress.step("what the cluster shows");
  const observed = { client: cluster.client, backends, pulumi, outputs, progress, signal };
  await observations.showSecrets(observed, FIRST_VALUE);
  await observations.showBackendChange(observed, SECOND_VALUE);
  await observations.showRepair(observed, SECOND_VALUE);
  await observations.showNothingToDo(observed);
  if (!options.keep) {
    await observations.showGarbageCollection(observed);
    return;
  }
  progress.step("everything keeps running; Ctrl-C ends and removes it");
  const kubectl =
    cluster.kubeconfigPath === undefined
      ? `kubectl --context ${cluster.context}`
      : `kubectl --kubeconfig ${cluster.kubeconfigPath}`;
  progress.detail(`${kubectl} -n ${outputs.applicationNamespace} get secretstores,externalsecrets,secrets`);
  progress.detail(`vault: VAULT_ADDR=${backends.vaultAddress} (development token: ${backends.vaultToken})`);
  progress.detail(`AWS emulator: ${backends.awsEndpoint}`);
  if (started !== undefined) progress.detail(`controller log: ${started.logPath}`);
  await once(signal, "abort");
}

async function main(): Promise<number> {
  const options = parseOptions(process.argv.slice(2));
  if (options === undefined) {
    console.log(usage);
    return 0;
  }
  const progress = createProgress(performance.now());
  const cleanup = new Cleanup(progress);
  const interrupted = new AbortController();
  const ended = new AbortController();
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(name, () => interrupted.abort(new Error(`interrupted by ${name}`)));
  }
  try {
    const signal = AbortSignal.any([interrupted.signal, ended.signal]);
    await showEverything(options, { cleanup, progress, signal });
    if (options.keep) return 0;
    progress.step("everything was seen");
    return 0;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    progress.line(interrupted.signal.aborted ? message : `failed: ${message}`);
    return interrupted.signal.aborted ? 130 : 1;
  } finally {
    // What still runs beside that which failed ends, too.
    ended.abort(new Error("the quickstart has ended"));
    await cleanup.run();
    progress.line("all that was started is gone");
  }
}

process.exit(await main());
