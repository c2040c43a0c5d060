/** Keeps a resource that a program registered with an earlier API version. */
import type { CustomResourceOptions } from "@pulumi/pulumi";

/** Options by which Pulumi takes a `v1beta1` resource of the same name, also a bare `CustomResource`, for the same one. */
export function earlierVersions(kind: string): CustomResourceOptions {
  return { aliases: [{ type: `kubernetes:external-secrets.io/v1beta1:${kind}` }] };
}
