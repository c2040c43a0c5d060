/** Conformance kind `e2e_common`: the same ExternalSecrets on every backend, against a real API server. */
import { mapBounded } from "../../../providers/bounded-parallel.ts";
import { type CaseResult, type ConformanceCase, isRecord } from "../conformance-file.ts";
import { type CaseObject, inNamespace } from "./case-objects.ts";
import { type E2eBackend, type FindKind, type ProviderSecret, startE2eBackends } from "./e2e-backends.ts";
import type { LookedAt } from "./expectations.ts";
import { type GroundCluster, startGroundCluster } from "./ground-cluster.ts";
import { firstMismatch, stepMismatch } from "./steps.ts";

type Fields = Readonly<Record<string, unknown>>;

/** Cases at once, over all backends: they wait more than they work. */
const PARALLEL = 20;
/** The format's own limit is for backends far away. */
const DELETE_WITHIN = "60s";

interface E2eCase extends ConformanceCase {
  readonly providerSecrets: readonly ProviderSecret[];
  readonly additionalObjects?: readonly CaseObject[];
  readonly externalSecret: CaseObject & {
    readonly spec: { readonly dataFrom?: readonly { readonly find?: Readonly<Record<string, unknown>> }[] };
  };
  readonly expectSecret: Fields & { readonly name: string };
  readonly steps?: readonly Fields[];
}

interface Run {
  readonly each: E2eCase;
  readonly backend: E2eBackend;
  readonly namespace: string;
}

/**
 * Runs each case on each backend that suits it, several at a time, in the given cluster or one of its own. The name of a
 * result says the backend, too. A case that suits no backend has failed.
 */
export async function runE2eCases(
  cases: readonly ConformanceCase[],
  given?: GroundCluster,
): Promise<readonly CaseResult[]> {
  const [cluster, backends] = await Promise.all([given ?? startGroundCluster(), startE2eBackends()]);
  const environment = Object.assign({}, ...backends.map((backend) => backend.environment));
  const controller = await cluster.startController({ environment });
  try {
    const runs = runsOf(cases as readonly E2eCase[], backends);
    const results = await mapBounded(runs, PARALLEL, (run) => runCase(run, cluster));
    return [...results, ...unsuitable(cases, runs)];
  } finally {
    await controller.stop();
    await Promise.all(backends.map((backend) => backend.stop()));
    if (given === undefined) await cluster.stop();
  }
}

function runsOf(cases: readonly E2eCase[], backends: readonly E2eBackend[]): readonly Run[] {
  return cases.flatMap((written, index) =>
    backends.flatMap((backend) => {
      // All of one length, so that none is the beginning of another: some cases find by the beginning of a name.
      const namespace = `e2e-${backend.name}-${String(index).padStart(3, "0")}`;
      const each = inNamespace(written, namespace);
      return backend.unsuitedTo(each.providerSecrets, findsOf(each)) === undefined
        ? [{ each, backend, namespace }]
        : [];
    }),
  );
}

function findsOf({ externalSecret }: E2eCase): readonly FindKind[] {
  const kinds: readonly FindKind[] = ["name", "path", "tags"];
  return kinds.filter((kind) => externalSecret.spec.dataFrom?.some(({ find }) => find?.[kind] !== undefined));
}

function unsuitable(cases: readonly ConformanceCase[], runs: readonly Run[]): readonly CaseResult[] {
  const run = new Set(runs.map(({ each }) => each.name));
  const left = cases.filter(({ name }) => !run.has(name));
  return left.map(({ name }) => ({ name, passed: false, expected: "a backend that suits the case", got: "none" }));
}

async function runCase({ each, backend, namespace }: Run, cluster: GroundCluster): Promise<CaseResult> {
  const name = `${each.name} (${backend.name})`;
  try {
    await cluster.createNamespace(namespace);
    await backend.arrange(cluster, namespace, each.providerSecrets);
    for (const object of each.additionalObjects ?? []) await cluster.create(object);
    await cluster.create(each.externalSecret);
    const at = lookAt(each, namespace, cluster);
    const first = await firstMismatch({ secret: each.expectSecret, condition: { type: "Ready", status: "True" } }, at);
    if (first !== undefined) return { name, passed: false, ...first };
    const externalSecret = cluster.view.get("ExternalSecret", namespace, at.externalSecretName);
    const after = { ...at, before: { secrets: cluster.view.secretsOf(namespace), externalSecret } };
    for (const step of each.steps ?? []) {
      if (step.do !== undefined) await act(step, backend, cluster, namespace);
      const expected = isRecord(step.expect) ? step.expect : {};
      const limited = step.within === undefined ? step : { ...step, within: DELETE_WITHIN };
      const mismatch = await stepMismatch(limited, expected, after);
      if (mismatch !== undefined) return { name, passed: false, ...mismatch };
    }
    return { name, passed: true, expected: each.expectSecret, got: each.expectSecret };
  } catch (error) {
    return { name, passed: false, expected: "the case can be run", got: String(error) };
  }
}

function lookAt({ externalSecret, expectSecret }: E2eCase, namespace: string, { view }: GroundCluster): LookedAt {
  return {
    ...{ view, namespace, externalSecretName: externalSecret.metadata.name, targetName: expectSecret.name },
    before: { secrets: [], externalSecret: undefined },
    metrics: async () => [],
  };
}

async function act(step: Fields, backend: E2eBackend, cluster: GroundCluster, namespace: string): Promise<void> {
  if (step.do !== "providerDelete" || !Array.isArray(step.keys)) throw new Error(`the step "${step.do}" is not known`);
  await backend.remove(cluster, namespace, step.keys.map(String));
}
