/** Conformance kind `controller`: whole-controller cases, against a real API server and the `$MOCK` provider. */
import { mapBounded } from "../../../providers/bounded-parallel.ts";
import { type CaseResult, type ConformanceCase, isRecord } from "../conformance-file.ts";
import { type CaseObject, inNamespace, withOwnClusterStores } from "./case-objects.ts";
import type { Viewed } from "./cluster-view.ts";
import type { LookedAt } from "./expectations.ts";
import { type GroundCluster, type RunningController, startGroundCluster } from "./ground-cluster.ts";
import { MockProviders } from "./mock-backend.ts";
import { firstMismatch, stepMismatch } from "./steps.ts";

type Fields = Readonly<Record<string, unknown>>;

/** Cases at once: they wait more than they work. */
const PARALLEL = 25;

interface ControllerCase extends ConformanceCase {
  readonly namespaceLabels?: unknown;
  readonly provider: Fields;
  readonly store: CaseObject;
  readonly preexisting?: readonly (CaseObject & { readonly $fieldManager?: string })[];
  readonly externalSecret: CaseObject;
  readonly expect: Fields;
  readonly steps?: readonly Fields[];
}

interface World {
  readonly cluster: GroundCluster;
  readonly controller: RunningController;
  readonly mocks: MockProviders;
}

/** Runs all cases, several at a time, in a cluster of their own. Results are in the order of the cases. */
export async function runControllerCases(cases: readonly ConformanceCase[]): Promise<readonly CaseResult[]> {
  const cluster = await startGroundCluster();
  try {
    const results = new Map<number, CaseResult>();
    const groups = Map.groupBy(cases.entries(), ([, each]) => flagsOf(each).join(" "));
    // Those without flags of their own come last, since a controller works on all namespaces that there are.
    for (const [flags, group] of [...groups].sort(([one], [other]) => other.length - one.length)) {
      const mocks = new MockProviders();
      const controller = await cluster.startController({
        flags: flags.split(" ").filter(Boolean),
        bindBackend: mocks.bind,
      });
      try {
        await mapBounded(group, PARALLEL, async ([index, each]) => {
          results.set(index, await runCase(each as ControllerCase, `case-${index}`, { cluster, controller, mocks }));
        });
      } finally {
        await controller.stop();
      }
    }
    return cases.map((each, index) => results.get(index) ?? failed(each.name, "a result", "none"));
  } finally {
    await cluster.stop();
  }
}

/** Flags of the controller that a case's notes ask for. */
function flagsOf({ notes }: ConformanceCase): readonly string[] {
  const [, text = ""] = /controller started with (.*)/.exec(String(notes ?? "")) ?? [];
  return text.match(/--[\w-]+=[\w.-]+/g) ?? [];
}

async function runCase(written: ControllerCase, namespace: string, world: World): Promise<CaseResult> {
  const { name } = written;
  const own = withOwnClusterStores(inNamespace(written, namespace), namespace);
  try {
    const at = await arrange(own, namespace, world);
    const first = await firstMismatch(own.expect, at);
    if (first !== undefined) return failed(name, first.expected, first.got);
    const { view } = world.cluster;
    const externalSecret = view.get("ExternalSecret", namespace, own.externalSecret.metadata.name);
    const after = { ...at, before: { secrets: view.secretsOf(namespace), externalSecret } };
    for (const [index, step] of (own.steps ?? []).entries()) {
      if (typeof step.do === "string") await act(step, own, namespace, world);
      const mismatch = isRecord(step.expect) ? await stepMismatch(step, step.expect, after) : undefined;
      if (mismatch !== undefined) return failed(name, { step: index, ...Object(mismatch.expected) }, mismatch.got);
    }
    return { name, passed: true, expected: written.expect, got: written.expect };
  } catch (error) {
    return failed(name, "the case can be run", String(error));
  }
}

function failed(name: string, expected: unknown, got: unknown): CaseResult {
  return { name, passed: false, expected, got };
}

async function arrange(own: ControllerCase, namespace: string, world: World): Promise<LookedAt> {
  const { cluster, controller, mocks } = world;
  mocks.set(namespace, own.provider);
  await cluster.createNamespace(namespace, own.namespaceLabels);
  for (const { $fieldManager, ...object } of own.preexisting ?? []) {
    await cluster.create(withMock(object, namespace, mocks), $fieldManager);
  }
  await cluster.create(withMock(own.store, namespace, mocks));
  await cluster.create(own.externalSecret);
  const { name } = own.externalSecret.metadata;
  const { target } = own.externalSecret.spec as { readonly target?: { readonly name?: string } };
  return {
    ...{ view: cluster.view, namespace, externalSecretName: name, targetName: target?.name ?? name },
    before: { secrets: [], externalSecret: undefined },
    metrics: () => controller.metrics(),
  };
}

function withMock(object: CaseObject, namespace: string, mocks: MockProviders): CaseObject {
  const { spec } = object;
  if (!isRecord(spec) || spec.provider !== "$MOCK") return object;
  return { ...object, spec: { ...spec, provider: mocks.blockOf(namespace) } };
}

/** One step, done as a user does it; returns when it is in view. */
async function act(step: Fields, own: ControllerCase, namespace: string, { cluster, mocks }: World): Promise<void> {
  const { view } = cluster;
  const secret: CaseObject = { apiVersion: "v1", kind: "Secret", metadata: { name: String(step.name), namespace } };
  switch (step.do) {
    case "provider":
      return mocks.set(namespace, isRecord(step.set) ? step.set : {});
    case "patchExternalSecret":
      return view.seen("ExternalSecret", await cluster.patch(own.externalSecret, step.merge));
    case "patchSecret":
      return view.seen("Secret", await cluster.patch(secret, step.merge));
    case "replaceSecret":
      return view.seen("Secret", await cluster.replace(secret, (present) => replaced(present, step.data)));
    case "deleteSecret":
      return deleteSeen("Secret", secret);
    case "deleteExternalSecret":
      return deleteSeen("ExternalSecret", own.externalSecret);
    case "recreateExternalSecret":
      return view.seen("ExternalSecret", await cluster.create(own.externalSecret));
    default:
      throw new Error(`the step "${step.do}" is not known`);
  }
  async function deleteSeen(kind: "Secret" | "ExternalSecret", object: CaseObject): Promise<void> {
    const present: Viewed | undefined = view.get(kind, namespace, object.metadata.name);
    await cluster.delete(object);
    if (present !== undefined) await view.gone(kind, present);
  }
}

/** The same object with these texts as its only data. */
function replaced(present: object, data: unknown): object {
  const texts = Object.entries(isRecord(data) ? data : {});
  return { ...present, data: Object.fromEntries(texts.map(([key, text]) => [key, btoa(String(text))])) };
}
