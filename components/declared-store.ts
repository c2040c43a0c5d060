/** Tells a store's operator of the store, and makes the store wait for it. */
import type { types } from "@pulumi/kubernetes";
import { type CustomResourceOptions, type Input, mergeOptions, Output, output, type Resource } from "@pulumi/pulumi";
import type { StoreDeclaration } from "./operator-scope.ts";

type ObjectMeta = types.input.meta.v1.ObjectMeta;

/** What `operator` of a store takes: an `ExternalSecretsOperator`. */
export interface StoreOperator extends Resource {
  /** Hears of each store that names it, once, when the store is constructed. */
  declareStore(store: StoreDeclaration): void;
}

interface DeclaredStoreArgs {
  readonly operator?: StoreOperator | undefined;
  readonly metadata?: Input<ObjectMeta> | undefined;
  readonly spec: unknown;
}

/**
 * The options with a dependency on the operator, which hears of the store; the options as they are where none is named.
 * @throws Error of the operator, where it does not serve the store.
 */
export function optionsWithOperator(
  kind: StoreDeclaration["kind"],
  name: string,
  { operator, metadata, spec }: DeclaredStoreArgs,
  options: CustomResourceOptions | undefined,
): CustomResourceOptions | undefined {
  if (operator === undefined) return options;
  operator.declareStore({ kind, name, namespace: namespaceOf(metadata), spec });
  return mergeOptions(options, { dependsOn: operator });
}

/** Undefined where it is known to be unset; "" where that turns out later. */
function namespaceOf(metadata: Input<ObjectMeta> | undefined): Input<string> | undefined {
  if (metadata === undefined) return undefined;
  if (Output.isInstance(metadata) || metadata instanceof Promise) {
    return output(metadata).apply(({ namespace }) => namespace ?? "");
  }
  const { namespace } = metadata;
  return namespace === undefined ? undefined : output(namespace).apply((name) => name ?? "");
}
