/** What a case expects of the cluster at one moment. */
import { isDeepStrictEqual } from "node:util";
import { isRecord } from "../conformance-file.ts";
import type { ClusterView, Viewed } from "./cluster-view.ts";
import { isAsWanted, type MetricSample, parseSelector, sampleOf } from "./metrics-text.ts";
import { including, type Mismatch, secretMismatch } from "./secret-expectations.ts";

type Fields = Readonly<Record<string, unknown>>;

/** What the expectations of one case are held against. */
export interface LookedAt {
  readonly view: ClusterView;
  readonly namespace: string;
  readonly externalSecretName: string;
  /** Where an expectation of a Secret does not name one. */
  readonly targetName: string;
  /** The Secrets and the ExternalSecret when the case's first expectations were met. */
  readonly before: { readonly secrets: readonly Viewed[]; readonly externalSecret: Viewed | undefined };
  metrics(): Promise<readonly MetricSample[]>;
}

type Check = (wanted: unknown, at: LookedAt) => Mismatch | undefined | Promise<Mismatch | undefined>;

/** The first expectation that is not met; undefined where all are. Throws for one that is not known. */
export async function mismatchOf(expected: Fields, at: LookedAt): Promise<Mismatch | undefined> {
  for (const [part, wanted] of Object.entries(expected)) {
    const check = CHECKS[part];
    if (check === undefined) throw new Error(`the expectation "${part}" is not known`);
    const mismatch = await check(wanted, at);
    if (mismatch !== undefined) return mismatch;
  }
  return undefined;
}

/** Whether this may look met only because nothing has happened yet. */
export function isAboutAbsence(expected: Fields): boolean {
  return "conditionAbsent" in expected;
}

const CHECKS: Readonly<Record<string, Check>> = {
  condition(wanted, at) {
    const got = conditionsOf(at);
    const fits = got.some((condition) => including(wanted, condition).isMet);
    return fits ? undefined : { expected: { condition: wanted }, got };
  },
  conditionsExactly(wanted, at) {
    const got = conditionsOf(at).map(({ lastTransitionTime: _, ...rest }) => rest);
    return isDeepStrictEqual(got, wanted) ? undefined : { expected: { conditionsExactly: wanted }, got };
  },
  conditionAbsent(wanted, at) {
    const got = conditionsOf(at);
    return got.some(({ type }) => type === wanted) ? { expected: { conditionAbsent: wanted }, got } : undefined;
  },
  status(wanted, at) {
    const got = at.view.get("ExternalSecret", at.namespace, at.externalSecretName)?.status;
    return isPartOf(wanted, got) ? undefined : { expected: { status: wanted }, got };
  },
  secret(wanted, at) {
    const expected = isRecord(wanted) ? wanted : {};
    const name = typeof expected.name === "string" ? expected.name : at.targetName;
    const secret = at.view.get("Secret", at.namespace, name);
    if (secret === undefined) return { expected: { secret: wanted }, got: situation(`there is no Secret ${name}`, at) };
    const before = at.before.secrets.find(({ metadata }) => metadata.name === name);
    const mismatch = secretMismatch(expected, secret, before);
    return mismatch && { ...mismatch, got: situation(mismatch.got, at) };
  },
  secretExists: (wanted, at) => secretIsThere(String(wanted), true, at),
  secretAbsent: (wanted, at) => secretIsThere(String(wanted), false, at),
  secretGone: (wanted, at) => secretIsThere(String(wanted), false, at),
  externalSecretResourceVersionUnchanged(_wanted, at) {
    const versions = versionsOf(at, (object) => object.metadata.resourceVersion);
    return versions[0] === versions[1] ? undefined : { expected: "the ExternalSecret unchanged", got: versions };
  },
  refreshTimeUnchanged(_wanted, at) {
    const times = versionsOf(at, (object) => object.status?.refreshTime);
    return times[0] === times[1] ? undefined : { expected: "the same refreshTime", got: times };
  },
  async metrics(wanted, at) {
    const samples = await at.metrics();
    for (const [selector, value] of Object.entries(isRecord(wanted) ? wanted : {})) {
      const { name, labels } = parseSelector(selector);
      const of = { namespace: at.namespace, name: at.externalSecretName };
      const got = sampleOf(samples, { name, labels: { ...labels, ...of } });
      if (!isAsWanted(got, value)) return { expected: { [selector]: value }, got };
    }
    return undefined;
  },
};

function conditionsOf({ view, namespace, externalSecretName }: LookedAt): readonly Fields[] {
  const conditions = view.get("ExternalSecret", namespace, externalSecretName)?.status?.conditions;
  return Array.isArray(conditions) ? conditions.filter(isRecord) : [];
}

function secretIsThere(name: string, isWanted: boolean, at: LookedAt): Mismatch | undefined {
  const isThere = at.view.get("Secret", at.namespace, name) !== undefined;
  if (isThere === isWanted) return undefined;
  const expected = { [isWanted ? "secretExists" : "secretGone"]: name };
  return { expected, got: situation(isThere ? "it is there" : "it is not there", at) };
}

/** What is wrong, with what the ExternalSecret says about it. */
function situation(got: unknown, at: LookedAt): Fields {
  const said = conditionsOf(at).map(({ type, status, reason, message }) => `${type}=${status} ${reason}: ${message}`);
  return { got, conditions: said };
}

function versionsOf(at: LookedAt, of: (object: Viewed) => unknown): readonly unknown[] {
  const now = at.view.get("ExternalSecret", at.namespace, at.externalSecretName);
  return [at.before.externalSecret, now].map((object) => object && of(object));
}

/** An empty text is as good as none. */
function isPartOf(wanted: unknown, got: unknown): boolean {
  if (!isRecord(wanted)) return isDeepStrictEqual(wanted, got) || (wanted === "" && got === undefined);
  return Object.entries(wanted).every(([key, value]) => isPartOf(value, isRecord(got) ? got[key] : undefined));
}
