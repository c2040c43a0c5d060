/** Tokens of a real API server's service accounts, for stores that log in with them. */
import type { ControlPlane } from "../ground/index.ts";

/** Makes the service account in the namespace `default`, unless it is there, and returns a token of it that lives ten minutes. */
export async function serviceAccountToken(
  cluster: ControlPlane,
  name: string,
  audiences?: readonly string[],
): Promise<string> {
  const base = "/api/v1/namespaces/default/serviceaccounts";
  await cluster.request({ method: "POST", path: base, body: { metadata: { name } } });
  const spec = { expirationSeconds: 600, ...(audiences === undefined ? {} : { audiences }) };
  const { status, body } = await cluster.request({ method: "POST", path: `${base}/${name}/token`, body: { spec } });
  if (status !== 201) throw new Error(`the API server answers ${status} to the token request for "${name}"`);
  return (body as { readonly status: { readonly token: string } }).status.token;
}
