/** What a case expects of a Secret. */
import { isDeepStrictEqual } from "node:util";
import { DATA_HASH_ANNOTATION } from "../../../api/labels.ts";
import { dataHash } from "../../../engine/hashes.ts";
import { isRecord } from "../conformance-file.ts";
import type { Viewed } from "./cluster-view.ts";

/** What was expected of a part, and what is there. */
export interface Mismatch {
  readonly expected: unknown;
  readonly got: unknown;
}

type Fields = Readonly<Record<string, unknown>>;

interface Looked {
  readonly secret: Viewed;
  /** The Secret as it was when the case's first expectations were met. */
  readonly before: Viewed | undefined;
}

/** What part of a Secret a check is about, and whether it is as wanted. */
type Check = (wanted: unknown, looked: Looked) => { readonly got: unknown; readonly isMet: boolean };

/** The first part that is not as expected; undefined where all are. Throws for an expectation that is not known. */
export function secretMismatch(expected: Fields, secret: Viewed, before: Viewed | undefined): Mismatch | undefined {
  for (const [part, wanted] of Object.entries(expected)) {
    if (part === "name") continue;
    const check = CHECKS[part];
    if (check === undefined) throw new Error(`the expectation "secret.${part}" is not known`);
    const { got, isMet } = check(wanted, { secret, before });
    if (!isMet) return { expected: { [`secret.${part}`]: wanted }, got };
  }
  return undefined;
}

const CHECKS: Readonly<Record<string, Check>> = {
  data: (wanted, { secret }) => exactly(wanted, textsOf(secret)),
  dataIncludes: (wanted, { secret }) => including(wanted, textsOf(secret)),
  type: (wanted, { secret }) => exactly(wanted, secret.type),
  immutable: (wanted, { secret }) => exactly(wanted, secret.immutable ?? false),
  labels: (wanted, { secret }) => exactly(wanted, secret.metadata.labels ?? {}),
  labelsInclude: (wanted, { secret }) => including(wanted, secret.metadata.labels),
  labelsExclude: (wanted, { secret }) => excluding(wanted, secret.metadata.labels),
  annotationsInclude: (wanted, { secret }) => including(wanted, secret.metadata.annotations),
  annotationsExclude: (wanted, { secret }) => excluding(wanted, secret.metadata.annotations),
  annotationKeys: (wanted, { secret }) =>
    exactly(sorted(wanted), sorted(Object.keys(secret.metadata.annotations ?? {}))),
  finalizersInclude: (wanted, { secret }) => {
    const got = secret.metadata.finalizers ?? [];
    return { got, isMet: listOf(wanted).every((finalizer) => got.some((one) => one === finalizer)) };
  },
  dataHash: (_wanted, { secret, before }) => {
    const got = secret.metadata.annotations?.[DATA_HASH_ANNOTATION];
    return { got, isMet: got === before?.metadata.annotations?.[DATA_HASH_ANNOTATION] };
  },
  dataHashOf: (wanted, { secret }) => {
    const values = Object.entries(isRecord(wanted) ? wanted : {});
    const hash = dataHash(new Map(values.map(([key, value]) => [key, Buffer.from(String(value))])));
    return exactly(hash, secret.metadata.annotations?.[DATA_HASH_ANNOTATION]);
  },
  controllerOwner: (wanted, { secret }) => {
    const owner = secret.metadata.ownerReferences?.find(({ controller }) => controller === true);
    return including(wanted, { ...owner });
  },
  noOwnerOfKind: (wanted, { secret }) => {
    const got = (secret.metadata.ownerReferences ?? []).map(({ kind }) => kind);
    return { got, isMet: !got.some((kind) => kind === wanted) };
  },
  managedFields: (wanted, { secret }) => {
    const entries = secret.metadata.managedFields ?? [];
    const got = Object.fromEntries(entries.map(({ manager, fieldsV1 }) => [manager, fieldsV1]));
    return including(wanted, got);
  },
  managedFieldsCount: (wanted, { secret }) => exactly(wanted, secret.metadata.managedFields?.length ?? 0),
  newUID: (_wanted, { secret, before }) => {
    return { got: secret.metadata.uid, isMet: before !== undefined && secret.metadata.uid !== before.metadata.uid };
  },
  resourceVersionChanged: (_wanted, { secret, before }) => versions(secret, before, true),
  resourceVersionUnchanged: (_wanted, { secret, before }) => versions(secret, before, false),
};

function versions(secret: Viewed, before: Viewed | undefined, isChangeWanted: boolean) {
  const got = [before?.metadata.resourceVersion, secret.metadata.resourceVersion];
  return { got, isMet: before !== undefined && (got[0] !== got[1]) === isChangeWanted };
}

function exactly(wanted: unknown, got: unknown) {
  return { got, isMet: isDeepStrictEqual(wanted, got) };
}

/** Whether every field of `wanted` is in `got`, and equal. */
export function including(wanted: unknown, got: Fields | undefined) {
  const fields = Object.entries(isRecord(wanted) ? wanted : {});
  return { got: got ?? {}, isMet: fields.every(([key, value]) => isDeepStrictEqual(got?.[key], value)) };
}

function excluding(wanted: unknown, got: Fields | undefined) {
  return { got: got ?? {}, isMet: listOf(wanted).every((key) => got?.[String(key)] === undefined) };
}

/** The values of a Secret as text. */
export function textsOf({ data = {} }: Viewed): Readonly<Record<string, string>> {
  const entries = Object.entries(data);
  return Object.fromEntries(entries.map(([key, value]) => [key, Buffer.from(value, "base64").toString("utf8")]));
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function sorted(value: unknown): readonly unknown[] {
  return listOf(value).toSorted();
}
