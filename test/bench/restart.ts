/** Restart: the controller starts on a cluster where all is synced but for one Secret that is missing. */
import { setTimeout as delay } from "node:timers/promises";
import { isNotFound } from "../../controller/kube/kube-api-error.ts";
import { waitUntil } from "../ground/index.ts";
import { countWrites } from "./api-writes.ts";
import {
  arrange,
  fill,
  type Ground,
  NAMESPACE,
  onGround,
  SECRET,
  startController,
  untilSynced,
} from "./controller-ground.ts";
import type { Figures, Scenario, ScenarioOptions } from "./run.ts";

const DEFAULT_OBJECTS = 2_000;
const MISSING = { namespace: NAMESPACE, name: "es-0" };
/** What is overdue after a start is spread over 30 s. */
const WATCHED_MS = 40_000;

/** Whether the Secret is there. */
export async function isThere({ kube, signal }: Ground, name: typeof MISSING): Promise<boolean> {
  try {
    await kube.get(SECRET, name, signal);
    return true;
  } catch (error) {
    if (isNotFound(error)) return false;
    throw error;
  }
}

async function measure(ground: Ground, { objects = DEFAULT_OBJECTS, onProgress }: ScenarioOptions): Promise<Figures> {
  await fill(ground, NAMESPACE, objects, "1m");
  await arrange(ground);
  const first = await startController(ground);
  await untilSynced(ground, objects).finally(() => first.stop());
  await ground.kube.delete(SECRET, MISSING, {}, ground.signal);
  onProgress(`${objects} are synced, but one Secret is missing`);
  const writesBefore = await countWrites(ground.controlPlane);
  const startedAt = performance.now();
  const controller = await startController(ground);
  try {
    await waitUntil("the missing Secret", () => isThere(ground, MISSING), { timeoutMs: 60_000, intervalMs: 10 });
    const firstWorkSeconds = (performance.now() - startedAt) / 1000;
    await delay(Math.max(0, 5_000 - firstWorkSeconds * 1000));
    const requestsInFirst5s = await controller.backendRequests();
    await delay(WATCHED_MS - 5_000);
    const { cpuMs, residentMiB } = controller.usage();
    return {
      objects,
      firstWorkSeconds,
      // With those for the missing one: the Secret, the status and an event.
      apiWrites: (await countWrites(ground.controlPlane)) - writesBefore,
      backendReadsInFirst5s: requestsInFirst5s,
      backendReadsInFirst40s: await controller.backendRequests(),
      cpuMsPerObject: cpuMs / objects,
      residentMiB,
    };
  } finally {
    await controller.stop();
  }
}

export const scenario: Scenario = {
  title: "from the start of the controller until one missing Secret among many is there again",
  run: (options) => onGround(options.onProgress, (ground) => measure(ground, options)),
};
