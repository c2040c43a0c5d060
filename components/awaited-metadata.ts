/** Metadata of a resource that Pulumi waits for until its condition Ready is True. */
import type { types } from "@pulumi/kubernetes";
import { type Input, type Output, output } from "@pulumi/pulumi";

type ObjectMeta = types.input.meta.v1.ObjectMeta;

/**
 * Adds the annotation by which the Kubernetes provider waits (`pulumi.com/waitFor: condition=Ready`), or, with `skipAwait`,
 * the one by which it does not. An annotation that the user set stays.
 */
export function awaitedMetadata(metadata: Input<ObjectMeta> | undefined, skipAwait: boolean): Output<ObjectMeta> {
  const waiting: Record<string, string> = skipAwait
    ? { "pulumi.com/skipAwait": "true" }
    : { "pulumi.com/waitFor": "condition=Ready" };
  return output(metadata ?? {}).apply((given) => ({ ...given, annotations: { ...waiting, ...given.annotations } }));
}
