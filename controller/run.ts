/** The controller as a whole: watches, leadership, work, and an orderly stop. */
import type { Clock } from "../api/clock.ts";
import { type Assembly, assemble } from "./assembly.ts";
import type { StoreKey } from "./cache/store-key.ts";
import { startEndpoints } from "./endpoints.ts";
import { raceAbort } from "./kube/time-limit.ts";
import { becomeLeader, type Leadership } from "./leader-election.ts";
import type { ControllerOptions } from "./options.ts";
import type { StoreClients } from "./store-clients/store-clients.ts";
import type { ControllerSurroundings } from "./surroundings.ts";

/** Stores that are validated at the same time. */
const CONCURRENT_STORES = 5;
/** How long running work may take to end after the stop. */
const STOP_TIMEOUT_MS = 10_000;
const IDLE_CHECK_MS = 60_000;

/**
 * Runs until the signal aborts; then running work ends (within 10 s), clients are closed and their tokens revoked. CRDs that are
 * missing are waited for.
 * @throws Error where an address cannot be listened on, or the leadership was lost.
 */
export async function runController(options: ControllerOptions, surroundings: ControllerSurroundings): Promise<void> {
  const { clock, logger, signal } = surroundings;
  const assembly = assemble(options, surroundings);
  const { caches, clients, events, genericTargets } = assembly;
  const endpoints = await startEndpoints(options, surroundings, assembly);
  const watching = new AbortController();
  const background = [
    ...caches.all.map(({ reflector }) => reflector.run(watching.signal)),
    events.run(watching.signal),
    closeIdleClients(clock, clients, watching.signal),
  ];
  let leadership: Leadership | undefined;
  try {
    await raceAbort(Promise.all(caches.all.map(({ reflector }) => reflector.synced)), signal);
    logger.info("caches are full", { externalSecrets: caches.externalSecrets.size });
    leadership = await leadershipOf(options, surroundings);
    // Another that leads may go on with what was begun here.
    const leading = AbortSignal.any([watching.signal, ...(leadership === undefined ? [] : [leadership.lost])]);
    background.push(assembly.storageMigrations?.run(leading) ?? Promise.resolve());
    await work(options.concurrent, surroundings, assembly, leadership?.lost);
  } catch (error) {
    if (!signal.aborted || error !== signal.reason) throw error;
  } finally {
    await withinStopTime(clock, clients.close());
    await leadership?.release();
    watching.abort(new Error("the controller stops"));
    await withinStopTime(clock, Promise.all([...background, genericTargets?.close()]));
    await endpoints.close();
    logger.info("stopped");
  }
}

async function leadershipOf(
  { leaderElection }: ControllerOptions,
  { kube, clock, logger, signal }: ControllerSurroundings,
): Promise<Leadership | undefined> {
  if (leaderElection === undefined) return undefined;
  return becomeLeader({ kube, clock, logger, options: leaderElection }, signal);
}

/** Works on both queues until the stop; what runs then may go on for a while, unless the leadership is lost. */
async function work(
  concurrent: number,
  { clock, signal }: ControllerSurroundings,
  assembly: Assembly,
  lost: AbortSignal | undefined,
): Promise<void> {
  const cut = new AbortController();
  const stop = lost === undefined ? signal : AbortSignal.any([signal, lost]);
  const onStop = () => clock.after(STOP_TIMEOUT_MS, () => cut.abort(new Error("the controller stops")));
  const onLost = () => cut.abort(lost?.reason);
  stop.addEventListener("abort", onStop, { once: true });
  lost?.addEventListener("abort", onLost, { once: true });
  await Promise.all([
    assembly.externalSecretQueue.run((key) => assembly.reconcileExternalSecret(key, cut.signal), concurrent, stop),
    assembly.storeQueue.run((key) => assembly.reconcileStore(key as StoreKey, cut.signal), CONCURRENT_STORES, stop),
  ]);
  lost?.throwIfAborted();
}

async function withinStopTime(clock: Clock, ending: Promise<unknown>): Promise<void> {
  const enough = new AbortController();
  await Promise.race([ending, clock.sleep(STOP_TIMEOUT_MS, enough.signal).catch(() => undefined)]);
  enough.abort();
}

async function closeIdleClients(clock: Clock, clients: StoreClients, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await clock.sleep(IDLE_CHECK_MS, signal).catch(() => undefined);
    clients.closeIdle();
  }
}
