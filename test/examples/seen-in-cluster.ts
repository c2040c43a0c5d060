/** What tests of examples look at in the cluster. */
import { objectAt, secretPath } from "../e2e/cluster-objects.ts";
import type { ControlPlane } from "../ground/index.ts";

/** The values of a Secret, as text; `undefined` where there is no such Secret. */
export async function secretValues(
  controlPlane: ControlPlane,
  namespace: string,
  name: string,
): Promise<Readonly<Record<string, string>> | undefined> {
  const secret = await objectAt(controlPlane, secretPath(name, namespace));
  if (secret === undefined) return undefined;
  const entries = Object.entries(secret.data ?? {});
  return Object.fromEntries(entries.map(([key, value]) => [key, Buffer.from(value, "base64").toString()]));
}

/** What somebody wants to do. */
export interface Access {
  readonly verb: string;
  readonly resource: string;
  readonly subresource?: string;
  readonly namespace: string;
  readonly name?: string;
}

/** Whether the API server would let the controller of the examples do it. */
export async function controllerMay(controlPlane: ControlPlane, access: Access): Promise<boolean> {
  const user = "system:serviceaccount:external-secrets:external-secrets";
  const { body } = await controlPlane.request({
    method: "POST",
    path: "/apis/authorization.k8s.io/v1/subjectaccessreviews",
    body: { spec: { user, resourceAttributes: access } },
  });
  return (body as { readonly status: { readonly allowed: boolean } }).status.allowed;
}

/** The annotations of a Deployment's Pods. */
export async function podTemplateAnnotations(
  controlPlane: ControlPlane,
  namespace: string,
  name: string,
): Promise<Readonly<Record<string, string>>> {
  const { body } = await controlPlane.request({ path: `/apis/apps/v1/namespaces/${namespace}/deployments/${name}` });
  const { spec } = body as {
    readonly spec: { readonly template: { readonly metadata: { readonly annotations?: Record<string, string> } } };
  };
  return spec.template.metadata.annotations ?? {};
}
