/** Conformance kind `e2e_common`: the same ExternalSecrets on every backend, against a real API server. */
import { mapBounded } from "../../../providers/bounded-parallel.ts";
import { type CaseResult, type ConformanceCase, isRecord } from "../conformance-file.ts";
import { type CaseObject, inNamespace } from "./case-objects.ts";
import type { E2eBackend, FindKind, ProviderSecret } from "./e2e-backend.ts";
import { startE2eBackends } from "./e2e-backends.ts";
import type { LookedAt } from "./expectations.ts";
import { type GroundCluster, startGroundCluster } from "./ground-cluster.ts";
import type { Mismatch } from "./secret-expectations.ts";
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
  readonly expectSecret: { readonly name: string; readonly data: Readonly<Record<string, string>> };
  readonly steps?: readonly Fields[];
}

interface Run {
  readonly each: E2eCase;
  readonly backend: E2eBackend;
  readonly namespace: string;
}

interface BackendResult {
  readonly name: string;
  readonly backend: string;
  readonly mismatch: Mismatch | undefined;
}

/**
 * Runs each case on each backend that suits it, several at a time, in a cluster of their own. A case has passed
 * where it passed on all of them, and at least one suits it; the result says what each backend gave that did not pass.
 */
export async function runE2eCases(cases: readonly ConformanceCase[]): Promise<readonly CaseResult[]> {
  const [cluster, backends] = await Promise.all([startGroundCluster(), startE2eBackends()]);
  const environment = Object.assign({}, ...backends.map((backend) => backend.environment));
  const controller = await cluster.startController({ environment });
  try {
    const runs = runsOf(cases as readonly E2eCase[], backends);
    const results = await mapBounded(runs, PARALLEL, (run) => runCase(run, cluster));
    return cases.map(({ name }) =>
      combined(
        name,
        results.filter((result) => result.name === name),
      ),
    );
  } finally {
    await controller.stop();
    await Promise.all(backends.map((backend) => backend.stop()));
    await cluster.stop();
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

function combined(name: string, results: readonly BackendResult[]): CaseResult {
  const failures = results.filter(({ mismatch }) => mismatch !== undefined);
  const byBackend = (part: "expected" | "got") =>
    Object.fromEntries(failures.map(({ backend, mismatch }) => [backend, mismatch?.[part]]));
  if (results.length === 0) return { name, passed: false, expected: "a backend that suits the case", got: "none" };
  if (failures.length > 0) return { name, passed: false, expected: byBackend("expected"), got: byBackend("got") };
  const backends = results.map(({ backend }) => backend);
  return { name, passed: true, expected: backends, got: backends };
}

async function runCase({ each, backend, namespace }: Run, cluster: GroundCluster): Promise<BackendResult> {
  const of = { name: each.name, backend: backend.name };
  try {
    return { ...of, mismatch: await caseMismatch(each, backend, namespace, cluster) };
  } catch (error) {
    return { ...of, mismatch: { expected: "the case can be run", got: String(error) } };
  }
}

async function caseMismatch(
  each: E2eCase,
  backend: E2eBackend,
  namespace: string,
  cluster: GroundCluster,
): Promise<Mismatch | undefined> {
  await cluster.createNamespace(namespace);
  await backend.arrange(cluster, namespace, each.providerSecrets);
  for (const object of each.additionalObjects ?? []) await cluster.create(object);
  await cluster.create(each.externalSecret);
  const at = lookAt(each, namespace, cluster);
  const secret = { ...each.expectSecret, data: expectedData(each, backend) };
  const first = await firstMismatch({ secret, condition: { type: "Ready", status: "True" } }, at);
  if (first !== undefined) return first;
  const externalSecret = cluster.view.get("ExternalSecret", namespace, at.externalSecretName);
  const after = { ...at, before: { secrets: cluster.view.secretsOf(namespace), externalSecret } };
  for (const step of each.steps ?? []) {
    if (step.do !== undefined) await act(step, backend, cluster, namespace);
    const limited = step.within === undefined ? step : { ...step, within: DELETE_WITHIN };
    const mismatch = isRecord(step.expect) ? await stepMismatch(limited, step.expect, after) : undefined;
    if (mismatch !== undefined) return mismatch;
  }
  return undefined;
}

/** Where a whole remote value is expected, it is as the backend gives it back. */
function expectedData({ providerSecrets, expectSecret }: E2eCase, backend: E2eBackend): Fields {
  const whole = new Map(providerSecrets.map(({ value }) => [value, backend.givenBack?.(value) ?? value]));
  const entries = Object.entries(expectSecret.data);
  return Object.fromEntries(entries.map(([key, text]) => [key, whole.get(text) ?? text]));
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
