/** What is remembered of a target that is no Secret: all that shows drift and ownership, and no value. */
import { createHash } from "node:crypto";
import { contentHashOf } from "../../engine/content-hash.ts";
import type { KubeObject, ObjectMeta } from "../kube/contracts.ts";

/** An object without its content. */
export interface TargetRecord {
  readonly metadata: ObjectMeta;
  /** As ESO computes it, to be held against the annotation `data-hash`. */
  readonly contentHash: string;
  /** Of all that is neither metadata nor status. */
  readonly bodyHash: string;
}

/** Computes the hashes and drops the content. */
export function targetRecordOf(
  object: KubeObject & { readonly spec?: unknown; readonly data?: unknown },
): TargetRecord {
  const { name, namespace = "", uid = "", resourceVersion = "", labels = {}, annotations = {} } = object.metadata;
  const { ownerReferences = [] } = object.metadata;
  return {
    metadata: { name, namespace, uid, resourceVersion, labels, annotations, ownerReferences },
    contentHash: contentHashOf(object),
    bodyHash: bodyHashOf(object),
  };
}

function bodyHashOf(object: KubeObject & { readonly status?: unknown }): string {
  const { apiVersion: _apiVersion, kind: _kind, metadata: _metadata, status: _status, ...body } = object;
  return createHash("sha256").update(JSON.stringify(body)).digest("base64");
}
