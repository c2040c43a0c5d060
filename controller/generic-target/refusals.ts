/** What the API server refuses about targets of other kinds, in words that name the remedy. */
import { TargetForbidden, TargetRejected } from "../external-secret/problems.ts";
import type { ResourceType } from "../kube/contracts.ts";
import { isForbidden, KubeApiError } from "../kube/kube-api-error.ts";
import type { DesiredTarget } from "./desired-target.ts";

/** @throws TargetForbidden, which says what to grant, where the API server refuses the call */
export async function permitted<T>({ group, plural }: ResourceType, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (!isForbidden(error)) throw error;
    const resource = group === "" ? plural : `${plural}.${group}`;
    throw new TargetForbidden(`the API server forbids the controller to read or write ${resource}`, {
      field: "spec.target.manifest",
      remedy: `grant its service account get, list, watch, create, patch and delete on ${resource}, or see which admission policy refuses`,
      cause: error,
    });
  }
}

/**
 * A server-side apply of fields that the schema does not have is a 500 to the API server, whose text may quote values.
 * @throws TargetRejected, which names the fields
 */
export async function fitting<T>({ kind, body }: DesiredTarget, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (!(error instanceof KubeApiError) || (error.status !== 500 && error.status !== 400)) throw error;
    const fields = Object.keys(body).join(", ");
    throw new TargetRejected(`the API server cannot apply the rendered ${kind} (${error.reason})`, {
      field: "spec.target.template",
      remedy: `see that the schema of ${kind} has all that the templates write under ${fields}`,
      cause: error,
    });
  }
}
