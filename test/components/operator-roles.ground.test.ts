/** The controller under exactly the roles that the operator makes, on a real API server: they suffice, and nothing in them is idle. */
import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { systemClock } from "../../api/clock.ts";
import { EXTERNAL_SECRET_FINALIZER } from "../../api/labels.ts";
import { CONTROLLER_FLAGS } from "../../cli/controller-flags.ts";
import { controllerOptionsOf } from "../../cli/controller-options.ts";
import { parseFlags } from "../../cli/parse-flags.ts";
import { SecretStore } from "../../components/secret-store.ts";
import { createKubeClient } from "../../controller/kube/client.ts";
import { loadKubeConfig } from "../../controller/kube/kube-config.ts";
import { runController } from "../../controller/run.ts";
import { installCrds } from "../controller/ground-controller.ts";
import { keepingLogger } from "../controller/kube/test-parts.ts";
import { eventually } from "../eventually.ts";
import { type ControlPlane, kubeconfigText, startControlPlane } from "../ground/index.ts";
import { type OperatorFixture, operatorFixture, type RegisteredRule } from "./installed-operator.ts";
import { settled } from "./recorded-resources.ts";
import { type AskedFor, isPermitted, recordingClient, rightsOf } from "./recording-client.ts";

const API_VERSION = "external-secrets.io/v1";
const OWN = "external-secrets";
const NAMESPACES = ["team-a", "team-b"] as const;
const RBAC = "kubernetes:rbac.authorization.k8s.io/v1:";

let plane: ControlPlane;
let it: OperatorFixture;
const logger = keepingLogger();
let asked: readonly AskedFor[] = [];
let stop: () => Promise<void> = async () => undefined;

before(async () => {
  it = await operatorFixture();
  plane = await startControlPlane();
  await installCrds(plane);
  for (const namespace of [...NAMESPACES, "team-c", OWN]) await plane.kubectl(["create", "namespace", namespace]);
  await declareProgram();
  await applyRoles();
  stop = await startController();
});
after(async () => {
  await stop();
  await plane?.stop();
});

const apply = (object: object) =>
  plane.kubectl(["apply", "--server-side", "-f", "-"], { input: JSON.stringify(object) });

const statusOf = async (path: string) => (await plane.request({ path })).status;

/** A store of values of its own, and one that reads Secrets of its namespace as a service account. */
function storesOf(): Readonly<
  Record<(typeof NAMESPACES)[number], ConstructorParameters<typeof SecretStore>[1]["spec"]>
> {
  const server = { url: plane.server, caBundle: Buffer.from(plane.caPem).toString("base64") };
  const auth = { serviceAccount: { name: "reader" } };
  return {
    "team-a": { provider: { fake: { data: [{ key: "db", value: "from the fake" }] } } },
    "team-b": { provider: { kubernetes: { server, auth, remoteNamespace: "team-b" } } },
  };
}

async function declareProgram(): Promise<void> {
  const operator = it.declare({ scope: "declared", replicaCount: 2 });
  for (const namespace of NAMESPACES) {
    new SecretStore(namespace, { operator, metadata: { namespace, name: "store" }, spec: storesOf()[namespace] });
  }
  await settled(operator.deploymentName);
}

async function applyRoles(): Promise<void> {
  for (const kind of ["Role", "RoleBinding"]) {
    for (const { inputs } of it.resources.ofType(`${RBAC}${kind}`)) {
      await apply({ apiVersion: "rbac.authorization.k8s.io/v1", kind, ...inputs });
    }
  }
  const { inputs } = it.resources.find("kubernetes:core/v1:ServiceAccount", "eso");
  await apply({ apiVersion: "v1", kind: "ServiceAccount", ...inputs });
}

/** With the Deployment's own flags, and its service account's token. */
async function startController(): Promise<() => Promise<void>> {
  const { stdout: token } = await plane.kubectl(["create", "token", OWN, "--namespace", OWN]);
  const kubeconfigPath = join(plane.folder, "operator.kubeconfig");
  const { server, caPem } = plane;
  await writeFile(kubeconfigPath, kubeconfigText({ server, caPem, user: OWN, client: { token: token.trim() } }));
  const config = await loadKubeConfig({ environment: {}, kubeconfigPath });
  const recording = recordingClient(createKubeClient(config, { clock: systemClock }));
  asked = recording.asked;
  const flags = parseFlags(CONTROLLER_FLAGS, [...it.container().args]);
  const options = controllerOptionsOf(flags, { name: "the only one", namespace: OWN });
  const abort = new AbortController();
  const running = runController(
    { ...options, metricsAddress: "127.0.0.1:0", liveAddress: "127.0.0.1:0", deletionConfirmationMs: 100 },
    {
      ...{ kube: recording.client, clock: systemClock, logger, random: Math.random, environment: {} },
      signal: abort.signal,
    },
  );
  return async () => {
    abort.abort(new Error("the tests are over"));
    await running;
    recording.client.close();
  };
}

