/** Creates and updates objects by server-side apply. */
import { randomBytes } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { ApiError } from "./api-request.ts";
import { awaitReadiness, timeoutMsOf } from "./await-readiness.ts";
import { referenceTo, UnknownKindError } from "./cluster.ts";
import { annotationOf, isAnnotated, isPatchResource } from "./object-identity.ts";
import { objectFromInputs, withMetadata } from "./object-inputs.ts";
import { containsUnknown, type Properties, propertiesAt, UNKNOWN } from "./property-values.ts";
import type { ProviderContext } from "./provider-options.ts";

/** How long a create waits for a definition or a namespace that is made at the same time. */
const MISSING_PARENT_PATIENCE_MS = 10_000;
const MISSING_PARENT_INTERVAL_MS = 300;

export interface ApplyRequest {
  readonly urn: string;
  readonly inputs: Properties;
  /** Of the resource's options; 0 when unset. */
  readonly timeoutSeconds: number;
}

/** The manager of the fields of a resource that has none yet. */
export function newFieldManager(inputs: Properties): string {
  return managerByAnnotation(inputs) || `pulumi-kubernetes-${randomBytes(4).toString("hex")}`;
}

export function managerByAnnotation(inputs: Properties): string {
  return annotationOf(objectFromInputs(inputs), "pulumi.com/patchFieldManager");
}

/** @throws NotReadyError, ApiError, UnknownKindError; an Error when the object exists already, unless the resource is a patch. */
export async function createObject(context: ProviderContext, request: ApplyRequest, fieldManager: string) {
  const object = await withPossibleNamespace(context, objectFromInputs(request.inputs));
  if (!isPatchResource(request.urn, object)) await refuseExisting(context, object);
  const applied = await withPatience(context, request.urn, () => apply(context, object, fieldManager, false));
  return awaitReadiness(context, request.urn, applied, object, timeoutMsOf(object, request.timeoutSeconds));
}

/** @throws NotReadyError, ApiError, UnknownKindError. */
export async function updateObject(context: ProviderContext, request: ApplyRequest, fieldManager: string) {
  const object = await withPossibleNamespace(context, objectFromInputs(request.inputs));
  const applied = await apply(context, object, fieldManager, false);
  return awaitReadiness(context, request.urn, applied, object, timeoutMsOf(object, request.timeoutSeconds));
}

/**
 * What the object would become, by a dry run on the server; `undefined` where that can't be said: unknown inputs, a kind
 * or namespace that does not exist yet, an object that is in the way, no permission.
 * @throws ApiError when the server refuses the object.
 */
export async function previewObject(
  context: ProviderContext,
  inputs: Properties,
  fieldManager: string,
  isCreate: boolean,
): Promise<Properties | undefined> {
  const object = await withPossibleNamespace(context, objectFromInputs(inputs));
  if (containsUnknown(object)) return undefined;
  try {
    if (isCreate && (await exists(context, object))) return undefined;
    const { status, ...previewed } = await apply(context, object, fieldManager, true);
    return isCreate ? withUnknownServerFields(previewed) : { ...previewed, ...(status !== undefined && { status }) };
  } catch (error) {
    if (error instanceof UnknownKindError) return undefined;
    if (error instanceof ApiError && (error.status === 404 || error.status === 403)) return undefined;
    throw error;
  }
}

async function apply(context: ProviderContext, object: Properties, fieldManager: string, dryRun: boolean) {
  const force = context.options.patchForce || isAnnotated(object, "pulumi.com/patchForce");
  try {
    return await context.cluster.apply(object, { fieldManager, force, dryRun });
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 409) throw error;
    throw new Error(
      `server-side apply field conflict detected: another manager owns fields of this object. Leave these fields out, or ` +
        `annotate the resource with pulumi.com/patchForce: "true" to take them over. ` +
        `The resource managed by field manager "${fieldManager}" had an apply conflict: ${error.message}`,
      { cause: error },
    );
  }
}

async function refuseExisting(context: ProviderContext, object: Properties): Promise<void> {
  if (context.options.upsertExistingObjects || !(await exists(context, object))) return;
  const { kind, namespace, name } = referenceTo(object);
  throw new Error(
    `${kind} ${namespace && `${namespace}/`}${name} already exists in the cluster: import it with \`pulumi import\`, give ` +
      `this one another metadata.name, or set upsertExistingObjects on the provider to take it over`,
  );
}

async function exists({ cluster }: ProviderContext, object: Properties): Promise<boolean> {
  try {
    await cluster.get(referenceTo(object));
    return true;
  } catch (error) {
    if (error instanceof UnknownKindError || (error instanceof ApiError && error.status === 404)) return false;
    throw error;
  }
}

async function withPatience<T>({ log, signal }: ProviderContext, urn: string, attempt: () => Promise<T>): Promise<T> {
  const deadline = Date.now() + MISSING_PARENT_PATIENCE_MS;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      const isMissing = error instanceof UnknownKindError || (error instanceof ApiError && error.status === 404);
      if (!isMissing || signal.aborted || Date.now() >= deadline) throw error;
      log.status(`Trying again: ${error.message}`, urn);
      await delay(MISSING_PARENT_INTERVAL_MS);
    }
  }
}

/** Takes the namespace from an object whose kind has none; the inputs of a kind unknown at first may name one. */
async function withPossibleNamespace({ cluster }: ProviderContext, object: Properties): Promise<Properties> {
  const { apiVersion, kind } = referenceTo(object);
  const served = await cluster.findKind(apiVersion, kind);
  if (served === undefined || served.namespaced) return object;
  const { namespace: _none, ...metadata } = propertiesAt(object, "metadata");
  return withMetadata(object, metadata);
}

/** A dry run invents these; the real ones come with the real object. */
function withUnknownServerFields(object: Properties): Properties {
  const { managedFields: _unused, ...metadata } = propertiesAt(object, "metadata");
  const unknown = { uid: UNKNOWN, resourceVersion: UNKNOWN, creationTimestamp: UNKNOWN };
  return withMetadata(object, { ...metadata, ...unknown });
}
