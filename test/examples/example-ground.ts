/** What examples need around them: a cluster whose controller Pods run, and a Vault that logs in the cluster's service accounts. */
import { type ControlPlane, startControlPlane, startVault, type Vault } from "../ground/index.ts";
import { type ControllerPods, runControllerPods } from "./controller-pods.ts";

export interface ExampleGround {
  readonly controlPlane: ControlPlane;
  readonly pods: ControllerPods;
  readonly vault: Vault;
  stop(): Promise<void>;
}

/** Makes a service account that may review tokens, and gives a token of it. */
async function reviewerToken(controlPlane: ControlPlane): Promise<string> {
  const accounts = "/api/v1/namespaces/kube-system/serviceaccounts";
  await controlPlane.request({ method: "POST", path: accounts, body: { metadata: { name: "vault" } } });
  await controlPlane.request({
    method: "POST",
    path: "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings",
    body: {
      metadata: { name: "vault" },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "system:auth-delegator" },
      subjects: [{ kind: "ServiceAccount", name: "vault", namespace: "kube-system" }],
    },
  });
  const body = { spec: { expirationSeconds: 3600 } };
  const answer = await controlPlane.request({ method: "POST", path: `${accounts}/vault/token`, body });
  return (answer.body as { readonly status: { readonly token: string } }).status.token;
}

/** `env` is added to the controller's variables: addresses of emulators. */
export async function startExampleGround(env: Readonly<Record<string, string>> = {}): Promise<ExampleGround> {
  const controlPlane = await startControlPlane();
  try {
    const vault = await startVault({ plugins: true });
    const pods = await runControllerPods(controlPlane, env);
    await vault.write("sys/auth/kubernetes", { type: "kubernetes" });
    await vault.write("auth/kubernetes/config", {
      kubernetes_host: controlPlane.server,
      kubernetes_ca_cert: controlPlane.caPem,
      token_reviewer_jwt: await reviewerToken(controlPlane),
    });
    return {
      controlPlane,
      pods,
      vault,
      async stop() {
        await pods.stop();
        await vault.stop();
        await controlPlane.stop();
      },
    };
  } catch (error) {
    await controlPlane.stop();
    throw error;
  }
}
