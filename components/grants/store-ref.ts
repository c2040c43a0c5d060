/** References to stores that know whose grants they need: what ties an ExternalSecret to its store's policy. */
import type { Output } from "@pulumi/pulumi";
import type { DeclarationRegistry } from "./declarations.ts";

/** What `spec.secretStoreRef` of an ExternalSecret takes. */
export interface StoreRef {
  readonly kind: "SecretStore" | "ClusterSecretStore";
  readonly name: Output<string>;
}

/** Shared between copies of this package in one program. */
const GRANTS = Symbol.for("pulumi-external-secrets.grants");

/**
 * A reference for a store's `ref`, tagged with the store's declarations. The `name` carries the tag, too, so that
 * `{ name: store.ref.name, kind: store.ref.kind }` registers as well. A program that wraps the reference
 * (`output(store.ref)`) loses it; `store` of an ExternalSecret's arguments does not.
 */
export function taggedRef(
  kind: StoreRef["kind"],
  name: Output<string>,
  declarations: DeclarationRegistry | undefined,
): StoreRef {
  if (declarations === undefined) return { kind, name };
  // An Output of our own, which nobody else holds.
  const own = name.apply((resolved) => resolved);
  Object.defineProperty(own, GRANTS, { value: declarations });
  return Object.defineProperty({ kind, name: own }, GRANTS, { value: declarations });
}

/** The declarations that a reference is tagged with; undefined for any other value. Resolves nothing. */
export function grantsOf(ref: unknown): DeclarationRegistry | undefined {
  if (!isObject(ref)) return undefined;
  const own = taggedWith(ref);
  if (own !== undefined) return own;
  const name = Object.getOwnPropertyDescriptor(ref, "name")?.value;
  return isObject(name) ? taggedWith(name) : undefined;
}

function taggedWith(tagged: object): DeclarationRegistry | undefined {
  const descriptor = Object.getOwnPropertyDescriptor(tagged, GRANTS);
  return descriptor === undefined ? undefined : (descriptor.value as DeclarationRegistry);
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
