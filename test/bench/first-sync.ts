/** First sync: a controller is started on a cluster full of new ExternalSecrets; beside a client that only writes. */
import { EXTERNAL_SECRET } from "../../api/resource-types.ts";
import { countWrites } from "./api-writes.ts";
import {
  arrange,
  fill,
  type Ground,
  inParallel,
  NAMESPACE,
  onGround,
  REMOTE_SECRETS,
  SECRET,
  startController,
  untilSynced,
} from "./controller-ground.ts";
import type { Figures, Scenario, ScenarioOptions } from "./run.ts";

const DEFAULT_OBJECTS = 2_000;
const FLOOR_NAMESPACE = "floor";

/** Seconds for the two writes that each object cannot do without. */
async function floor({ kube, signal }: Ground, count: number): Promise<number> {
  const startedAt = performance.now();
  const data = { username: "dXNlcg==", password: "cGFzc3dvcmQ=" };
  const conditions = [{ type: "Ready", status: "True", reason: "SecretSynced", message: "secret synced" }];
  await inParallel(count, async (index) => {
    const name = { namespace: FLOOR_NAMESPACE, name: `es-${index}` };
    const secret = { metadata: name, type: "Opaque", data };
    await kube.create(SECRET, secret, signal);
    await kube.mergePatch(EXTERNAL_SECRET, name, { status: { conditions } }, { subresource: "status" }, signal);
  });
  return (performance.now() - startedAt) / 1000;
}

async function sync(ground: Ground, count: number): Promise<Figures> {
  const writesBefore = await countWrites(ground.controlPlane);
  const startedAt = performance.now();
  const controller = await startController(ground);
  try {
    await untilSynced(ground, count);
    const seconds = (performance.now() - startedAt) / 1000;
    const { cpuMs, residentMiB } = controller.usage();
    const writes = (await countWrites(ground.controlPlane)) - writesBefore;
    return {
      seconds,
      perSecond: count / seconds,
      writesPerObject: writes / count,
      cpuMsPerObject: cpuMs / count,
      residentMiB,
    };
  } finally {
    await controller.stop();
  }
}

async function measure(ground: Ground, { objects = DEFAULT_OBJECTS, onProgress }: ScenarioOptions): Promise<Figures> {
  await fill(ground, FLOOR_NAMESPACE, objects);
  await fill(ground, NAMESPACE, objects);
  await arrange(ground);
  onProgress(`${objects} ExternalSecrets are there, over ${REMOTE_SECRETS} remote secrets`);
  const floorSeconds = await floor(ground, objects);
  onProgress(`the floor took ${floorSeconds.toFixed(1)} s`);
  const figures = await sync(ground, objects);
  return {
    objects,
    floorPerSecond: objects / floorSeconds,
    floorRatio: floorSeconds / (figures.seconds ?? Number.NaN),
    ...figures,
  };
}

/** Objects per second from the start of the process, beside a client that only does the two unavoidable writes. */
export const scenario: Scenario = {
  title: "from the start of the controller until every ExternalSecret is Ready",
  run: (options) => onGround(options.onProgress, (ground) => measure(ground, options)),
};
