/** A real API server behind a proxy that can fail, as worlds of the contract suite. */
import type { KubernetesProviderSpec } from "../../api/stores/kubernetes.ts";
import { createKubernetesBackend } from "../../providers/kubernetes/index.ts";
import { type ControlPlane, startControlPlane } from "../ground/index.ts";
import type { ContractFaults, ContractWorld, OpenOptions } from "./definition.ts";
import { type FaultProxy, startFaultProxy } from "./fault-proxy.ts";
import { createStoreContext, type Surroundings } from "./store-context.ts";

type Access = NonNullable<OpenOptions["access"]>;

/** How a store names the credentials of a service account, and where they are. `token` is one of that account. */
export interface KubernetesAccess {
  readonly spec: (server: string, access: Access) => KubernetesProviderSpec;
  readonly surroundings: (server: string, access: Access, token: string) => Surroundings;
}

/** The namespace of the Secrets and of the service accounts `all` and `none`. */
const NAMESPACE = "remote";

/** The ways to log in that go over a proxy; a client certificate does not. */
export const kubernetesAccess = {
  "token of a service account": {
    spec: (url, access) => ({
      server: { url },
      remoteNamespace: NAMESPACE,
      auth: { serviceAccount: { name: access } },
    }),
    surroundings: (_server, _access, token) => ({ issueToken: () => token }),
  },
  "token in a Secret": {
    spec: (url) => ({
      server: { url },
      remoteNamespace: NAMESPACE,
      auth: { token: { bearerToken: { name: "user" } } },
    }),
    surroundings: (_server, _access, token) => ({ secrets: { "user/token": `${token}\n` } }),
  },
  kubeconfig: {
    spec: () => ({ remoteNamespace: NAMESPACE, authRef: { name: "cluster", key: "config" } }),
    surroundings: (server, access, token) => ({ secrets: { "cluster/config": kubeconfig(server, access, token) } }),
  },
} satisfies Readonly<Record<string, KubernetesAccess>>;

/** Starts an API server with two service accounts, and hands out clients that reach it through the proxy. */
export async function startKubernetesWorld(access: KubernetesAccess): Promise<ContractWorld> {
  const cluster = await startControlPlane({ controllerManager: false });
  const proxy = await startFaultProxy(cluster.server, cluster.caPem);
  const tokens = await prepareAccounts(cluster);
  const backend = createKubernetesBackend({ random: () => 0.5 });
  return {
    credentials: Object.values(tokens),
    faults: kubernetesFaults(proxy),
    open({ clock, requestTimeoutMs, access: granted = "all" }: OpenOptions = {}) {
      const context = createStoreContext({
        ...access.surroundings(proxy.address, granted, tokens[granted]),
        ...(clock && { clock }),
        ...(requestTimeoutMs && { requestTimeoutMs }),
      });
      return backend.open(access.spec(proxy.address, granted), context, AbortSignal.timeout(10_000));
    },
    put: (key, value, labels) => putSecret(cluster, key, value, labels),
    delete: async (key) => void (await cluster.request({ method: "DELETE", path: `${SECRETS}/${key}` })),
    async stop() {
      await proxy.stop();
      await cluster.stop();
    },
  };
}

const SECRETS = `/api/v1/namespaces/${NAMESPACE}/secrets`;

/** As `kubectl create secret` would; values that are no texts as JSON. */
async function putSecret(
  cluster: ControlPlane,
  name: string,
  value: Uint8Array,
  labels: Readonly<Record<string, string>> = {},
): Promise<void> {
  const members = Object.entries(JSON.parse(new TextDecoder().decode(value)) as Readonly<Record<string, unknown>>);
  const textOf = (member: unknown) => (typeof member === "string" ? member : JSON.stringify(member));
  const stringData = Object.fromEntries(members.map(([key, member]) => [key, member === null ? "" : textOf(member)]));
  const body = { metadata: { name, labels }, stringData };
  await cluster.request({ method: "DELETE", path: `${SECRETS}/${name}` });
  await expectStatus(201, cluster.request({ method: "POST", path: SECRETS, body }));
}

/** `all` may do everything with the Secrets of the namespace, `none` nothing. */
async function prepareAccounts(cluster: ControlPlane): Promise<Readonly<Record<Access, string>>> {
  const create = (path: string, body: unknown) => expectStatus(201, cluster.request({ method: "POST", path, body }));
  const rbac = `/apis/rbac.authorization.k8s.io/v1/namespaces/${NAMESPACE}`;
  await create("/api/v1/namespaces", { metadata: { name: NAMESPACE } });
  await create(`${rbac}/roles`, {
    metadata: { name: "all" },
    rules: [{ apiGroups: [""], resources: ["secrets"], verbs: ["get", "list", "create", "update", "delete"] }],
  });
  await create(`${rbac}/rolebindings`, {
    metadata: { name: "all" },
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: "all" },
    subjects: [{ kind: "ServiceAccount", name: "all", namespace: NAMESPACE }],
  });
  return { all: await createAccount(create, "all"), none: await createAccount(create, "none") };
}

async function createAccount(create: (path: string, body: unknown) => Promise<unknown>, name: string): Promise<string> {
  const accounts = `/api/v1/namespaces/${NAMESPACE}/serviceaccounts`;
  await create(accounts, { metadata: { name } });
  const issued = await create(`${accounts}/${name}/token`, { spec: { expirationSeconds: 3_600 } });
  return (issued as { readonly status: { readonly token: string } }).status.token;
}

async function expectStatus(status: number, answer: ReturnType<ControlPlane["request"]>): Promise<unknown> {
  const { status: answered, body } = await answer;
  if (answered !== status) throw new Error(`the API server answers ${answered}: ${JSON.stringify(body)}`);
  return body;
}

function kubeconfig(server: string, name: string, token: string): string {
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    "current-context": name,
    contexts: [{ name, context: { cluster: "remote", user: name } }],
    clusters: [{ name: "remote", cluster: { server } }],
    users: [{ name, user: { token } }],
  });
}

function kubernetesFaults(proxy: FaultProxy): ContractFaults {
  const status = (code: number, reason: string) => ({
    status: code,
    body: JSON.stringify({ kind: "Status", apiVersion: "v1", status: "Failure", reason, code }),
  });
  return {
    throttle: (count, seconds) =>
      proxy.failNext({
        ...status(429, "TooManyRequests"),
        count,
        ...(seconds === undefined ? {} : { headers: { "retry-after": String(seconds) } }),
      }),
    breakDown: (count) => proxy.failNext({ ...status(500, "InternalError"), count }),
    garble: (count) => proxy.failNext({ status: 200, count, body: "<html>welcome</html>" }),
    misroute: (count) => proxy.failNext({ status: 404, count, body: "404 page not found\n" }),
    hang: () => proxy.hang(),
    disconnect: () => proxy.down(),
    async heal() {
      proxy.heal();
      await proxy.up();
    },
  };
}
