/** By what a cloud knows the tokens of a cluster's service accounts. */
import type { JsonWebKeySet } from "./azure/json-web-token.ts";
import type { ControlPlane } from "./control-plane.ts";

export interface ClusterIssuer {
  readonly issuer: string;
  readonly jwks: JsonWebKeySet;
}

/** As the API server itself tells them: the cluster's own issuer and keys. */
export async function clusterIssuer(controlPlane: ControlPlane): Promise<ClusterIssuer> {
  const { issuer } = await json<{ readonly issuer: string }>(controlPlane, "/.well-known/openid-configuration");
  return { issuer, jwks: await json<JsonWebKeySet>(controlPlane, "/openid/v1/jwks") };
}

async function json<T>(controlPlane: ControlPlane, path: string): Promise<T> {
  const { body } = await controlPlane.request({ path });
  // The key set has a media type of its own, so that it comes as text.
  return (typeof body === "string" ? JSON.parse(body) : body) as T;
}
