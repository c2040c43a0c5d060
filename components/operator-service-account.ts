/** The service account that the controller runs under, with the annotations of the clouds' workload identities. */
import { ServiceAccount } from "@pulumi/kubernetes/core/v1/serviceAccount.js";
import { all, type Input, type Output, output } from "@pulumi/pulumi";
import { definedFields } from "./defined-fields.ts";
import type { ServiceAccountArgs } from "./operator-access-args.ts";
import { mergedMap, metadataOf, type OperatorParts, type StringMap } from "./operator-parts.ts";

/** The identity, as the Deployment needs it. */
export interface OperatorServiceAccount {
  readonly name: Output<string>;
  readonly podLabels: StringMap | undefined;
}

/** @throws Error where it is not to be created and has no name. */
export function operatorServiceAccount(parts: OperatorParts, args: ServiceAccountArgs = {}): OperatorServiceAccount {
  const podLabels = args.azureWorkloadIdentity === undefined ? undefined : { "azure.workload.identity/use": "true" };
  if (args.create === false) {
    if (args.name !== undefined) return { name: output(args.name), podLabels };
    throw new Error(
      `ExternalSecretsOperator "${parts.name}": serviceAccount.create is false and serviceAccount.name is not set; name the service account that is there`,
    );
  }
  const { namespace, fullname } = parts;
  const metadata = {
    ...metadataOf(parts, "", { namespace, labels: args.extraLabels, annotations: annotationsOf(args) }),
    name: args.name ?? fullname,
  };
  const automount = args.automount === undefined ? {} : { automountServiceAccountToken: args.automount };
  const account = new ServiceAccount(parts.name, { metadata, ...automount }, parts.child);
  return { name: account.metadata.name, podLabels };
}

function annotationsOf({
  irsa,
  gkeWorkloadIdentity,
  azureWorkloadIdentity,
  annotations,
}: ServiceAccountArgs): StringMap | undefined {
  const identities = definedFields<Record<string, Input<string>>>({
    "eks.amazonaws.com/role-arn": irsa?.roleArn,
    "eks.amazonaws.com/audience": irsa?.audience,
    "eks.amazonaws.com/token-expiration":
      irsa?.tokenExpirationSeconds === undefined
        ? undefined
        : all([irsa.tokenExpirationSeconds]).apply(([seconds]) => String(seconds)),
    "iam.gke.io/gcp-service-account": gkeWorkloadIdentity?.serviceAccount,
    "azure.workload.identity/client-id": azureWorkloadIdentity?.clientId,
    "azure.workload.identity/tenant-id": azureWorkloadIdentity?.tenantId,
  });
  if (Object.keys(identities).length === 0) return annotations;
  return mergedMap(identities, annotations);
}
