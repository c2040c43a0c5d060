/** At rest: all is synced, everything is refreshed each minute, and nothing changes. */
import { setTimeout as delay } from "node:timers/promises";
import { countWrites } from "./api-writes.ts";
import {
  arrange,
  fill,
  type Ground,
  NAMESPACE,
  onGround,
  REMOTE_SECRETS,
  startController,
  untilSynced,
} from "./controller-ground.ts";
import type { Figures, Scenario, ScenarioOptions } from "./run.ts";

const DEFAULT_OBJECTS = 2_000;
const INTERVAL_MS = 60_000;
/** Measured for so many intervals, after one in which all have been refreshed once. */
const INTERVALS = 2;

async function measure(ground: Ground, { objects = DEFAULT_OBJECTS, onProgress }: ScenarioOptions): Promise<Figures> {
  await fill(ground, NAMESPACE, objects, "1m");
  await arrange(ground);
  const controller = await startController(ground);
  try {
    await untilSynced(ground, objects);
    onProgress(`${objects} are synced`);
    await delay(INTERVAL_MS);
    const before = { ...controller.usage(), requests: await controller.backendRequests() };
    const writesBefore = await countWrites(ground.controlPlane);
    await delay(INTERVALS * INTERVAL_MS);
    const { cpuMs, residentMiB } = controller.usage();
    const requests = (await controller.backendRequests()) - before.requests;
    return {
      objects,
      apiWrites: (await countWrites(ground.controlPlane)) - writesBefore,
      backendReadsPerSecretAndInterval: requests / REMOTE_SECRETS / INTERVALS,
      cpuPercent: ((cpuMs - before.cpuMs) / (INTERVALS * INTERVAL_MS)) * 100,
      residentMiB,
    };
  } finally {
    await controller.stop();
  }
}

/** Requests of all kinds count as reads; once in 5 minutes one of them validates the store. */
export const scenario: Scenario = {
  title: "everything is synced and refreshed each minute, and nothing changes",
  run: (options) => onGround(options.onProgress, (ground) => measure(ground, options)),
};