function externalSecret(
  namespace: string,
  name: string,
  key: string,
  more: object = {},
  metadata: object = {},
): object {
  const data = [{ secretKey: "value", remoteRef: { key } }];
  const spec = { refreshInterval: "1s", secretStoreRef: { name: "store" }, data, ...more };
  return { apiVersion: API_VERSION, kind: "ExternalSecret", metadata: { namespace, name, ...metadata }, spec };
}

async function applyObjects(): Promise<void> {
  const metadata = { namespace: "team-b", name: "reader" };
  const rbac = { apiVersion: "rbac.authorization.k8s.io/v1", metadata };
  const roleRef = { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: "reader" };
  const rights = { apiGroups: ["authorization.k8s.io"], resources: ["selfsubjectrulesreviews"], verbs: ["create"] };
  const rules = [{ apiGroups: [""], resources: ["secrets"], verbs: ["get", "list", "watch"] }, rights];
  await apply({ apiVersion: "v1", kind: "ServiceAccount", metadata });
  await apply({ ...rbac, kind: "Role", rules });
  await apply({ ...rbac, kind: "RoleBinding", roleRef, subjects: [{ kind: "ServiceAccount", ...metadata }] });
  await apply({ apiVersion: "v1", kind: "Secret", metadata: { ...metadata, name: "source" }, stringData: { a: "b" } });
  await apply({ apiVersion: "v1", kind: "ConfigMap", metadata: { namespace: "team-a", name: "t" }, data: { t: "x" } });
  for (const namespace of NAMESPACES) {
    const spec = storesOf()[namespace];
    await apply({ apiVersion: API_VERSION, kind: "SecretStore", metadata: { namespace, name: "store" }, spec });
  }
  const templateFrom = [{ configMap: { name: "t", items: [{ key: "t" }] } }];
  const finalizers = [EXTERNAL_SECRET_FINALIZER];
  await apply(externalSecret("team-a", "db", "db", { target: { name: "first", template: { templateFrom } } }));
  await apply(externalSecret("team-a", "from-eso", "db", {}, { finalizers }));
  await apply(externalSecret("team-a", "failing", "missing"));
  await apply(externalSecret("team-b", "copy", "source"));
  await apply(externalSecret("team-c", "elsewhere", "db"));
}

test("what they permit suffices to sync, to rename and to let go, and the namespaces beside them are left alone", async () => {
  await applyObjects();
  const secretIn = (namespace: string, name: string) => statusOf(`/api/v1/namespaces/${namespace}/secrets/${name}`);
  const present = async (namespace: string, name: string) => (await secretIn(namespace, name)) === 200;
  const limit = { limitMs: 20_000 };
  await eventually("the Secret of the fake", () => present("team-a", "first"), limit);
  await eventually("the copied Secret", () => present("team-b", "copy"), limit);
  await eventually("the Secret of the one from ESO", () => present("team-a", "from-eso"), limit);
  await apply(externalSecret("team-a", "db", "db", { target: { name: "second" } }));
  await eventually("the renamed Secret", () => present("team-a", "second"), limit);
  await eventually("the old Secret's end", async () => (await secretIn("team-a", "first")) === 404, limit);
  await plane.kubectl(["delete", "externalsecret", "from-eso", "--namespace", "team-a", "--timeout=20s"]);
  assert.equal(await secretIn("team-c", "elsewhere"), 404);
});

test("nothing is asked for that they do not permit", () => {
  const roles = it.resources.ofType(`${RBAC}Role`).map(({ inputs }) => inputs);
  assert.deepEqual(it.namesOf("ClusterRole"), []);
  for (const one of asked) {
    const rules: RegisteredRule[] = roles
      .filter(({ metadata }) => metadata.namespace === one.namespace)
      .flatMap(({ rules: own }) => own);
    assert.ok(isPermitted(rules, one), JSON.stringify(one));
  }
  const refused = logger.lines.filter((line) => /forbidden/i.test(JSON.stringify(line)));
  assert.deepEqual(refused, []);
});

/** The one is checked by some clusters only; the other is for annotations of a cloud's workload identity. */
const IDLE_HERE = ["update externalsecrets/finalizers", "get serviceaccounts"];

test("every right is used, but for two that another cluster or cloud asks for", async () => {
  const given = new Set(it.resources.ofType(`${RBAC}Role`).flatMap(({ inputs }) => rightsOf(inputs.rules)));
  const idle = () => {
    const used = new Set(asked.map(({ verb, resource }) => `${verb} ${resource}`));
    return [...given].filter((right) => !used.has(right));
  };
  // The Lease is renewed, and a repeated event is counted, a little later.
  await eventually("the last right", () => idle().length <= IDLE_HERE.length, { limitMs: 20_000 });
  assert.deepEqual(idle(), IDLE_HERE);
});
