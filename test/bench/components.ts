/** Many ExternalSecrets in one stack: `up`, `up` again and `refresh` of our component beside bare custom resources. */
import { fileURLToPath } from "node:url";
import { apply, installCrds } from "../e2e/cluster-objects.ts";
import { startControllerProcess } from "../e2e/controller-process.ts";
import { type ControlPlane, startControlPlane } from "../ground/index.ts";
import { openPulumi, type Pulumi } from "../ground/pulumi/index.ts";
import type { Figures, Scenario, ScenarioOptions } from "./run.ts";

const DEFAULT_OBJECTS = 200;
const PROGRAM = fileURLToPath(new URL("./programs/components", import.meta.url));
const REMOTE_SECRETS = 100;

type Form = "typed" | "bare";

/** A store that answers at once, so that what is timed is Pulumi's part. */
function surroundings(namespace: string): string {
  const data = Array.from({ length: REMOTE_SECRETS }, (_, index) => ({
    key: `app-${index}`,
    value: JSON.stringify({ username: "user", password: "password" }),
  }));
  const store = {
    apiVersion: "external-secrets.io/v1",
    kind: "SecretStore",
    metadata: { name: "fake", namespace },
    spec: { provider: { fake: { data } } },
  };
  return JSON.stringify({
    apiVersion: "v1",
    kind: "List",
    items: [{ apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } }, store],
  });
}

async function openForm(form: Form, controlPlane: ControlPlane, count: number): Promise<Pulumi> {
  const namespace = `bench-${form}`;
  await apply(controlPlane, surroundings(namespace));
  const pulumi = await openPulumi({ folder: PROGRAM, env: { KUBECONFIG: controlPlane.kubeconfigPath } });
  await pulumi.stackInit(form);
  const values = { form, namespace, store: "fake", count: String(count) };
  for (const [key, value] of Object.entries(values)) await pulumi.configSet(key, value);
  return pulumi;
}

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return (performance.now() - startedAt) / 1000;
}

const steps = {
  up: (pulumi: Pulumi) => pulumi.up(),
  upAgain: (pulumi: Pulumi) => pulumi.up({ args: ["--expect-no-changes"] }),
  refresh: (pulumi: Pulumi) => pulumi.refresh({ args: ["--expect-no-changes"] }),
} as const;

async function run({ objects, onProgress }: ScenarioOptions): Promise<Figures> {
  const count = objects ?? DEFAULT_OBJECTS;
  const controlPlane = await startControlPlane({ onProgress });
  const opened: Pulumi[] = [];
  try {
    await installCrds(controlPlane);
    const controller = await startControllerProcess({ kubeconfigPath: controlPlane.kubeconfigPath });
    try {
      const [bare, typed] = [await openForm("bare", controlPlane, count), await openForm("typed", controlPlane, count)];
      opened.push(bare, typed);
      const figures: Record<string, number> = { objects: count };
      for (const [name, step] of Object.entries(steps)) {
        const bareSeconds = await seconds(() => step(bare));
        const typedSeconds = await seconds(() => step(typed));
        figures[`${name}BareSeconds`] = bareSeconds;
        figures[`${name}TypedSeconds`] = typedSeconds;
        figures[`${name}Ratio`] = typedSeconds / bareSeconds;
        onProgress(`${name}: typed ${typedSeconds.toFixed(1)} s, bare ${bareSeconds.toFixed(1)} s`);
      }
      return figures;
    } finally {
      await controller.stop();
    }
  } finally {
    for (const pulumi of opened) await pulumi.close();
    await controlPlane.stop();
  }
}

export const scenario: Scenario = {
  title: "200 ExternalSecrets in one stack: our component beside bare custom resources",
  run,
};
