/** Objects as External Secrets Operator 2.9 leaves them in a cluster. */
import { createHash } from "node:crypto";
import type { ControlPlane } from "../ground/index.ts";

/** The finalizer that it sets on each ExternalSecret. */
export const ESO_FINALIZER = "externalsecrets.external-secrets.io/externalsecret-cleanup";

/** An ExternalSecret as the API server has it. */
interface Synced {
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly uid?: string;
    readonly generation?: number;
  };
}

const sha3 = (text: string) => createHash("sha3-224").update(text).digest("hex");

async function send(controlPlane: ControlPlane, method: string, path: string, body: object): Promise<void> {
  const contentType = method === "PATCH" ? "application/merge-patch+json" : "application/json";
  const answer = await controlPlane.request({ method, path, body, contentType });
  if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status}`);
}

/** Go's `%+v` of the data, which the hash is made of. */
function goMap(data: Readonly<Record<string, string>>): string {
  const entries = Object.entries(data).sort(([a], [b]) => (a < b ? -1 : 1));
  return `map[${entries.map(([key, value]) => `${key}:[${Buffer.from(value).join(" ")}]`).join(" ")}]`;
}

/** The Secret as ESO writes it: by an update under its field manager, with its labels, its hash and its owner. */
export async function writeSecretAsEso(
  controlPlane: ControlPlane,
  { metadata }: Synced,
  data: Readonly<Record<string, string>>,
): Promise<void> {
  const { name, namespace = "" } = metadata;
  const owner = { apiVersion: "external-secrets.io/v1", kind: "ExternalSecret", name, uid: metadata.uid };
  const secret = {
    apiVersion: "v1",
    kind: "Secret",
    metadata: {
      name,
      namespace,
      labels: {
        "reconcile.external-secrets.io/managed": "true",
        "reconcile.external-secrets.io/created-by": sha3(`${namespace}/${name}`),
      },
      annotations: { "reconcile.external-secrets.io/data-hash": sha3(goMap(data)) },
      ownerReferences: [{ ...owner, controller: true, blockOwnerDeletion: true }],
    },
    type: "Opaque",
    data: Object.fromEntries(Object.entries(data).map(([key, value]) => [key, Buffer.from(value).toString("base64")])),
  };
  const manager = `fieldManager=externalsecrets.external-secrets.io/${name}`;
  await send(controlPlane, "POST", `/api/v1/namespaces/${namespace}/secrets?${manager}`, secret);
}

/** ESO's finalizer, and the status after a refresh that long ago. */
export async function finishAsEso(
  controlPlane: ControlPlane,
  { metadata }: Synced,
  refreshedAgoMs: number,
): Promise<void> {
  const { name, namespace = "" } = metadata;
  const path = `/apis/external-secrets.io/v1/namespaces/${namespace}/externalsecrets/${name}`;
  await send(controlPlane, "PATCH", path, { metadata: { finalizers: [ESO_FINALIZER] } });
  const refreshTime = new Date(Date.now() - refreshedAgoMs).toISOString().replace(/\.\d+/, "");
  const condition = { type: "Ready", status: "True", reason: "SecretSynced", message: "secret synced" };
  const status = {
    refreshTime,
    syncedResourceVersion: `${metadata.generation}-${sha3("{annotations:map[] labels:map[]}")}`,
    binding: { name },
    conditions: [{ ...condition, lastTransitionTime: refreshTime }],
  };
  await send(controlPlane, "PATCH", `${path}/status`, { status });
}
