/** What is wrong with a `gcpsm` block, without any I/O. */
import type { GcpSmProviderSpec } from "../../api/stores/gcpsm.ts";
import type { KeySelector, StoreIdentity } from "../contract.ts";
import { LOCATION } from "./endpoints.ts";

const BLOCK = "spec.provider.gcpsm";
const PROJECT = /^(?:[a-z0-9.-]+:)?[a-z0-9-]{1,63}$/;
const POLICIES = ["LatestOrFail", "LatestOrFetch"];

/** One line for each defect, each with the field and the remedy. */
export function checkGcpSmSpec(spec: GcpSmProviderSpec, store: StoreIdentity): readonly string[] {
  return [...placeErrors(spec), ...authErrors(spec), ...namespaceErrors(spec, store)];
}

function* placeErrors({
  projectID,
  location,
  secretVersionSelectionPolicy: policy,
}: GcpSmProviderSpec): Iterable<string> {
  if (projectID && !PROJECT.test(projectID)) {
    yield `${BLOCK}.projectID: ${JSON.stringify(projectID)} is no project's id; write it as my-project-123`;
  }
  if (location && !LOCATION.test(location)) {
    yield `${BLOCK}.location: ${JSON.stringify(location)} is no location; name one, such as europe-west3`;
  }
  if (policy && !POLICIES.includes(policy)) {
    yield `${BLOCK}.secretVersionSelectionPolicy: ${JSON.stringify(policy)} is unknown; use one of ${POLICIES.join(", ")}`;
  }
}

function* authErrors({ auth }: GcpSmProviderSpec): Iterable<string> {
  if (auth?.secretRef !== undefined && auth.secretRef.secretAccessKeySecretRef === undefined) {
    yield `${BLOCK}.auth.secretRef.secretAccessKeySecretRef: is missing; name the Secret and the key that hold it`;
  }
  const federation = auth?.workloadIdentityFederation;
  if (federation === undefined) return;
  const field = `${BLOCK}.auth.workloadIdentityFederation`;
  const { credConfig, awsSecurityCredentials, serviceAccountRef, audience } = federation;
  const given = [credConfig, awsSecurityCredentials, serviceAccountRef].filter((way) => way !== undefined);
  if (given.length !== 1) {
    yield `${field}: exactly one of credConfig, awsSecurityCredentials or serviceAccountRef must be provided; set one`;
  }
  if ((serviceAccountRef !== undefined || awsSecurityCredentials !== undefined) && !audience) {
    yield `${field}.audience: audience must be provided, when serviceAccountRef or awsSecurityCredentials is provided; set it`;
  }
}

/** A SecretStore may name no namespace but its own in any reference. */
function namespaceErrors({ auth }: GcpSmProviderSpec, store: StoreIdentity): readonly string[] {
  if (store.kind === "ClusterSecretStore") return [];
  const federation = auth?.workloadIdentityFederation;
  const references: Readonly<Record<string, KeySelector | undefined>> = {
    "secretRef.secretAccessKeySecretRef": auth?.secretRef?.secretAccessKeySecretRef,
    "workloadIdentity.serviceAccountRef": auth?.workloadIdentity?.serviceAccountRef,
    "workloadIdentityFederation.credConfig": federation?.credConfig,
    "workloadIdentityFederation.serviceAccountRef": federation?.serviceAccountRef,
    "workloadIdentityFederation.awsSecurityCredentials.awsCredentialsSecretRef":
      federation?.awsSecurityCredentials?.awsCredentialsSecretRef,
  };
  return Object.entries(references).flatMap(([field, reference]) =>
    reference?.namespace === undefined || reference.namespace === store.namespace
      ? []
      : [
          `${BLOCK}.auth.${field}.namespace: namespace should either be empty or match the namespace of the SecretStore; remove it`,
        ],
  );
}
