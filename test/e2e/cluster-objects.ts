/** Looks at objects of a control plane, for the end-to-end tests. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { projectFolder } from "../../scripts/run-step.ts";
import { type ControlPlane, waitUntil } from "../ground/index.ts";

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
}

/** The parts of an object that these tests read. */
export interface ClusterObject {
  readonly metadata: {
    readonly name: string;
    readonly uid: string;
    readonly resourceVersion: string;
    readonly ownerReferences?: readonly {
      readonly kind: string;
      readonly name: string;
      readonly controller?: boolean;
    }[];
  };
  readonly data?: Readonly<Record<string, string>>;
  readonly status?: { readonly conditions?: readonly Condition[] };
}

/** Below `crds/` of the project. */
export const crdsFolder = join(projectFolder, "crds");

/** Installs the CRDs and waits until they are served. */
export async function installCrds(controlPlane: ControlPlane): Promise<void> {
  const crds = ["externalsecrets", "secretstores", "clustersecretstores"];
  const files = crds.flatMap((crd) => ["-f", join(crdsFolder, `external-secrets.io_${crd}.yaml`)]);
  await controlPlane.kubectl(["apply", "--server-side", ...files]);
  const names = crds.map((crd) => `crd/${crd}.external-secrets.io`);
  await controlPlane.kubectl(["wait", "--for=condition=Established", "--timeout=30s", ...names]);
}

/** An object as it is now; `undefined` where it is not there. `path` is that of the API: `/api/v1/…`. */
export async function objectAt(controlPlane: ControlPlane, path: string): Promise<ClusterObject | undefined> {
  const { status, body } = await controlPlane.request({ path });
  if (status === 404) return undefined;
  if (status !== 200) throw new Error(`GET ${path}: ${status}`);
  return body as ClusterObject;
}

/** Path of a Secret. */
export const secretPath = (name: string, namespace = "default") => `/api/v1/namespaces/${namespace}/secrets/${name}`;

/** Path of an object of ours. */
export const ownPath = (plural: string, name: string, namespace = "default") =>
  `/apis/external-secrets.io/v1/namespaces/${namespace}/${plural}/${name}`;

/** The Secret's values as text, as soon as they are exactly `expected`; the Secret then. */
export async function secretWith(
  controlPlane: ControlPlane,
  name: string,
  expected: Readonly<Record<string, string>>,
  timeoutMs = 30_000,
): Promise<ClusterObject> {
  let seen: unknown;
  const holds = async () => {
    const secret = await objectAt(controlPlane, secretPath(name));
    const data = Object.entries(secret?.data ?? {}).map(([key, value]) => [
      key,
      Buffer.from(value, "base64").toString(),
    ]);
    seen = Object.fromEntries(data);
    const isEqual = JSON.stringify(data.sort()) === JSON.stringify(Object.entries(expected).sort());
    return isEqual ? secret : undefined;
  };
  return waitUntil(`Secret ${name} with keys ${Object.keys(expected)}`, holds, { timeoutMs }).catch((error: Error) => {
    throw new Error(`${error.message}; it holds ${JSON.stringify(seen)}`);
  });
}

/** The Ready condition, as soon as `matches` accepts it. */
export async function readyCondition(
  controlPlane: ControlPlane,
  path: string,
  matches: (condition: Condition) => boolean,
  timeoutMs = 30_000,
): Promise<Condition> {
  let seen: Condition | undefined;
  const find = async () => {
    seen = (await objectAt(controlPlane, path))?.status?.conditions?.find(({ type }) => type === "Ready");
    return seen !== undefined && matches(seen) ? seen : undefined;
  };
  return waitUntil(`condition Ready of ${path}`, find, { timeoutMs }).catch((error: Error) => {
    throw new Error(`${error.message}; it is ${JSON.stringify(seen)}`);
  });
}

/** Events of the namespace, as the API server has them. */
export async function eventsText(controlPlane: ControlPlane, namespace = "default"): Promise<string> {
  const { body } = await controlPlane.request({ path: `/api/v1/namespaces/${namespace}/events` });
  return JSON.stringify(body);
}

/** A manifest of the examples, with `replacements` of texts that only make sense where a user lives. */
export function exampleManifest(path: string, replacements: Readonly<Record<string, string>> = {}): string {
  let text = readFileSync(join(projectFolder, "examples", "manifests", path), "utf8");
  for (const [from, to] of Object.entries(replacements)) {
    if (!text.includes(from)) throw new Error(`${path} does not hold ${from}`);
    text = text.replaceAll(from, to);
  }
  return text;
}

/** `kubectl apply` of a text; gives what kubectl says on both streams. */
export async function apply(
  controlPlane: ControlPlane,
  manifest: string,
  flags: readonly string[] = [],
): Promise<string> {
  const { stdout, stderr } = await controlPlane.kubectl(["apply", ...flags, "-f", "-"], { input: manifest });
  return stdout + stderr;
}
