/** What the quickstart shows: each seen in the cluster, or it fails. */
import { EXTERNAL_SECRET } from "../../api/resource-types.ts";
import type { KubeClient, KubeObject } from "../../controller/kube/contracts.ts";
import { KubeApiError } from "../../controller/kube/kube-api-error.ts";
import { waitUntil } from "../../test/ground/index.ts";
import type { Pulumi } from "../../test/ground/pulumi/index.ts";
import type { Backends } from "./backends.ts";
import type { Progress } from "./progress.ts";
import type { StackOutputs } from "./stack.ts";

interface Secret extends KubeObject {
  readonly data?: Readonly<Record<string, string>>;
}

const SECRET = { group: "", version: "v1", kind: "Secret", plural: "secrets", namespaced: true } as const;
const SEEN_WITHIN_MS = 60_000;

export interface Observed {
  readonly client: KubeClient;
  readonly backends: Backends;
  readonly pulumi: Pulumi;
  readonly outputs: StackOutputs;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

async function readSecret({ client, outputs, signal }: Observed, name: string): Promise<Secret | undefined> {
  try {
    return await client.get<Secret>(SECRET, { namespace: outputs.applicationNamespace, name }, signal);
  } catch (error) {
    if (error instanceof KubeApiError && error.status === 404) return undefined;
    throw error;
  }
}

/** Whether the Secret's data is exactly `expected`; values are compared, never printed. */
function holds(secret: Secret | undefined, expected: Readonly<Record<string, string>>): boolean {
  const data = secret?.data ?? {};
  const keys = Object.keys(expected);
  return (
    Object.keys(data).length === keys.length &&
    keys.every((key) => Buffer.from(data[key] ?? "", "base64").toString("utf8") === expected[key])
  );
}

/** Waits for a fact about the cluster and gives the milliseconds that it took. */
async function seen(observed: Observed, what: string, fact: () => Promise<boolean>): Promise<string> {
  const startedAt = performance.now();
  await waitUntil(what, fact, { timeoutMs: SEEN_WITHIN_MS, intervalMs: 50, signal: observed.signal });
  return `${Math.round(performance.now() - startedAt)} ms`;
}

/** Keys and owner of each Secret. */
export async function showSecrets(observed: Observed, expected: Readonly<Record<string, string>>): Promise<void> {
  for (const name of observed.outputs.secretNames) {
    const secret = await readSecret(observed, name);
    if (!holds(secret, expected)) throw new Error(`Secret ${name} does not hold what the backends hold`);
    const owner = secret?.metadata.ownerReferences?.find(({ controller }) => controller === true);
    if (owner?.kind !== "ExternalSecret") throw new Error(`Secret ${name} is not owned by an ExternalSecret`);
    const keys = Object.keys(secret?.data ?? {})
      .sort()
      .join(", ");
    observed.progress.line(`Secret ${name}: keys ${keys}; owner ${owner.kind}/${owner.name}`);
  }
}

/** A new value in both backends arrives in both Secrets. */
export async function showBackendChange(observed: Observed, value: Readonly<Record<string, string>>): Promise<void> {
  await observed.backends.put(value);
  await Promise.all(
    observed.outputs.secretNames.map(async (name) => {
      const isThere = async () => holds(await readSecret(observed, name), value);
      const time = await seen(observed, `the change in Secret ${name}`, isThere);
      observed.progress.line(`a change in the backend arrived in Secret ${name} after ${time} (refreshInterval 5s)`);
    }),
  );
}

/** A hand edit of a Secret is put back. */
export async function showRepair(observed: Observed, value: Readonly<Record<string, string>>): Promise<void> {
  const { client, outputs, signal } = observed;
  for (const name of outputs.secretNames) {
    const edit = { data: { password: Buffer.from("edited by hand").toString("base64"), extra: "" } };
    const target = { namespace: outputs.applicationNamespace, name };
    await client.mergePatch(SECRET, target, edit, { fieldManager: "a-person" }, signal);
    const time = await seen(observed, `the repair of Secret ${name}`, async () =>
      holds(await readSecret(observed, name), value),
    );
    observed.progress.line(`a hand edit of Secret ${name} was repaired after ${time}`);
  }
}

/** Pulumi finds the cluster as it left it. */
export async function showNothingToDo({ pulumi, progress }: Observed): Promise<void> {
  await pulumi.refresh({ args: ["--expect-no-changes"] });
  progress.line("pulumi refresh found nothing to do");
  await pulumi.up({ args: ["--expect-no-changes"] });
  progress.line("a second pulumi up found nothing to do");
}

/** Deleting an ExternalSecret collects its Secret. */
export async function showGarbageCollection(observed: Observed): Promise<void> {
  const { client, outputs, signal } = observed;
  for (const name of outputs.secretNames) {
    const secret = await readSecret(observed, name);
    const owner = secret?.metadata.ownerReferences?.find(({ controller }) => controller === true)?.name;
    if (owner === undefined) throw new Error(`Secret ${name} has no owner`);
    await client.delete(EXTERNAL_SECRET, { namespace: outputs.applicationNamespace, name: owner }, {}, signal);
    const time = await seen(
      observed,
      `the end of Secret ${name}`,
      async () => (await readSecret(observed, name)) === undefined,
    );
    observed.progress.line(`ExternalSecret ${owner} deleted: Secret ${name} was garbage-collected after ${time}`);
  }
}
