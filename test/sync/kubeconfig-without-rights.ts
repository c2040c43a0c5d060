/** A kubeconfig whose user may do nothing. */
import type { ControlPlane } from "../ground/index.ts";

/** The text; its user is a service account that is made for it. */
export async function kubeconfigWithoutRights(cluster: ControlPlane): Promise<string> {
  const path = "/api/v1/namespaces/default/serviceaccounts";
  await cluster.request({ method: "POST", path, body: { metadata: { name: "powerless" } } });
  const { body } = await cluster.request({ method: "POST", path: `${path}/powerless/token`, body: { spec: {} } });
  const { token } = (body as { readonly status: { readonly token: string } }).status;
  const authority = Buffer.from(cluster.caPem).toString("base64");
  return JSON.stringify({
    clusters: [{ name: "it", cluster: { server: cluster.server, "certificate-authority-data": authority } }],
    users: [{ name: "it", user: { token } }],
    contexts: [{ name: "it", context: { cluster: "it", user: "it" } }],
    "current-context": "it",
  });
}
