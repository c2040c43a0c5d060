/** SyncedSecrets in both forms beside as many plain Secrets that the program fills: time, calls and bytes of state. */
import { copyFile, mkdir, readdir, stat, symlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { projectFolder } from "../../scripts/run-step.ts";
import { type AwsEmulator, EXAMPLE_CREDENTIALS, startAwsEmulator } from "../ground/aws/index.ts";
import { type ControlPlane, createTempFolder, startControlPlane } from "../ground/index.ts";
import { openPulumi, type Pulumi } from "../ground/pulumi/index.ts";
import { buildSyncPackage } from "../sync/sync-package.ts";
import { endedChildrenCpuMs } from "./process-usage.ts";
import type { Figures, Scenario, ScenarioOptions } from "./run.ts";

const COUNTS = [100, 500];
/** Where a run is short, the forms take turns so often, and the least time of each counts: others use the machine, too. */
const TURNS = 3;
const MOST_WITH_TURNS = 100;
const FORMS = ["executable", "dynamic", "plain"] as const;
const PROGRAM = fileURLToPath(new URL("./programs/sync/index.mjs", import.meta.url));
/** What plain Secrets take in the place of our package. */
const PEERS = ["@pulumi/kubernetes", "@aws-sdk/client-secrets-manager"];
const STORE = { provider: { aws: { service: "SecretsManager", region: "us-east-1" } } };

type Form = (typeof FORMS)[number];

interface World {
  readonly cluster: ControlPlane;
  readonly aws: AwsEmulator;
  readonly programFolder: string;
  readonly folder: string;
}

const steps = {
  up: (pulumi: Pulumi) => pulumi.up(),
  upAgain: (pulumi: Pulumi) => pulumi.up({ args: ["--expect-no-changes"] }),
  refresh: (pulumi: Pulumi) => pulumi.refresh({ args: ["--expect-no-changes"] }),
} as const;

async function buildProgram(folder: string): Promise<string> {
  const { programFolder } = await buildSyncPackage(folder);
  await copyFile(PROGRAM, join(programFolder, "index.mjs"));
  for (const name of PEERS) {
    const link = join(programFolder, "node_modules", name);
    await mkdir(dirname(link), { recursive: true });
    await symlink(join(projectFolder, "node_modules", name), link);
  }
  return programFolder;
}

/** Requests for Secrets that the API server has answered so far. */
async function secretRequests({ cluster }: World): Promise<number> {
  const { body } = await cluster.request({ path: "/metrics" });
  const lines = String(body)
    .split("\n")
    .filter((line) => /^apiserver_request_total\{.*resource="secrets"/.test(line));
  return lines.reduce((sum, line) => sum + Number(line.split(" ").at(-1)), 0);
}

async function openForm({ cluster, aws, programFolder, folder }: World, form: Form, count: number, turn: number) {
  const namespace = `${form}-${count}-${turn}`;
  await cluster.kubectl(["create", "namespace", namespace]);
  const home = join(folder, namespace);
  const env = {
    KUBECONFIG: cluster.kubeconfigPath,
    AWS_ACCESS_KEY_ID: EXAMPLE_CREDENTIALS.accessKeyId,
    AWS_SECRET_ACCESS_KEY: EXAMPLE_CREDENTIALS.secretAccessKey,
    AWS_ENDPOINT_URL: aws.endpoint,
  };
  const pulumi = await openPulumi({ folder: programFolder, home, env });
  await pulumi.stackInit();
  const values = { form, namespace, count: String(count), "external-secrets:store": JSON.stringify(STORE) };
  for (const [key, value] of Object.entries(values)) await pulumi.configSet(key, value);
  return { pulumi, stateFolder: join(home, "state", ".pulumi", "stacks") };
}

/** Of the last state, as the file backend keeps it. */
async function stateBytes(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && entry.name === "dev.json");
  const sizes = await Promise.all(files.map(async (file) => (await stat(join(file.parentPath, file.name))).size));
  return Math.max(...sizes);
}

async function runForm(world: World, form: Form, count: number, turn: number): Promise<Record<string, number>> {
  const { pulumi, stateFolder } = await openForm(world, form, count, turn);
  const figures: Record<string, number> = {};
  try {
    for (const [name, step] of Object.entries(steps)) {
      world.aws.resetCalls();
      const requestsBefore = await secretRequests(world);
      const cpuBefore = endedChildrenCpuMs();
      const startedAt = performance.now();
      await step(pulumi);
      figures[`${name}Seconds`] = (performance.now() - startedAt) / 1_000;
      figures[`${name}UserCpuSeconds`] = (endedChildrenCpuMs() - cpuBefore) / 1_000;
      figures[`${name}BackendCalls`] = world.aws.calls();
      figures[`${name}ApiCalls`] = (await secretRequests(world)) - requestsBefore;
    }
    figures.stateBytesEach = Math.round((await stateBytes(stateFolder)) / count);
    const { deployment } = await pulumi.exportStack();
    figures.compactStateBytesEach = Math.round(JSON.stringify(deployment).length / count);
    return figures;
  } finally {
    await pulumi.close();
  }
}

async function run({ objects, onProgress }: ScenarioOptions): Promise<Figures> {
  const folder = await createTempFolder("sync-bench");
  const [cluster, aws, programFolder] = await Promise.all([
    startControlPlane({ controllerManager: false, onProgress }),
    startAwsEmulator(),
    buildProgram(folder.path),
  ]);
  try {
    const counts = objects === undefined ? COUNTS : [objects];
    const value = JSON.stringify({ username: "user", password: "password" });
    for (let index = 0; index < Math.max(...counts); index += 1) aws.put(`app-${index}`, value);
    const figures: Record<string, number> = {};
    for (const count of counts) {
      const turns = count <= MOST_WITH_TURNS ? TURNS : 1;
      for (let turn = 1; turn <= turns; turn += 1) {
        for (const form of FORMS) {
          const measured = await runForm({ cluster, aws, programFolder, folder: folder.path }, form, count, turn);
          for (const [name, each] of Object.entries(measured)) {
            const key = `${form}${count}.${name}`;
            figures[key] = Math.min(each, figures[key] ?? each);
          }
          onProgress(`${form}, ${count}: up ${measured.upSeconds?.toFixed(1)} s`);
        }
      }
      for (const [ratio, name] of Object.entries({ upRatio: "upSeconds", upUserCpuRatio: "upUserCpuSeconds" })) {
        const [ours = 0, other = 1] = [figures[`executable${count}.${name}`], figures[`dynamic${count}.${name}`]];
        figures[`${ratio}${count}`] = ours / other;
      }
    }
    return figures;
  } finally {
    await Promise.all([cluster.stop(), aws.stop()]);
    await folder.remove();
  }
}

export const scenario: Scenario = {
  title: "100 and 500 SyncedSecrets of one store, in both forms, beside plain Secrets that the program fills",
  run,
};
