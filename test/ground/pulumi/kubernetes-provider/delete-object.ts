/** Deletes an object and waits until it is gone; of a patch resource only its fields go. */
import { setTimeout as delay } from "node:timers/promises";
import { ApiError } from "./api-request.ts";
import { timeoutMsOf } from "./await-readiness.ts";
import { type ObjectReference, type Propagation, UnknownKindError } from "./cluster.ts";
import { annotationOf } from "./object-identity.ts";
import { type Properties, propertiesAt, stringAt } from "./property-values.ts";
import type { ProviderContext } from "./provider-options.ts";

const POLL_INTERVAL_MS = 100;

/** Succeeds when the object, or its kind, is gone already. @throws when it is still there at the end. */
export async function deleteObject(
  context: ProviderContext,
  urn: string,
  reference: ObjectReference,
  inputs: Properties,
  timeoutSeconds: number,
): Promise<void> {
  const { cluster, log, signal } = context;
  const deadline = Date.now() + timeoutMsOf(inputs, timeoutSeconds);
  try {
    const uid = uidOf(await cluster.get(reference));
    await cluster.delete(reference, propagationOf(inputs));
    let said = "";
    for (;;) {
      const left = await cluster.get(reference);
      if (uidOf(left) !== uid) return;
      const finalizers = JSON.stringify(propertiesAt(left, "metadata").finalizers ?? []);
      if (signal.aborted || Date.now() >= deadline) {
        throw new Error(
          `${reference.kind} ${reference.name} is still there after its deletion; finalizers: ${finalizers}`,
        );
      }
      if (finalizers !== said) log.status(`Waiting for the deletion; finalizers: ${finalizers}`, urn);
      said = finalizers;
      await delay(POLL_INTERVAL_MS);
    }
  } catch (error) {
    if (error instanceof UnknownKindError || (error instanceof ApiError && error.status === 404)) return;
    throw error;
  } finally {
    log.status("", urn);
  }
}

/**
 * Lets go of all fields of that manager; those that nobody else manages go.
 * @throws ApiError where a field must not be missing
 */
export async function relinquishFields(
  { cluster }: ProviderContext,
  { apiVersion, kind, namespace, name }: ObjectReference,
  fieldManager: string,
): Promise<void> {
  const metadata = { name, ...(namespace !== "" && { namespace }) };
  try {
    await cluster.get({ apiVersion, kind, namespace, name });
    await cluster.apply({ apiVersion, kind, metadata }, { fieldManager, force: false, dryRun: false });
  } catch (error) {
    if (error instanceof UnknownKindError || (error instanceof ApiError && error.status === 404)) return;
    throw error;
  }
}

function uidOf(object: Properties): string {
  return stringAt(propertiesAt(object, "metadata"), "uid");
}

/** By the annotation `pulumi.com/deletionPropagationPolicy`; "Foreground" as in the official provider. */
function propagationOf(inputs: Properties): Propagation {
  const policy = annotationOf(inputs, "pulumi.com/deletionPropagationPolicy").toLowerCase();
  return policy === "orphan" ? "Orphan" : policy === "background" ? "Background" : "Foreground";
}
