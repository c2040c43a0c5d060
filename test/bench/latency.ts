/** Latency: how long one new or edited ExternalSecret waits while many are refreshed. */
import { EXTERNAL_SECRET } from "../../api/resource-types.ts";
import type { KubeObject } from "../../controller/kube/contracts.ts";
import { waitUntil } from "../ground/index.ts";
import {
  arrange,
  externalSecret,
  fill,
  type Ground,
  NAMESPACE,
  onGround,
  SECRET,
  startController,
  untilSynced,
} from "./controller-ground.ts";
import { isThere } from "./restart.ts";
import type { Figures, Scenario, ScenarioOptions } from "./run.ts";

const DEFAULT_OBJECTS = 2_000;
const SAMPLES = 200;
const POLL = { timeoutMs: 30_000, intervalMs: 2 } as const;

interface SecretWithData extends KubeObject {
  readonly data?: Readonly<Record<string, string>>;
}

async function milliseconds(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

function quantile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
}

/** From the request that makes or edits an ExternalSecret until its Secret is seen, in milliseconds. */
async function sample(ground: Ground, index: number): Promise<{ readonly made: number; readonly edited: number }> {
  const { kube, signal } = ground;
  const name = { namespace: NAMESPACE, name: `new-${index}` };
  const object = externalSecret(NAMESPACE, name.name, index, "1m");
  const made = await milliseconds(async () => {
    await kube.create(EXTERNAL_SECRET, object, signal);
    await waitUntil("the Secret", () => isThere(ground, name), POLL);
  });
  const data = [{ secretKey: "renamed", remoteRef: { key: "app-1", property: "username" } }];
  const isRenamed = async () => (await kube.get<SecretWithData>(SECRET, name, signal)).data?.renamed !== undefined;
  const edited = await milliseconds(async () => {
    await kube.mergePatch(EXTERNAL_SECRET, name, { spec: { data } }, {}, signal);
    await waitUntil("the new key", isRenamed, POLL);
  });
  return { made, edited };
}

async function measure(ground: Ground, { objects = DEFAULT_OBJECTS, onProgress }: ScenarioOptions): Promise<Figures> {
  await fill(ground, NAMESPACE, objects, "1m");
  await arrange(ground);
  const controller = await startController(ground);
  try {
    await untilSynced(ground, objects);
    onProgress(`${objects} are synced`);
    const samples: Awaited<ReturnType<typeof sample>>[] = [];
    for (let index = 0; index < SAMPLES; index++) samples.push(await sample(ground, index));
    const made = samples.map((one) => one.made);
    const edited = samples.map((one) => one.edited);
    return {
      objects,
      newP50Ms: quantile(made, 0.5),
      newP99Ms: quantile(made, 0.99),
      editedP50Ms: quantile(edited, 0.5),
      editedP99Ms: quantile(edited, 0.99),
    };
  } finally {
    await controller.stop();
  }
}

export const scenario: Scenario = {
  title: `one new or edited ExternalSecret while others are refreshed each minute (${SAMPLES} of each, with the requests that look)`,
  run: (options) => onGround(options.onProgress, (ground) => measure(ground, options)),
};
