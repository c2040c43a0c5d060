/** What a policy sees of a resource: an object of external-secrets.io, whichever way the program made it, or a SyncedSecret. */
import type { ResourceValidationArgs } from "@pulumi/policy";
import { type Fields, fieldsAt, textOf } from "./loose-fields.ts";

/** An object of external-secrets.io, or a SyncedSecret, among a program's resources. */
export interface JudgedResource {
  /** `ExternalSecret`, `SecretStore`, … */
  readonly kind: string;
  /** Kind, namespace and name for messages: `ExternalSecret prod/database (resource "db")`. */
  readonly title: string;
  /** The Pulumi name. */
  readonly resourceName: string;
  /** `metadata.namespace`, where it is set and known. */
  readonly namespace: string | undefined;
  readonly spec: Fields;
}

/** Which a policy needs of Pulumi's arguments. */
export type JudgedArgs = Pick<ResourceValidationArgs, "type" | "name" | "urn" | "props" | "stackTags">;

/** `kubernetes:GROUP/VERSION:KIND`: of a CustomResource, of a YAML file's objects and of types that crd2pulumi makes. */
const TYPE = /^kubernetes:external-secrets\.io\/v1(?:alpha1|beta1)?:(\w+)$/;

/** Secrets that `pulumi up` writes itself, in both forms: they have the spec of an ExternalSecret. */
const SYNCED_SECRET = /^(?:external-secrets:index|pulumi-nodejs:dynamic\/external-secrets):(SyncedSecret)$/;

/** The object, or undefined where the resource is none of ours. */
export function judgedResource(args: JudgedArgs): JudgedResource | undefined {
  const kind = (TYPE.exec(args.type) ?? SYNCED_SECRET.exec(args.type))?.[1];
  if (kind === undefined) return undefined;
  const namespace = knownMetadata(args.props, "namespace");
  const name = knownMetadata(args.props, "name");
  const object = [namespace, name].filter((part) => part !== undefined).join("/");
  const title = object === "" ? `${kind} "${args.name}"` : `${kind} ${object} (resource "${args.name}")`;
  return { kind, title, resourceName: args.name, namespace, spec: fieldsAt(args.props, "spec") };
}

/** The stack's name, out of `urn:pulumi:STACK::PROJECT::…`. */
export function stackOf(urn: string): string {
  return /^urn:pulumi:(.*?)::/.exec(urn)?.[1] ?? "";
}

/** Where a kind keeps the spec of an ExternalSecret; undefined for kinds that have none. */
export function externalSecretSpec(resource: JudgedResource): { spec: Fields; path: string } | undefined {
  if (resource.kind === "ExternalSecret" || resource.kind === "SyncedSecret")
    return { spec: resource.spec, path: "spec" };
  if (resource.kind !== "ClusterExternalSecret") return undefined;
  return { spec: fieldsAt(resource.spec, "externalSecretSpec"), path: "spec.externalSecretSpec" };
}

/** A name that a preview does not know yet is left out of the message: reading it would end the judgement. */
function knownMetadata(props: unknown, field: "name" | "namespace"): string | undefined {
  const metadata = fieldsAt(props, "metadata");
  try {
    return textOf(metadata[field]);
  } catch (error) {
    // Pulumi's UnknownValueError, which its types do not export.
    if (error instanceof Error && "unknownTypeSentinel" in error) return undefined;
    throw error;
  }
}
