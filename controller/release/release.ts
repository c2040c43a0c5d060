/** Lets go of all that ExternalSecrets own, and makes sure that it stays so, so that their CRDs can be deleted without loss. */
import type { Clock } from "../../api/clock.ts";
import { ownCrdNames, readOwnCrd } from "../crds/own-crds.ts";
import type { KubeClient } from "../kube/contracts.ts";
import { ownedTypes } from "./owned-types.ts";
import { heldObjects, letGoOf, permitDeletion } from "./permit-deletion.ts";
import { ownedObjects, releaseAll } from "./release-owned.ts";
import { runningControllers } from "./running-controllers.ts";

/** How long a controller, which sees at once what it has lost, has to own it again and be found out. */
const SETTLE_MS = 3_000;

export interface ReleaseOptions {
  /** Nothing is written. */
  readonly dryRun: boolean;
  /** Whether the CRDs may be deleted afterwards. */
  readonly crds: boolean;
}

/** What was done, or would be in a dry run. Names and counts only. */
export interface ReleaseReport {
  /** Objects that were let go of, by kind. */
  readonly released: readonly { readonly kind: string; readonly count: number }[];
  /** CRDs that may be deleted now. */
  readonly deletableCrds: readonly string[];
  /** Objects of these CRDs that a finalizer would have held. */
  readonly unheld: number;
  /** Deployments that a dry run found running; a release refuses while there is one. */
  readonly running: readonly string[];
}

interface ReleaseParts {
  readonly kube: KubeClient;
  readonly clock: Clock;
}

/**
 * Idempotent; may be interrupted and begun again at any time.
 * @throws Error where a controller runs: it would own the objects again. KubeApiError.
 */
export async function release(
  { kube, clock }: ReleaseParts,
  options: ReleaseOptions,
  signal: AbortSignal,
): Promise<ReleaseReport> {
  const running = await runningControllers(kube, signal);
  if (!options.dryRun) requireNoneRunning(running);
  const types = await ownedTypes(kube, signal);
  const released: { kind: string; count: number }[] = [];
  for (const type of types) {
    const owned = await ownedObjects(kube, type, signal);
    const count = options.dryRun ? owned.length : await releaseAll(kube, owned, signal);
    released.push({ kind: type.kind, count });
  }
  if (!options.dryRun) {
    await clock.sleep(SETTLE_MS, signal);
    const again = (await Promise.all(types.map((type) => ownedObjects(kube, type, signal)))).flat();
    if (again.length > 0) throw ownedAgain(again.length);
  }
  return { released, running, ...(await openCrds(kube, options, signal)) };
}

function requireNoneRunning(running: readonly string[]): void {
  if (running.length === 0) return;
  throw new Error(
    `the controller still runs (Deployment ${running.join(", ")}) and would own the Secrets again: uninstall the operator or ` +
      "scale it to 0, then run release again",
  );
}

function ownedAgain(count: number): Error {
  return new Error(
    `${count} ${count === 1 ? "object is" : "objects are"} owned again: a controller runs somewhere. Stop it, then run release again; ` +
      "the CRDs stay protected",
  );
}

async function openCrds(
  kube: KubeClient,
  { crds, dryRun }: ReleaseOptions,
  signal: AbortSignal,
): Promise<Pick<ReleaseReport, "deletableCrds" | "unheld">> {
  const deletableCrds = crds ? await ownCrdNames(kube, signal) : [];
  let unheld = 0;
  for (const name of deletableCrds) {
    const crd = await readOwnCrd(kube, name, signal);
    const held = await heldObjects(kube, crd, signal);
    unheld += held.length;
    if (dryRun) continue;
    await letGoOf(kube, crd, held, signal);
    await permitDeletion(kube, crd, signal);
  }
  return { deletableCrds, unheld };
}
