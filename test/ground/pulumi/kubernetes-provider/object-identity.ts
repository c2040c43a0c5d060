/** Which object a resource stands for: its kind, its name, its id. */
import { createHash } from "node:crypto";
import { type Properties, propertiesAt, stringAt } from "./property-values.ts";

export const AUTONAMED = "pulumi.com/autonamed";

/** `namespace/name`, or `name` of objects without namespace. */
export function idOf(object: Properties): string {
  const metadata = propertiesAt(object, "metadata");
  const namespace = stringAt(metadata, "namespace");
  return namespace === "" ? stringAt(metadata, "name") : `${namespace}/${stringAt(metadata, "name")}`;
}

export function parseId(id: string): { readonly namespace: string; readonly name: string } {
  const slash = id.indexOf("/");
  return { namespace: id.slice(0, Math.max(slash, 0)), name: id.slice(slash + 1) };
}

/** The kind that a type token such as `kubernetes:core/v1:Secret` names. */
export function kindFromType(type: string): { readonly apiVersion: string; readonly kind: string } {
  const [, apiVersion = "", kind = ""] = type.split(":");
  return { apiVersion: apiVersion.replace(/^core\//, ""), kind };
}

/** The last part of a URN: the name that the program gave the resource. */
export function nameFromUrn(urn: string): string {
  return urn.split("::").slice(3).join("::");
}

export function typeFromUrn(urn: string): string {
  return (urn.split("::")[2] ?? "").split("$").at(-1) ?? "";
}

/** Whether the resource is one such as `NamespacePatch`, which manages fields of an object that it does not own. */
export function isPatchResource(urn: string, inputs: Properties): boolean {
  const kind = stringAt(inputs, "kind");
  return kind !== "" && kindFromType(typeFromUrn(urn)).kind === `${kind}Patch`;
}

/** `NAME-` and 8 hexadecimal digits that follow from the seed. */
export function automaticName(urn: string, randomSeed: Uint8Array): string {
  const digest = createHash("sha256").update(urn).update(randomSeed).digest("hex");
  return `${nameFromUrn(urn).toLowerCase()}-${digest.slice(0, 8)}`;
}

export function annotationOf(object: Properties, name: string): string {
  return stringAt(propertiesAt(propertiesAt(object, "metadata"), "annotations"), name);
}

export function isAnnotated(object: Properties, name: string): boolean {
  return annotationOf(object, name) === "true";
}
