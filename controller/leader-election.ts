/** Leader election by a Lease, as client-go does it: of several processes one acts. */
import type { Clock } from "../api/clock.ts";
import { LEASE } from "./core-resources.ts";
import type { KubeClient, KubeObject, Logger } from "./kube/contracts.ts";
import { isAlreadyExists, isConflict, isNotFound } from "./kube/kube-api-error.ts";
import { limitTime } from "./kube/time-limit.ts";
import type { LeaderElectionOptions } from "./options.ts";

export interface LeaderElectionParts {
  readonly kube: KubeClient;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly options: LeaderElectionOptions;
}

/** The Lease is ours. */
export interface Leadership {
  /** Aborts when it could not be renewed in time: another may act now, so nothing may be done any longer. */
  readonly lost: AbortSignal;
  /** Stops renewing and lets others take over at once; never throws. */
  release(): Promise<void>;
}

interface LeaseSpec {
  readonly holderIdentity?: string | null;
  readonly leaseDurationSeconds?: number;
  readonly acquireTime?: string;
  readonly renewTime?: string;
  readonly leaseTransitions?: number;
}

interface Lease extends KubeObject {
  readonly spec?: LeaseSpec;
}

/** RFC 3339 with microseconds, as the API requires it. */
const microTime = (ms: number): string => new Date(ms).toISOString().replace("Z", "000Z");

/**
 * Waits until the Lease is ours. Other clocks are not trusted: a Lease has expired when we have not seen it change for its duration.
 * @throws the signal's reason.
 */
export async function becomeLeader(parts: LeaderElectionParts, signal: AbortSignal): Promise<Leadership> {
  const { clock, logger, options } = parts;
  const candidate = new Candidate(parts);
  logger.info("waiting to become the leader", { lease: options.leaseName, identity: options.identity });
  while (!(await candidate.tryOnce(signal))) await clock.sleep(options.retryPeriodMs, signal);
  logger.info("became the leader", { lease: options.leaseName, identity: options.identity });
  const lost = new AbortController();
  const stopped = new AbortController();
  const renewing = keepRenewing(parts, candidate, lost, stopped.signal);
  return {
    lost: lost.signal,
    async release() {
      stopped.abort(new Error("leadership is given back"));
      await renewing;
      if (!lost.signal.aborted) await candidate.giveBack();
    },
  };
}

async function keepRenewing(
  { clock, logger, options }: LeaderElectionParts,
  candidate: Candidate,
  lost: AbortController,
  stopped: AbortSignal,
): Promise<void> {
  let renewedAtMs = clock.now();
  while (!stopped.aborted) {
    await clock.sleep(options.retryPeriodMs, stopped).catch(() => undefined);
    if (stopped.aborted) return;
    if (await candidate.tryOnce(stopped).catch(() => false)) renewedAtMs = clock.now();
    else if (clock.now() - renewedAtMs >= options.renewDeadlineMs) {
      logger.error("lost the leadership", { lease: options.leaseName });
      lost.abort(new Error("the leadership was lost"));
      return;
    }
  }
}

class Candidate {
  readonly #parts: LeaderElectionParts;
  /** When the Lease was seen to change last, by our clock. */
  #seen: { readonly resourceVersion: string | undefined; readonly atMs: number } | undefined;

  constructor(parts: LeaderElectionParts) {
    this.#parts = parts;
  }

  /** Takes or renews the Lease. False where it is another's, or the API server could not be asked. */
  async tryOnce(signal: AbortSignal): Promise<boolean> {
    const { clock, logger, options } = this.#parts;
    const limit = limitTime(clock, options.renewDeadlineMs / 2, signal, () => new Error("timed out"));
    try {
      return await this.#takeOrRenew(limit.signal);
    } catch (error) {
      signal.throwIfAborted();
      if (!isConflict(error) && !isAlreadyExists(error)) {
        logger.warn("could not take or renew the lease", {
          error: error instanceof Error ? error.message : typeof error,
        });
      }
      return false;
    } finally {
      limit.end();
    }
  }

  /** Leaves the Lease without a holder. */
  async giveBack(): Promise<void> {
    const { kube, clock, logger, options } = this.#parts;
    const limit = limitTime(clock, options.retryPeriodMs, new AbortController().signal, () => new Error("timed out"));
    try {
      const { metadata } = await kube.get<Lease>(LEASE, this.#name(), limit.signal);
      const spec: LeaseSpec = { holderIdentity: "", leaseDurationSeconds: 1, renewTime: microTime(clock.now()) };
      await this.#patch(metadata.resourceVersion, spec, limit.signal);
    } catch (error) {
      logger.warn("could not give the lease back", { error: error instanceof Error ? error.message : typeof error });
    } finally {
      limit.end();
    }
  }

  async #takeOrRenew(signal: AbortSignal): Promise<boolean> {
    const { clock, options } = this.#parts;
    const lease = await this.#find(signal);
    const renewTime = microTime(clock.now());
    const leaseDurationSeconds = Math.ceil(options.leaseDurationMs / 1_000);
    const taken = { holderIdentity: options.identity, leaseDurationSeconds, acquireTime: renewTime, renewTime };
    if (lease === undefined) {
      const metadata = { ...this.#name() };
      await this.#parts.kube.create<Lease>(LEASE, { metadata, spec: { ...taken, leaseTransitions: 0 } }, signal);
      return true;
    }
    const { holderIdentity, leaseTransitions = 0, leaseDurationSeconds: held = 0 } = lease.spec ?? {};
    const { resourceVersion } = lease.metadata;
    if (holderIdentity === options.identity) return this.#patch(resourceVersion, { renewTime }, signal);
    const isFree = holderIdentity === undefined || holderIdentity === null || holderIdentity === "";
    if (!isFree && !this.#hasExpired(resourceVersion, Math.max(held * 1_000, options.leaseDurationMs))) return false;
    return this.#patch(resourceVersion, { ...taken, leaseTransitions: leaseTransitions + 1 }, signal);
  }

  #hasExpired(resourceVersion: string | undefined, durationMs: number): boolean {
    const nowMs = this.#parts.clock.now();
    if (this.#seen === undefined || this.#seen.resourceVersion !== resourceVersion) {
      this.#seen = { resourceVersion, atMs: nowMs };
    }
    return nowMs - this.#seen.atMs >= durationMs;
  }

  async #find(signal: AbortSignal): Promise<Lease | undefined> {
    try {
      return await this.#parts.kube.get<Lease>(LEASE, this.#name(), signal);
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  }

  async #patch(resourceVersion: string | undefined, spec: LeaseSpec, signal: AbortSignal): Promise<true> {
    await this.#parts.kube.mergePatch(LEASE, this.#name(), { metadata: { resourceVersion }, spec }, {}, signal);
    return true;
  }

  #name() {
    return { name: this.#parts.options.leaseName, namespace: this.#parts.options.namespace };
  }
}
