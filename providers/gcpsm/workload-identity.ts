/** GKE workload identity: a service account's token for one of Google's, by the cluster's own identity pool. */
import type { GcpSmProviderSpec } from "../../api/stores/gcpsm.ts";
import type { StoreContext } from "../contract.ts";
import { type AuthTools, fetchToken, impersonate, SCOPE } from "./auth-calls.ts";
import type { GoogleToken } from "./google-token.ts";
import { readMetadata } from "./metadata-server.ts";

type WorkloadIdentity = NonNullable<NonNullable<GcpSmProviderSpec["auth"]>["workloadIdentity"]>;

/** Names the Google service account to act as. */
export const ACCOUNT_ANNOTATION = "iam.gke.io/gcp-service-account";

/** Kubernetes issues none shorter than ten minutes; it is used once, at once. */
export const SUBJECT_TOKEN_SECONDS = 900;

/** What the store says, and where it says so: `spec.provider.gcpsm.auth.workloadIdentity`. */
export interface WorkloadIdentityBlock {
  readonly spec: WorkloadIdentity;
  readonly block: string;
}

/** As whom a ServiceAccount acts. */
export interface ActingIdentity {
  readonly token: GoogleToken;
  /** The account that the annotation names; unset: the ServiceAccount acts as itself. */
  readonly account: string | undefined;
}

/**
 * A token of the account that the ServiceAccount's annotation names, or without one of the ServiceAccount itself as a
 * principal of the pool.
 */
export async function workloadIdentityToken(
  tools: AuthTools,
  context: StoreContext,
  where: WorkloadIdentityBlock,
  signal: AbortSignal,
): Promise<ActingIdentity> {
  const { block } = where;
  const { serviceAccountRef } = where.spec;
  const field = `${block}.serviceAccountRef`;
  const annotations = await context.readServiceAccountAnnotations(serviceAccountRef, field, signal);
  const { pool, provider } = await clusterOf(tools, where, signal);
  const subject = await context.requestToken(
    serviceAccountRef,
    { defaultAudiences: [pool], expirationSeconds: SUBJECT_TOKEN_SECONDS, field },
    signal,
  );
  const bound = await fetchToken(
    tools,
    {
      service: "GKE's token service",
      name: "GenerateIDBindToken",
      url: `${tools.endpoints.secureToken}/v1/identitybindingtoken`,
      isJson: true,
      parameters: {
        grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
        subject_token_type: "urn:ietf:params:oauth:token-type:jwt",
        requested_token_type: "urn:ietf:params:oauth:token-type:access_token",
        subject_token: subject.token,
        audience: `identitynamespace:${pool}:${provider}`,
        scope: SCOPE,
      },
      field,
      remedy: `enable workload identity on the cluster, and correct clusterProjectID, clusterLocation and clusterName of ${block}`,
    },
    signal,
  );
  const account = annotations[ACCOUNT_ANNOTATION] || undefined;
  const token = account === undefined ? bound : await impersonate(tools, bound, { account, field }, signal);
  return { token, account };
}

/** The cluster's identity pool and provider, as GKE names them. */
async function clusterOf(tools: AuthTools, { spec, block }: WorkloadIdentityBlock, signal: AbortSignal) {
  const ask = (what: Parameters<typeof readMetadata>[1], name: string) =>
    readMetadata(tools, what, `${block}.${name}`, signal);
  const project = spec.clusterProjectID || (await ask("project", "clusterProjectID"));
  const location = spec.clusterLocation || (await ask("cluster-location", "clusterLocation"));
  const name = spec.clusterName || (await ask("cluster-name", "clusterName"));
  return {
    pool: `${project}.svc.id.goog`,
    provider: `https://container.googleapis.com/v1/projects/${project}/locations/${location}/clusters/${name}`,
  };
}
